// Thread locals that start as a constant, and those of types without a destructor.
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

constexpr Slot constant_plain_slot{HEDDLE_STORAGE_CONST_PLAIN, 0};

Value constant_of(std::uint32_t number) {
  return Value(HEDDLE_CONST_COOKIE(HEDDLE_STORAGE_CONST, number));
}

const auto constants_start_as_declared =
    clause("TLS-303")
        .must("A constant-initialised slot starts as its constant on every thread.")
        .source(
            "heddle/subject.h, HEDDLE_CONST_COOKIE; "
            "Rust documentation, std::thread_local",
            "What a CONST slot starts as, since a constant initialiser cannot ask the suite.")
        .needs({Feature::tls_const, Feature::spawn, Feature::join})
        .example([] {
          for (int thread = 0; thread < 2; ++thread) {
            on_spawned_thread([] {
              for (std::uint32_t number = 0; number < slots_of(HEDDLE_STORAGE_CONST); ++number) {
                expect(read(const_slot(number)) == constant_of(number),
                       "the slot holds the constant it was declared with",
                       "it holds another value");
              }
            });
          }
        });

const auto constants_are_not_initialised =
    clause("TLS-136")
        .profile(everywhere, "A constant-initialised slot has no initialiser to call.")
        .source(
            "Rust documentation, std::thread_local; "
            "Rust 1.63, library/std/src/thread/local.rs: __thread_local_inner!; "
            "Rust 1.95, library/std/src/sys/thread_local/native/eager.rs: Storage::get")
        .needs({Feature::tls_const, Feature::spawn, Feature::join})
        .example([] {
          const Counter initialisations;
          initialise(const_slot(0), [=] {
            initialisations.add();
            return returns(value("not a constant"));
          });
          on_ended_thread([] { touch(const_slot(0)); });
          expect_equal(initialisations.get(), 0, "initialisers run");
        });

const auto constants_die_once_a_thread =
    clause("TLS-304")
        .must(
            "The value of a constant-initialised slot dies once for each thread that accessed it, "
            "on that thread, as it ends.")
        .source("Rust documentation, std::thread",
                "A thread-local key owns the value it contains and will destroy the value when the "
                "thread exits.")
        .needs({Feature::tls_const, Feature::spawn, Feature::join})
        .example([] {
          for (std::uint64_t thread = 1; thread <= 3; ++thread) {
            const Counter toucher;
            on_spawned_thread([=] {
              toucher.set(here());
              touch(const_slot(0));
              touch(const_slot(0));
            });
            expect_equal(constant_of(0).drops(), thread, "drops of the constant's value");
            expect_equal(constant_of(0).dropped_on(), toucher.get(), "the thread it died on");
          }
        });

const auto untouched_constants_do_not_die =
    clause("TLS-305")
        .profile(everywhere,
                 "On a thread that never accessed it, a constant-initialised slot's destructor "
                 "does not run.")
        .source(
            "Rust 1.63, library/std/src/thread/local.rs: __thread_local_inner!; "
            "Rust 1.95, library/std/src/sys/thread_local/native/eager.rs: Storage::initialize")
        .needs({Feature::tls_const, Feature::spawn, Feature::join})
        .example([] {
          on_spawned_thread([] {});
          expect_equal(constant_of(0).drops(), 0, "drops");
        });

void write_number(Slot slot, std::uint64_t number) {
  expect(with(slot, closure("writer",
                            [=](void* address) {
                              *static_cast<std::uint64_t*>(address) = number;
                              return returns();
                            })),
         returned());
}

// One destructor is registered before the plain slot is first accessed, and one after.
void expect_readable_in_destructors(Slot plain) {
  const Counter readers;
  for (const std::uint32_t number : {0U, 1U}) {
    starts_as(lazy_slot(number), value("reader").when_dropped([=] {
      expect_equal(read(plain).cookie(), 42, "the number that the destructor finds");
      readers.add();
      return returns();
    }));
  }
  on_ended_thread([=] {
    touch(lazy_slot(0));
    write_number(plain, 42);
    touch(lazy_slot(1));
  });
  expect_equal(readers.get(), 2, "destructors that read the number");
}

const auto plain_values_outlive_destructors =
    clause("TLS-137")
        .profile(everywhere,
                 "A slot of a type without destructor holds its last value in every destructor.")
        .source(
            "Rust 1.63, library/std/src/thread/local.rs: fast::Key::try_initialize; "
            "Rust 1.95, library/std/src/sys/thread_local/native/lazy.rs: DestroyedState")
        .needs({Feature::tls_plain, Feature::tls_lazy, Feature::spawn, Feature::join})
        .example([] {
          initialise(plain_slot(0), [] { return returns(Value(7)); });
          expect_readable_in_destructors(plain_slot(0));
        });

const auto plain_constants_outlive_destructors =
    clause("TLS-306")
        .profile(everywhere,
                 "A constant-initialised slot of a type without destructor holds its last value "
                 "in every destructor.")
        .source(
            "Rust 1.63, library/std/src/thread/local.rs: __thread_local_inner!; "
            "Rust 1.95, library/std/src/sys/thread_local/native/mod.rs: thread_local_inner!")
        .needs({Feature::tls_const_plain, Feature::tls_lazy, Feature::spawn, Feature::join})
        .example([] { expect_readable_in_destructors(constant_plain_slot); });

}  // namespace
}  // namespace heddle::conformance
