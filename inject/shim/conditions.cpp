#include "conditions.hpp"

#include <sys/prctl.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cstring>

#include "program_name.hpp"
#include "system_call_filter.hpp"
#include "thread_state.hpp"

namespace heddle::inject {
namespace {

bool compares(const heddle_inject_comparison& comparison, std::uint64_t argument) {
  switch (comparison.comparator) {
    case HEDDLE_INJECT_EQUAL:
      return argument == comparison.value;
    case HEDDLE_INJECT_NOT_EQUAL:
      return argument != comparison.value;
    case HEDDLE_INJECT_LESS:
      return argument < comparison.value;
    case HEDDLE_INJECT_LESS_OR_EQUAL:
      return argument <= comparison.value;
    case HEDDLE_INJECT_GREATER:
      return argument > comparison.value;
    case HEDDLE_INJECT_GREATER_OR_EQUAL:
      return argument >= comparison.value;
    case HEDDLE_INJECT_ALL_BITS:
      return (argument & comparison.value) == comparison.value;
    case HEDDLE_INJECT_ANY_BIT:
      return (argument & comparison.value) != 0;
    default:
      return false;
  }
}

bool passes_comparisons(const heddle_inject_rule& rule, const SystemCallArguments& arguments) {
  return std::ranges::all_of(rule.comparisons, [&](const heddle_inject_comparison& comparison) {
    if (comparison.argument == 0) [[likely]] {
      return true;
    }
    return comparison.argument <= arguments.size() &&
           compares(comparison, static_cast<std::uint64_t>(arguments[comparison.argument - 1U]));
  });
}

/// Says whether the thread has the name. Asks the kernel each time, since a thread may be renamed
/// unseen. False where the program's own filter may kill for the question.
bool has_name(const char (&name)[16]) {
  if (is_filtered()) {
    return false;
  }
  char own[16] = {};
  // Cannot fail: the buffer is good.
  static_cast<void>(raw_system_call(SYS_prctl, PR_GET_NAME, &own[0]));
  return std::strncmp(&own[0], &name[0], sizeof own) == 0;
}

/// Says whether `wanted` is the module's file name, or that up to ".so": "libfoo" for
/// "libfoo.so.1.2".
bool names_module(const char* wanted, const char* file_name) {
  const std::size_t length = std::strlen(wanted);
  return std::strncmp(wanted, file_name, length) == 0 &&
         (file_name[length] == '\0' || std::strncmp(file_name + length, ".so", 3) == 0);
}

bool is_called_from(const char* wanted, const CallStack& stack) {
  const Module* const module = stack.calling_module();
  return module != nullptr && names_module(wanted, module->file_name());
}

}  // namespace

bool passes_conditions(const heddle_inject_rule& rule, const Call& call, CallStack& stack) {
  // Cheap conditions first.
  return (rule.thread_path == 0 || rule.thread_path == thread_state.path.hash) &&
         passes_comparisons(rule, call.arguments) &&
         (rule.exe[0] == '\0' || std::strcmp(&rule.exe[0], program_file_name()) == 0) &&
         (rule.caller[0] == '\0' || is_called_from(&rule.caller[0], stack)) &&
         (rule.stack == 0 || rule.stack == stack.hash()) &&
         (rule.thread_name[0] == '\0' || has_name(rule.thread_name));
}

}  // namespace heddle::inject
