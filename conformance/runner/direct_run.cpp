#include "runner/direct_run.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "command_line/say.hpp"
#include "process/proc_files.hpp"
#include "report/exit_code.hpp"
#include "runner/case_check.hpp"
#include "runner/case_record.hpp"
#include "runner/check_clause.hpp"
#include "runner/loaded_subject.hpp"
#include "runner/preload.hpp"
#include "runner/template_client.hpp"
#include "runner/watched_child.hpp"
#include "stage/stage_case.hpp"

namespace heddle::conformance {
namespace {

bool injector_is_loaded() {
  return ::dlsym(RTLD_DEFAULT, HEDDLE_INJECT_CONTROL_SYMBOL) != nullptr;
}

bool is_traced() {
  const std::string tracer =
      inject::field_of(inject::text_of_file("/proc/self/status"), "TracerPid");
  return !tracer.empty() && tracer != "0";
}

// Returns whether a debugger or a campaign watches this process. An injector that the suite did not
// load itself belongs to a campaign over this program.
bool is_watched() {
  return is_traced() || (injector_is_loaded() && !was_executed_again());
}

tl::expected<const heddle_subject_table*, std::string> load(const DirectCase& asked) {
  heddle_entry entry = asked.host_entry;
  if (!asked.subject.program) {
    const auto loaded = load_plugin(asked.subject.path, [](std::string_view) {});
    if (!loaded) {
      return tl::unexpected(loaded.error());
    }
    entry = *loaded;
  }
  return ask_for_table(entry);
}

std::string in_words(const Record& record) {
  switch (record.verdict) {
    case Verdict::holds:
      return "holds\n";
    case Verdict::fails:
      return fmt::format("fails\n  expected: {}\n  happened: {}\n", record.expected,
                         record.happened);
    default: {
      std::string name(name_of(record.verdict));
      std::replace(name.begin(), name.end(), '_', ' ');
      return fmt::format("{}: {}\n", name, record.reason);
    }
  }
}

int tell(const Record& record) {
  const int printed = print(in_words(record));
  Tally tally;
  tally.add(record);
  Header one_clause;
  one_clause.partial = true;
  return printed != exit_conforming ? printed : exit_code_of(tally, one_clause);
}

int refuse(const DirectCase& asked, const std::string& why) {
  return complain(exit_subject,
                  fmt::format("the subject {} is refused: {}", asked.subject.given, why));
}

// Makes this process the case. The thread that ends the case prints the verdict. The evidence is
// never freed, since drops may arrive during exit().
void become_the_case(const DirectCase& asked, heddle_outcome& end) {
  const auto table = load(asked);
  if (!table) {
    end.value = static_cast<std::uint64_t>(refuse(asked, table.error()));
    return;
  }
  static const Description description = describe(**table);
  static const Judgement judgement{asked.clause, description, asked.subject, asked.options};
  if (const auto unasked = judgement.not_asked()) {
    end.value = static_cast<std::uint64_t>(tell(*unasked));
    return;
  }
  static const Program program = asked.program;
  static Evidence* const evidence = new Evidence{};
  set_case_end([] { ::_exit(tell(judgement.of_case(program, result_of(*evidence)))); });
  run_check(asked.clause, program, *evidence, **table);
  if (asked.clause.exit_status) {
    static_cast<void>(
        print(fmt::format("the check is over: main must now end this process with status {}\n",
                          *asked.clause.exit_status)));
    end = main_ending();
    return;
  }
  end.value = static_cast<std::uint64_t>(tell(judgement.of_case(program, result_of(*evidence))));
}

// Asks a template for the subject's description. The template dies with its client, so none is left
// when the case runs.
tl::expected<Description, StartFailure> describe_in_template(const DirectCase& asked) {
  static const MemoryLane no_lane;
  const auto client = TemplateClient::start(asked.subject, TemplateClient::Injector::absent,
                                            no_lane, case_deadline(asked.options));
  return client ? tl::expected<Description, StartFailure>((*client)->description())
                : tl::unexpected(client.error());
}

// Runs the case in a child, so that this process sees how the case dies.
void watch_the_case(const DirectCase& asked, heddle_outcome& end) {
  const auto subject = describe_in_template(asked);
  if (!subject) {
    end.value = static_cast<std::uint64_t>(
        complain(subject.error().subject ? exit_subject : exit_internal, subject.error().message));
    return;
  }
  const Judgement judgement{asked.clause, *subject, asked.subject, asked.options};
  if (const auto unasked = judgement.not_asked()) {
    end.value = static_cast<std::uint64_t>(tell(*unasked));
    return;
  }
  const auto result = run_in_child([&](Evidence& evidence) {
    const auto table = load(asked);
    if (!table) {
      ::_exit(refuse(asked, table.error()));  // the case has not begun: an internal error
    }
    run_check(asked.clause, asked.program, evidence, **table);
    return asked.clause.exit_status.has_value();
  });
  if (!result) {
    end = main_ending();  // in the child
    return;
  }
  end.value = static_cast<std::uint64_t>(tell(judgement.of_case(asked.program, *result)));
}

}  // namespace

void run_directly(const DirectCase& asked, heddle_outcome& end) {
  if (!asked.clause.faults.empty() && !injector_is_loaded()) {
    const std::string why = execute_again(injector_shim(), asked.argv);
    end.value = static_cast<std::uint64_t>(complain(exit_internal, why));
    return;
  }
  Preload(std::string()).apply();  // removes variables that would change what the case does
  if (is_watched()) {
    become_the_case(asked, end);
  } else {
    watch_the_case(asked, end);
  }
}

}  // namespace heddle::conformance
