// No function of subject.h is there for nothing: each belongs to a feature that a clause needs.
// That a clause uses no other functions is for needs_test.cpp to hold.
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <set>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "conformance/catalogue/full_subject.hpp"
#include "support/catch.hpp"

namespace heddle::conformance::views {
namespace {

std::set<std::string_view> features_of_clauses() {
  std::set<std::string_view> needed;
  for (const Clause& clause : catalogue()) {
    if (clause.untested.empty()) {
      for (const Feature feature : clause.needs) {
        needed.insert(name_of(feature));
      }
    }
  }
  return needed;
}

// Takes away each function of a table in turn, from the one at this byte to the end. Returns the
// bytes of those that no clause would miss.
template <class Table>
std::vector<std::size_t> unused_functions(Table WholeTable::*table, std::size_t first) {
  const std::set<std::string_view> needed = features_of_clauses();
  std::vector<std::size_t> unused;
  for (std::size_t byte = first; byte < sizeof(Table); byte += sizeof(void (*)())) {
    const auto lost = lost_by([&](FullSubject& subject) {
      std::memset(reinterpret_cast<char*>(&(subject.*table)) + byte, 0, sizeof(void (*)()));
    });
    if (std::none_of(lost.begin(), lost.end(),
                     [&](std::string_view feature) { return needed.count(feature) != 0; })) {
      unused.push_back(byte);
    }
  }
  return unused;
}

}  // namespace

TEST_CASE("each function of the table belongs to a feature that a clause needs") {
  using Bytes = std::vector<std::size_t>;
  CHECK(unused_functions(&FullSubject::spawning, offsetof(heddle_spawning, spawn)) == Bytes());
  CHECK(unused_functions(&FullSubject::threads, offsetof(heddle_threads, current)) == Bytes());
  CHECK(unused_functions(&FullSubject::parking, offsetof(heddle_parking, park)) == Bytes());
  CHECK(unused_functions(&FullSubject::pausing, offsetof(heddle_pausing, sleep)) == Bytes());
  CHECK(unused_functions(&FullSubject::scopes, offsetof(heddle_scopes, scope)) == Bytes());
  CHECK(unused_functions(&FullSubject::panics, offsetof(heddle_panics, catch_unwind)) == Bytes());
  CHECK(unused_functions(&FullSubject::tls, offsetof(heddle_tls, with)) == Bytes());
  CHECK(unused_functions(&FullSubject::keys, offsetof(heddle_keys, create)) == Bytes());
  CHECK(unused_functions(&FullSubject::capture, offsetof(heddle_capture, new_sink)) == Bytes());
  CHECK(unused_functions(&FullSubject::guard, offsetof(heddle_guard, range)) == Bytes());
  CHECK(unused_functions(&FullSubject::process, offsetof(heddle_process, start)) == Bytes());
  CHECK(unused_functions(&FullSubject::presets, offsetof(heddle_presets, next_thread_id)) ==
        Bytes());
}

}  // namespace heddle::conformance::views
