// All the thread locals and many keys on one thread: lists and tables of a runtime have edges that
// a few of them never reach.
#include <fmt/format.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <vector>

#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

constexpr std::array dropping_storages = {HEDDLE_STORAGE_LAZY, HEDDLE_STORAGE_CELL,
                                          HEDDLE_STORAGE_REFCELL, HEDDLE_STORAGE_OS};

// Returns all slots whose values are made by an initialiser and die with their thread.
std::vector<Slot> all_slots() {
  std::vector<Slot> slots;
  for (const heddle_storage storage : dropping_storages) {
    for (std::uint32_t number = 0; number < slots_of(storage); ++number) {
      slots.push_back({storage, number});
    }
  }
  return slots;
}

// Accesses all slots, and expects that each goes on to have the value that it had at first. Returns
// the values.
std::vector<Value> values_of(const std::vector<Slot>& slots) {
  std::vector<Value> values;
  for (const Slot slot : slots) {
    values.push_back(read(slot));
  }
  for (std::size_t index = 0; index < slots.size(); ++index) {
    const Value again = read(slots[index]);
    expect(again == values[index],
           fmt::format("slot {} of storage {} keeps {}", slots[index].number,
                       static_cast<int>(slots[index].storage), values[index].name()),
           fmt::format("it has {}", again.name()));
  }
  return values;
}

const auto all_slots_of_a_thread =
    clause("TLS-351")
        .must(
            "A thread that uses all slots that there are has a value of its own in each, and each "
            "dies once, on it.")
        .source(
            "Rust documentation, std::thread::LocalKey; "
            "heddle/subject.h, rule 3",
            "Initialization is dynamically performed on the first call to a setter (e.g. with) "
            "within a thread, and values that implement Drop get dropped when a thread exits.")
        .needs({Feature::tls_lazy, Feature::spawn, Feature::join, Feature::kernel_threads})
        .example([] {
          const std::vector<Slot> slots = all_slots();
          for (const Slot slot : slots) {
            initialise(slot, [=] {
              return returns(value(fmt::format("value of slot {} of storage {}", slot.number,
                                               static_cast<int>(slot.storage))));
            });
          }
          constexpr int threads = 3;
          const Barrier all_have_values(threads);
          std::vector<JoinHandle> handles;
          static std::array<std::vector<Value>, threads> values;
          static std::array<std::uint32_t, threads> serials;
          for (int thread = 0; thread < threads; ++thread) {
            handles.push_back(spawn([=] {
              const auto index = static_cast<std::size_t>(thread);
              values[index] = values_of(slots);
              serials[index] = here();
              all_have_values.wait();
              return returns();
            }));
          }
          for (const JoinHandle handle : handles) {
            expect(join(handle), returned());
          }
          for (std::size_t thread = 0; thread < threads; ++thread) {
            wait_for_the_end_of(serials[thread]);
            for (const Value value : values[thread]) {
              expect_dropped_on(value, serials[thread]);
            }
          }
        });

// More than the 32 keys whose values glibc keeps in a thread's own block.
constexpr std::size_t many_keys = 200;

std::atomic<std::uint32_t> destructions = 0;

void count_destruction(void* /*value*/) {
  destructions.fetch_add(1, std::memory_order_relaxed);
}

const auto many_keys_of_a_thread =
    clause("TLS-352")
        .must(
            "Hundreds of keys have a value each on every thread, and the destructor of each runs "
            "once as the thread ends.")
        .source("POSIX.1-2017, pthread_key_create",
                "At thread exit, if a key value has a non-NULL destructor pointer, and the thread "
                "has a non-NULL value associated with that key, the value of the key is set to "
                "NULL, and then the function pointed to is called with the previously associated "
                "value as its sole argument.")
        .needs({Feature::keys, Feature::spawn, Feature::join, Feature::kernel_threads})
        .example([] {
          static std::array<std::array<char, many_keys>, 2> objects;
          std::vector<Key> keys;
          for (std::size_t number = 0; number < many_keys; ++number) {
            keys.push_back(create_key(count_destruction));
          }
          const Barrier both_have_values(2);
          static std::array<std::uint32_t, 2> serials;
          std::vector<JoinHandle> threads;
          for (std::size_t thread = 0; thread < objects.size(); ++thread) {
            threads.push_back(spawn([=] {
              serials[thread] = here();
              for (std::size_t number = 0; number < many_keys; ++number) {
                set(keys[number], &objects[thread][number]);
              }
              both_have_values.wait();
              for (std::size_t number = 0; number < many_keys; ++number) {
                expect(get(keys[number]) == &objects[thread][number],
                       fmt::format("key {} has the value that the thread has set", number),
                       "it has another one");
              }
              return returns();
            }));
          }
          for (std::size_t thread = 0; thread < objects.size(); ++thread) {
            expect(join(threads[thread]), returned());
            wait_for_the_end_of(serials[thread]);
          }
          expect_equal(destructions.load(std::memory_order_relaxed), 2 * many_keys,
                       "how often a destructor ran");
          for (const Key key : keys) {
            drop(key);
          }
        });

const auto borrows_are_counted =
    clause("TLS-353")
        .must(
            "A RefCell slot can be borrowed several times at once, and stays borrowed until the "
            "last access ends.")
        .source(
            "Rust documentation, std::cell::RefCell::borrow; "
            "Rust documentation, std::thread::LocalKey",
            "The borrow lasts until the returned Ref exits scope. Multiple immutable borrows can "
            "be taken out at the same time.")
        .needs({Feature::tls_refcell, Feature::panic})
        .example([] {
          const Slot slot = refcell_slot(0);
          const Value first = value("first");
          starts_as(slot, first);
          const auto expect_first = [=] {
            const Value found = read(slot);
            expect(found == first, "the slot has its first value",
                   fmt::format("it has {}", found.name()));
          };
          expect(with(slot, closure("outer access",
                                    [=] {
                                      expect_first();  // an access inside the outer one
                                      expect(set(slot, value("too early")), panicked());
                                      expect_first();
                                      return returns();
                                    })),
                 returned());
          expect(set(slot, value("second")), returned());
        });

}  // namespace
}  // namespace heddle::conformance
