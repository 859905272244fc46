// Thread locals when the process ends, or their object file is unloaded.
#include <cstdlib>
#include <functional>

#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

// A plain function for atexit(). libc runs it after the main thread's destructors, so what it finds
// is final.
std::function<void()>* last_words = nullptr;

void at_exit(std::function<void()> calls) {
  last_words = new std::function<void()>(std::move(calls));
  if (std::atexit([] { (*last_words)(); }) != 0) {
    internal_error("libc has no room for an exit handler");
  }
}

const auto main_thread_values_die =
    clause("TLS-150")
        .profile(everywhere, "When main returns, the main thread's values die, on it.")
        .source(
            "glibc 2.36, stdlib/exit.c: __run_exit_handlers; "
            "Rust 1.63, library/std/src/sys/unix/thread_local_dtor.rs: register_dtor; "
            "Rust 1.95, library/std/src/sys/thread_local/destructors/linux_like.rs: register")
        .needs({Feature::tls_lazy})
        .exits_with(0)
        .example([] {
          const Value initial = value("initial");
          starts_as(lazy_slot(0), initial);
          touch(lazy_slot(0));
          at_exit([initial, main = here()] { expect_dropped_on(initial, main); });
        });

const auto main_thread_values_over_system_keys_stay =
    clause("TLS-132")
        .profile({"rust-1.63..1.70", "heddle"},
                 "When main returns, the main thread's values over keys of the system stay.")
        .source(
            "Rust documentation, std::thread::LocalKey; "
            "POSIX.1-2017, pthread_key_create",
            "On Unix systems when pthread-based TLS is being used, destructors will not be run for "
            "TLS values on the main thread when it exits.")
        .needs({Feature::tls_os})
        .exits_with(0)
        .example([] {
          const Value initial = value("initial");
          starts_as(system_slot(0), initial);
          touch(system_slot(0));
          at_exit([initial] { expect_not_dropped(initial); });
        });

const auto exit_on_another_thread =
    clause("TLS-151")
        .profile(everywhere,
                 "When a thread ends the process by exit, only its own values are destroyed.")
        .source(
            "glibc 2.36, stdlib/exit.c: __run_exit_handlers; "
            "glibc 2.36, stdlib/cxa_thread_atexit_impl.c: __call_tls_dtors")
        .untested("the suite ends a case through its main thread only");

const auto object_file_stays =
    clause("TLS-156")
        .must("The object file of a thread local stays mapped until its destructors have run.")
        .source(
            "Rust documentation, std::thread; "
            "glibc 2.36, stdlib/cxa_thread_atexit_impl.c: __cxa_thread_atexit_impl",
            "A thread-local key owns the value it contains and will destroy the value when the "
            "thread exits.")
        .untested("a subject is loaded once, and never closed");

const auto destructors_without_libc =
    clause("TLS-157")
        .profile(everywhere,
                 "Where libc has no list of destructors, one key's destructor runs them all, and "
                 "those that are registered meanwhile.")
        .source(
            "Rust 1.63, library/std/src/sys_common/thread_local_dtor.rs: register_dtor_fallback; "
            "Rust 1.95, library/std/src/sys/thread_local/destructors/list.rs: register")
        .untested("glibc has the list: the fallback is for the reference's own tests");

const auto printing_in_destructors =
    clause("TLS-158")
        .profile(everywhere, "Printing works in destructors, on the real stream.")
        .source(
            "Rust 1.63, library/std/src/io/stdio.rs: print_to; "
            "Rust 1.95, library/std/src/io/stdio.rs: print_to; "
            "rust-lang/rust#29488")
        .needs({Feature::spawn, Feature::join, Feature::tls_lazy, Feature::output_capture})
        .example([] {
          const RealStream real(Stream::output);
          const Value local = value("thread local").when_dropped([] {
            return print("from a destructor\n"), returns();
          });
          starts_as(lazy_slot(0), local);
          on_ended_thread([] { touch(lazy_slot(0)); });
          expect_equal(real.text(), "from a destructor\n", "what was printed");
        });

}  // namespace
}  // namespace heddle::conformance
