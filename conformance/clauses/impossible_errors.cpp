// Calls that fail with an error that they never give, or that nothing can be done about: the
// process ends, and its message names the call.
#include <cerrno>
#include <csignal>

#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

constexpr std::string_view rule = "impl/README.md, What happens when a call fails";

// Starts the runtime under the clause's fault, of which the process must die.
void die_at_the_start() {
  need_unclaimed_signals();
  expect_death();
  armed([] {
    heddle_outcome raw{};
    subject().process->start(&raw);
  });
}

const auto action_that_cannot_be_asked_for =
    clause("STACK-401")
        .profile({"heddle"},
                 "When the system does not say how a fault is handled, start ends the process, and "
                 "the message names the call.")
        .source(rule)
        .needs({Feature::overflow_report, Feature::start})
        .dies_of(SIGABRT, "sigaction: Invalid argument (os error 22)")
        .fault(fails(HEDDLE_INJECT_SIGACTION, EINVAL))
        .example(die_at_the_start);

constexpr std::uint64_t first_handler = 3;  // the two calls before it ask for both actions

const auto handler_that_cannot_be_set =
    clause("STACK-402")
        .profile({"heddle"},
                 "When the system takes no handler of faults, start ends the process, and the "
                 "message names the call.")
        .source(rule)
        .needs({Feature::overflow_report, Feature::start})
        .dies_of(SIGABRT, "sigaction: Invalid argument (os error 22)")
        .fault(fails(HEDDLE_INJECT_SIGACTION, EINVAL, first_handler))
        .example(die_at_the_start);

const auto default_action_refused =
    clause("STACK-403")
        .profile({"heddle"},
                 "When the system does not take the default action for a fault that is no "
                 "overflow, the process says so, and aborts.")
        .source(rule)
        .needs({Feature::overflow_report})
        .dies_of(SIGABRT, "heddle: fatal: a fault, and sigaction refuses the default action\n")
        .fault(fails(HEDDLE_INJECT_SIGACTION, EINVAL))
        .touches_wild_memory("the check writes to a page that nobody may touch")
        .example([] {
          start_runtime();
          expect_death();
          armed([] { write_to(16); });
        });

void use_a_slot_under_the_fault() {
  expect_death();
  armed([] { touch(system_slot(0)); });
}

const auto key_that_cannot_be_made =
    clause("TLS-393")
        .profile({"heddle"},
                 "A key that is refused with an impossible error ends the process; the message "
                 "names the call.")
        .source(rule)
        .needs({Feature::tls_os})
        .dies_of(SIGABRT, "pthread_key_create: Invalid argument (os error 22)")
        .fault(fails(HEDDLE_INJECT_PTHREAD_KEY_CREATE, EINVAL))
        .example(use_a_slot_under_the_fault);

const auto value_that_cannot_be_set =
    clause("TLS-394")
        .profile({"heddle"},
                 "A value that a key refuses with an impossible error ends the process; the "
                 "message names the call.")
        .source(rule)
        .needs({Feature::tls_os})
        .dies_of(SIGABRT, "pthread_setspecific: Invalid argument (os error 22)")
        .fault(fails(HEDDLE_INJECT_PTHREAD_SETSPECIFIC, EINVAL))
        .example(use_a_slot_under_the_fault);

}  // namespace
}  // namespace heddle::conformance
