// Bodies that leave by pthread_exit: what is destroyed on the way, who waits, and what joiners and
// scopes are told.
//
// libc unwinds such a thread by force, through frames of the suite's own. The suite may have an
// unwinder of its own, which cannot take part: so no such frame has anything to destroy.
#include <pthread.h>

#include "clauses/late_thread.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

constexpr std::string_view sources_of_vanished_threads =
    "heddle/subject.h, HEDDLE_ABSENT; "
    "heddle/subject.h, rule 1; "
    "impl/README.md, Where it departs from Rust, and why";

Ending vanishes() {
  ::pthread_exit(nullptr);
}

void expect_absent(const Outcome& joined) {
  expect(joined.tag() == HEDDLE_ABSENT, "join finds that there is no result",
         "join " + joined.describe());
}

const auto locals_and_captures_die =
    clause("JOIN-351")
        .profile({"heddle"},
                 "When a body calls pthread_exit, its locals die, innermost first, then what it "
                 "captured, then its thread locals, all on its thread.")
        .source(sources_of_vanished_threads)
        .needs({Feature::spawn, Feature::join, Feature::tls_lazy})
        .example([] {
          const Value inner = value("inner local");
          const Value outer = value("outer local");
          const Value thread_local_value = value("thread local");
          starts_as(lazy_slot(0), thread_local_value);
          const Closure innermost = closure("innermost", vanishes);
          const Closure middle = closure("middle", [=] { return enters(inner, innermost); });
          const Closure body = closure("body", [=] {
            touch(lazy_slot(0));
            return enters(outer, middle);
          });
          expect_absent(join(spawn(body)));
          expect_order({dropping(inner), dropping(outer), dropping(body.captured()),
                        dropping(thread_local_value)});
          for (const Value dead : {inner, outer, body.captured(), thread_local_value}) {
            expect_dropped_on(dead, body.ran_on());
          }
        });

const auto detached_thread_vanishes =
    clause("SPAWN-353")
        .profile({"heddle"},
                 "A detached thread that calls pthread_exit ends, and drops what it captured once.")
        .source(sources_of_vanished_threads)
        .needs({Feature::spawn, Feature::detach})
        .example([] {
          const SharedNumber<pid_t> kernel_thread;
          const Signal runs;
          const Signal may_vanish;
          const Closure body = closure("body", [=] {
            kernel_thread.set(kernel_thread_id());
            runs.set();
            may_vanish.wait();
            return vanishes();
          });
          detach(spawn(body));
          runs.wait();
          may_vanish.set();
          wait_until_gone(kernel_thread.get());
          expect_dropped_on(body.captured(), body.ran_on());
        });

const auto vanished_scoped_thread =
    clause("SCOPE-351")
        .profile({"heddle"},
                 "A scope panics, once all its threads have ended, for a thread that has left by "
                 "pthread_exit and that nobody has joined.")
        .source(sources_of_vanished_threads)
        .needs({Feature::scope, Feature::scope_drop, Feature::scope_panics, Feature::panic})
        .example([] {
          const pid_t owner = kernel_thread_id();
          const Signal ended;
          const Outcome outcome = scope(closure("scope's body", [=](Scope inside) {
            detach(spawn(inside, closure("scoped", vanishes)));
            detach(spawn(inside, late(owner, ended)));
            return returns();
          }));
          expect(outcome, panicked());
          expect_ended(ended);
        });

const auto joined_scoped_thread =
    clause("SCOPE-352")
        .profile({"heddle"},
                 "join finds no result of a scoped thread that has left by pthread_exit, and the "
                 "scope returns what its body returned.")
        .source(sources_of_vanished_threads)
        .needs({Feature::scope, Feature::scope_join})
        .example([] {
          const Value result = value("the scope's result");
          const Outcome outcome = scope(closure("scope's body", [=](Scope inside) {
            expect_absent(join(spawn(inside, closure("scoped", vanishes))));
            return returns(result);
          }));
          expect(outcome, returned(result));
        });

const auto scope_body_vanishes =
    clause("SCOPE-353")
        .profile({"heddle"},
                 "When a scope's body calls pthread_exit, the scope waits for its threads before "
                 "the frames around it go away.")
        .source(sources_of_vanished_threads)
        .needs({Feature::scope, Feature::scope_drop, Feature::spawn, Feature::join})
        .example([] {
          const Signal ended;
          const Closure scope_body = closure("scope's body", [=](Scope inside) {
            detach(spawn(inside, late(kernel_thread_id(), ended)));
            return vanishes();
          });
          const Value frame = value("the frame around the scope").when_dropped([=] {
            expect_ended(ended);
            return returns();
          });
          // Calls the table itself: nothing of the suite's may wait here to be destroyed.
          const Closure owner = closure("owner", [cookie = scope_body.captured().cookie()] {
            heddle_outcome raw{};
            subject().scopes->scope(run_closure, cookie, &raw);
            return returns();
          });
          const Closure body = closure("body", [=] { return enters(frame, owner); });
          expect_absent(join(spawn(body)));
          expect_dropped_on(frame, body.ran_on());
          expect_dropped_on(scope_body.captured(), body.ran_on());
        });

}  // namespace
}  // namespace heddle::conformance
