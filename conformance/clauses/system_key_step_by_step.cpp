// The first use of a key of the system, while another thread uses it for the first time as well.
#include <cstdint>
#include <memory>
#include <vector>

#include "clauses/in_child.hpp"
#include "stage/stage.hpp"
#include "stage/stepping.hpp"

namespace heddle::conformance {
namespace {

// Each round takes a slot that nobody has used, so a process has rounds for as many as there are.
// Returns whether the call has no place after these.
bool tries_last_first_uses(std::uint32_t part, std::uint32_t stride) {
  const std::uint32_t slots = slots_of(HEDDLE_STORAGE_OS);
  std::vector<Closure> readers;
  const auto found = std::make_shared<std::vector<Value>>(slots);
  for (std::uint32_t number = 0; number < slots; ++number) {
    initialise(system_slot(number), [] { return returns(value("a thread's own")); });
    readers.push_back(closure("reader", [=](void* address) {
      (*found)[number] = value_at(address);
      return returns();
    }));
  }
  const Stepping stepping(
      "with", {.stride = stride, .first = part * stride * (slots - 1), .rounds = slots});
  const JoinHandle visitor = spawn([=] {
    std::vector<Value> own;
    stepping.visit(
        [&] { own.push_back(read(system_slot(static_cast<std::uint32_t>(own.size())))); });
    for (std::uint32_t number = 0; number < own.size(); ++number) {
      expect(read(system_slot(number)) == own[number], "the visitor's value stays",
             "it has another one");
    }
    return returns();
  });
  std::uint32_t next = 0;
  stepping.step([&](heddle_outcome* out) {
    const std::uint32_t number = next++;
    subject().tls->with(HEDDLE_STORAGE_OS, number, run_closure, readers[number].captured().cookie(),
                        out);
  });
  expect(join(visitor), returned());
  for (std::uint32_t number = 0; number < next; ++number) {
    expect(read(system_slot(number)) == (*found)[number], "the stepped thread's value stays",
           "it has another one");
  }
  return stepping.has_tried_all();
}

const auto first_uses_of_a_key =
    clause("TLS-380")
        .must(
            "A value over a key of the system is made once on each thread, whichever instruction "
            "of "
            "the slot's first use another thread's first use comes after.")
        .source(
            "Rust documentation, std::thread::LocalKey::with; "
            "Rust 1.63, library/std/src/sys_common/thread_local_key.rs: StaticKey::lazy_init",
            "This will lazily initialize the value if this thread has not referenced this key yet.")
        .needs({Feature::tls_os, Feature::spawn, Feature::join})
        .example([](std::uint32_t stride) {
          // The first slot binds what a first use calls, so at least one more is needed.
          initialise(system_slot(1), [] { return returns(value("unused")); });
          // A first use has a thousand places, and a few of them cost a process: all of them take
          // longer than a busy machine gives a case.
          const std::uint32_t step = 8 * stride;
          // In a program that hosts the suite, its code counts as the runtime's.
          constexpr std::uint32_t most_parts = 24;
          for (std::uint32_t part = 0; part < most_parts; ++part) {
            const auto was_last =
                number_from_child([=] { return tries_last_first_uses(part, step) ? 1U : 0U; });
            if (!was_last || *was_last == 1) {
              return;
            }
          }
        });

}  // namespace
}  // namespace heddle::conformance
