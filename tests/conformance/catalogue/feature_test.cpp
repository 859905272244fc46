// What a subject's table offers. Each test takes one thing away from a table that has everything.
#include "catalogue/feature.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "conformance/catalogue/full_subject.hpp"
#include "support/catch.hpp"

namespace heddle::conformance::views {
namespace {

using Names = std::set<std::string_view>;

TEST_CASE("a full table offers every feature") {
  CHECK(lost_by([](FullSubject&) {}).empty());
}

TEST_CASE("an empty table offers no feature") {
  CHECK(lost_by([](FullSubject& subject) { subject.table = {}; }).size() == offerable_count);
}

TEST_CASE("every feature has a name of its own") {
  std::set<std::string_view> names;
  for (int number = 0; number < feature_count; ++number) {
    names.insert(name_of(static_cast<Feature>(number)));
  }
  CHECK(names.size() == feature_count);
  CHECK(names.count("unknown") == 0);
}

TEST_CASE("a missing table takes its features along") {
  CHECK(lost_by([](FullSubject& subject) { subject.table.pausing = nullptr; }) ==
        Names{"sleep", "yield", "sleeps that signals do not end"});
  CHECK(lost_by([](FullSubject& subject) { subject.table.parking = nullptr; }) ==
        Names{"park", "park_timeout"});
  CHECK(lost_by([](FullSubject& subject) { subject.table.scopes = nullptr; }) ==
        Names{"scope", "join in scopes", "drop of join handles in scopes", "is_finished in scopes",
              "panics of scopes for their threads"});
  CHECK(lost_by([](FullSubject& subject) { subject.table.panics = nullptr; }) ==
        Names{"panics", "panicking", "panic hook", "thread panics", "typed payloads"});
  CHECK(lost_by([](FullSubject& subject) { subject.table.guard = nullptr; }) ==
        Names{"stack overflow reports", "stack guards"});
  CHECK(lost_by([](FullSubject& subject) { subject.table.keys = nullptr; }) ==
        Names{"keys of the system", "static keys of the system"});
  CHECK(lost_by([](FullSubject& subject) { subject.table.capture = nullptr; }) ==
        Names{"output capture"});
  CHECK(lost_by([](FullSubject& subject) { subject.table.presets = nullptr; }) ==
        Names{"preset of thread ids", "preset of scope counts", "preset of thread information"});
}

TEST_CASE("a missing function takes what needs it along, and nothing else") {
  CHECK(lost_by([](FullSubject& subject) { subject.spawning.is_finished = nullptr; }) ==
        Names{"is_finished"});
  CHECK(lost_by([](FullSubject& subject) { subject.spawning.forget = nullptr; }) ==
        Names{"forget"});
  CHECK(lost_by([](FullSubject& subject) { subject.spawning.into_native = nullptr; }) ==
        Names{"native handles"});
  CHECK(lost_by([](FullSubject& subject) { subject.threads.name = nullptr; }) ==
        Names{"thread names"});
  CHECK(lost_by([](FullSubject& subject) { subject.threads.unpark = nullptr; }) ==
        Names{"park", "park_timeout"});
  CHECK(lost_by([](FullSubject& subject) { subject.threads.clone = nullptr; }) ==
        Names{"clones of thread handles"});
  CHECK(lost_by([](FullSubject& subject) { subject.threads.id = nullptr; }) == Names{"thread ids"});
  CHECK(lost_by([](FullSubject& subject) { subject.parking.park_timeout = nullptr; }) ==
        Names{"park_timeout"});
  CHECK(lost_by([](FullSubject& subject) { subject.panics.panicking = nullptr; }) ==
        Names{"panicking"});
  CHECK(lost_by([](FullSubject& subject) { subject.panics.take_hook = nullptr; }) ==
        Names{"panic hook"});
  CHECK(lost_by([](FullSubject& subject) { subject.guard.range = nullptr; }) ==
        Names{"stack guards"});
  CHECK(lost_by([](FullSubject& subject) { subject.tls.try_with = nullptr; }) ==
        Names{"thread-local access errors"});
  CHECK(lost_by([](FullSubject& subject) { subject.tls.take = nullptr; }) ==
        Names{"Cell thread locals", "RefCell thread locals"});
  CHECK(lost_by([](FullSubject& subject) { subject.keys.destroy = nullptr; }) ==
        Names{"keys of the system"});
  CHECK(lost_by([](FullSubject& subject) { subject.keys.static_set = nullptr; }) ==
        Names{"static keys of the system"});
  CHECK(lost_by([](FullSubject& subject) { subject.keys.static_slots = 0; }) ==
        Names{"static keys of the system"});
}

TEST_CASE("only what joins needs join, and only what detaches needs detach") {
  CHECK(lost_by([](FullSubject& subject) { subject.spawning.join = nullptr; }) == Names{"join"});
  CHECK(lost_by([](FullSubject& subject) { subject.spawning.detach = nullptr; }) ==
        Names{"detach"});
  CHECK(lost_by([](FullSubject& subject) { subject.scopes.join = nullptr; }) ==
        Names{"join in scopes"});
  CHECK(lost_by([](FullSubject& subject) { subject.scopes.drop = nullptr; }) ==
        Names{"drop of join handles in scopes"});
}

TEST_CASE("without spawn no thread takes a name or a stack size") {
  CHECK(lost_by([](FullSubject& subject) { subject.spawning.spawn = nullptr; }) ==
        Names{"spawn", "thread names", "stack size"});
}

TEST_CASE("a scope's own gap counts, for clauses ask the same of its threads") {
  CHECK(lost_by([](FullSubject& subject) { subject.scopes.spawn_or_panic = nullptr; }) ==
        Names{"panicking spawn"});
  CHECK(lost_by([](FullSubject& subject) { subject.scopes.is_finished = nullptr; }) ==
        Names{"is_finished in scopes"});
}

TEST_CASE("what join carries and what the builder takes is a matter of flags") {
  const std::array<std::pair<heddle_spawning_flag, std::string_view>, 7> flags = {{
      {HEDDLE_CARRIES_VALUE, "thread values"},
      {HEDDLE_CARRIES_PANIC, "thread panics"},
      {HEDDLE_TAKES_NAME, "thread names"},
      {HEDDLE_TAKES_STACK_SIZE, "stack size"},
      {HEDDLE_REPORTS_ERRNO, "errnos of refused spawns"},
      {HEDDLE_TAKES_ANY_NAME, "thread names of any length"},
      {HEDDLE_JOIN_AWAITS_LOCALS, "join after thread locals"},
  }};
  for (const auto& [flag, name] : flags) {
    const std::uint64_t others = every_spawning_flag & ~static_cast<std::uint64_t>(flag);
    CHECK(lost_by([&](FullSubject& subject) { subject.spawning.flags = others; }) == Names{name});
  }
}

TEST_CASE("what only some runtimes promise is asked only of those that say so") {
  CHECK(lost_by([](FullSubject& subject) { subject.threads.flags = 0; }) ==
        Names{"thread ids that are never reused"});
  CHECK(lost_by([](FullSubject& subject) { subject.pausing.flags = 0; }) ==
        Names{"sleeps that signals do not end"});
  CHECK(lost_by([](FullSubject& subject) { subject.scopes.flags = 0; }) ==
        Names{"panics of scopes for their threads"});
  CHECK(lost_by([](FullSubject& subject) { subject.panics.flags = 0; }) == Names{"typed payloads"});
}

TEST_CASE("a runtime that keeps the kernel's threads is not asked about their end") {
  CHECK(lost_by([](FullSubject& subject) { subject.table.flags |= HEDDLE_KERNEL_THREADS_STAY; }) ==
        Names{"kernel threads that end with their bodies"});
}

TEST_CASE("a build with ThreadSanitizer is a matter of the suite's build and the subject's flag") {
  FullSubject subject;
  CHECK(offers(subject.table, Feature::thread_sanitizer) == thread_sanitizer_build);
  subject.table.flags = 0;
  CHECK_FALSE(offers(subject.table, Feature::thread_sanitizer));
}

TEST_CASE("overflows are reported by a runtime that can be started, or that owns main") {
  CHECK(lost_by([](FullSubject& subject) { subject.process.start = nullptr; }) ==
        Names{"stack overflow reports", "stack guards", "start of the runtime"});
  CHECK(lost_by([](FullSubject& subject) {
          subject.process.start = nullptr;
          subject.table.flags |= HEDDLE_OWNS_MAIN;
        }) == Names{"start of the runtime"});
}

TEST_CASE("a runtime that owns main has started already") {
  CHECK(lost_by([](FullSubject& subject) { subject.table.flags |= HEDDLE_OWNS_MAIN; }) ==
        Names{"start of the runtime"});
}

TEST_CASE("a storage without slots is not offered") {
  const std::array<std::pair<heddle_storage, std::string_view>, 6> storages = {{
      {HEDDLE_STORAGE_LAZY, "thread locals"},
      {HEDDLE_STORAGE_LAZY_PLAIN, "plain thread locals"},
      {HEDDLE_STORAGE_CONST, "constant thread locals"},
      {HEDDLE_STORAGE_CELL, "Cell thread locals"},
      {HEDDLE_STORAGE_REFCELL, "RefCell thread locals"},
      {HEDDLE_STORAGE_OS, "thread locals over system keys"},
  }};
  for (const auto& [storage, name] : storages) {
    CHECK(lost_by([&, number = storage](FullSubject& subject) { subject.tls.slots[number] = 0; }) ==
          Names{name});
  }
}

TEST_CASE("what a feature lacks is named as subject.h names it") {
  using Lacking = std::vector<std::string>;
  FullSubject subject;
  CHECK(lacking(subject.table, Feature::detach).empty());
  subject.spawning.detach = nullptr;
  CHECK(lacking(subject.table, Feature::detach) == Lacking{"heddle_spawning.detach"});
  subject.spawning.flags = 0;
  CHECK(lacking(subject.table, Feature::thread_values) ==
        Lacking{"heddle_spawning.flags (HEDDLE_CARRIES_VALUE)"});
  subject.threads.unpark = nullptr;
  subject.parking.park = nullptr;
  CHECK(lacking(subject.table, Feature::park) ==
        Lacking{"heddle_threads.unpark", "heddle_parking.park"});
  subject.tls.slots[HEDDLE_STORAGE_CELL] = 0;
  CHECK(lacking(subject.table, Feature::tls_cell) ==
        Lacking{"heddle_tls.slots[HEDDLE_STORAGE_CELL]"});
}

TEST_CASE("a table that is null is lacking as a whole, and once") {
  using Lacking = std::vector<std::string>;
  FullSubject subject;
  subject.table.parking = nullptr;
  CHECK(lacking(subject.table, Feature::park) == Lacking{"heddle_parking"});
  subject.table.capture = nullptr;
  CHECK(lacking(subject.table, Feature::output_capture) == Lacking{"heddle_capture"});
  subject.table.spawning = nullptr;
  CHECK(lacking(subject.table, Feature::stack_size) == Lacking{"heddle_spawning"});
}

}  // namespace
}  // namespace heddle::conformance::views
