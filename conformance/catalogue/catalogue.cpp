#include "catalogue/catalogue.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

#include "catalogue/hash.hpp"

namespace heddle::conformance {
namespace {

constexpr std::array<std::string_view, 7> group_order = {"spawn", "join",  "tls",   "park",
                                                         "scope", "stack", "output"};

// Returns the clauses. Clauses register during static initialisation, and cases may still run
// during exit(), so the catalogue is made on first use and never destroyed.
std::vector<Clause>& registry() {
  static auto* const clauses = new std::vector<Clause>;
  return *clauses;
}

std::vector<Clause>& smoke_registry() {
  static auto* const checks = new std::vector<Clause>;
  return *checks;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return result;
}

std::ptrdiff_t rank(std::string_view group) {
  return std::distance(group_order.begin(),
                       std::find(group_order.begin(), group_order.end(), group));
}

[[noreturn]] void refuse(const std::string& id, std::string_view why) {
  fmt::print(stderr, "heddle-conform: the clause {} is malformed: {}\n", id, why);
  std::abort();
}

}  // namespace

std::string_view name_of(Level level) {
  switch (level) {
    case Level::must:
      return "must";
    case Level::profile:
      return "profile";
    default:
      return "should";
  }
}

const std::vector<Clause>& catalogue() {
  static const bool sorted = [] {
    std::sort(registry().begin(), registry().end(), [](const Clause& left, const Clause& right) {
      return std::pair(rank(left.group), left.id) < std::pair(rank(right.group), right.id);
    });
    const auto twin = std::adjacent_find(
        registry().begin(), registry().end(),
        [](const Clause& left, const Clause& right) { return left.id == right.id; });
    if (twin != registry().end()) {
      refuse(twin->id, "its id is taken twice");
    }
    return true;
  }();
  static_cast<void>(sorted);
  return registry();
}

std::span<const std::string_view> groups() {
  return group_order;
}

const std::vector<Clause>& smoke_checks() {
  return smoke_registry();
}

const Clause* find_clause(std::string_view id) {
  for (const auto* const clauses : {&catalogue(), &smoke_checks()}) {
    const auto found = std::find_if(clauses->begin(), clauses->end(), [&](const Clause& clause) {
      return lower(clause.id) == lower(id);
    });
    if (found != clauses->end()) {
      return &*found;
    }
  }
  return nullptr;
}

std::string catalogue_hash() {
  Hash hash;
  for (const Clause& clause : catalogue()) {
    hash.add(clause.id);
    hash.add(std::to_string(static_cast<int>(clause.level)));
    hash.add(clause.sentence);
  }
  return hash.hex();
}

bool id_matches(std::string_view pattern, std::string_view id) {
  return ::fnmatch(lower(pattern).c_str(), lower(id).c_str(), 0) == 0;
}

bool claims(const Clause& clause, std::string_view profile) {
  if (clause.level != Level::profile) {
    return true;
  }
  const std::optional<Profile> declared = profile_from(profile);
  return declared && std::ranges::any_of(clause.profiles, [&](const ProfileRange& range) {
           return range.has(*declared);
         });
}

ClauseBuilder clause(std::string_view id) {
  return ClauseBuilder(id);
}

ClauseBuilder::ClauseBuilder(std::string_view id) {
  clause_.id = id;
  clause_.group = lower(id.substr(0, id.find('-')));
  if (clause_.group != "smoke" &&
      rank(clause_.group) == static_cast<std::ptrdiff_t>(group_order.size())) {
    refuse(clause_.id, "its id names no group");
  }
}

ClauseBuilder& ClauseBuilder::must(std::string_view sentence) {
  clause_.level = Level::must;
  clause_.sentence = sentence;
  return *this;
}

ClauseBuilder& ClauseBuilder::should(std::string_view sentence) {
  clause_.level = Level::should;
  clause_.sentence = sentence;
  return *this;
}

ClauseBuilder& ClauseBuilder::profile(std::initializer_list<ProfileRange> profiles,
                                      std::string_view sentence) {
  return profile(std::span(profiles.begin(), profiles.size()), sentence);
}

ClauseBuilder& ClauseBuilder::profile(std::span<const ProfileRange> profiles,
                                      std::string_view sentence) {
  clause_.level = Level::profile;
  clause_.profiles.assign(profiles.begin(), profiles.end());
  clause_.sentence = sentence;
  return *this;
}

ClauseBuilder& ClauseBuilder::source(std::string_view where, std::string_view quoted) {
  clause_.source = where;
  clause_.quotation = quoted;
  return *this;
}

ClauseBuilder& ClauseBuilder::needs(std::initializer_list<Feature> features) {
  clause_.needs = features;
  return *this;
}

ClauseBuilder& ClauseBuilder::fault(Fault fault) {
  clause_.faults.push_back(fault);
  return *this;
}

ClauseBuilder& ClauseBuilder::exits_with(int status) {
  clause_.exit_status = status;
  return *this;
}

ClauseBuilder& ClauseBuilder::dies_of(int signal, std::string_view saying) {
  clause_.death = Death{signal, std::string(saying)};
  return *this;
}

ClauseBuilder& ClauseBuilder::leaks(std::string_view why) {
  clause_.leaks = why;
  return *this;
}

ClauseBuilder& ClauseBuilder::touches_wild_memory(std::string_view why) {
  clause_.wild_accesses = why;
  return *this;
}

Registered ClauseBuilder::example(std::function<void()> check) {
  return enter({.check = [check = std::move(check)](const Program&) { check(); },
                .programs = std::nullopt,
                .describe = [](const Program&) { return std::vector<std::string>(); }});
}

Registered ClauseBuilder::example(std::function<void(std::uint32_t)> check) {
  constexpr std::uint8_t first_stride = 16;
  return enter({.check =
                    [check = std::move(check)](const Program& program) {
                      check(program.empty() ? 1 : std::to_integer<std::uint32_t>(program.front()));
                    },
                .programs = std::nullopt,
                .describe = [](const Program&) { return std::vector<std::string>(); },
                .first_look = {std::byte{first_stride}}});
}

Registered ClauseBuilder::untested(std::string_view reason) {
  clause_.untested = reason;
  return enter({});
}

Registered ClauseBuilder::enter(Scenario scenario) {
  if (clause_.sentence.empty() || clause_.source.empty()) {
    refuse(clause_.id, "it needs a level with a sentence, and a source");
  }
  if (clause_.level == Level::profile && clause_.profiles.empty()) {
    refuse(clause_.id, "it names no profile");
  }
  clause_.scenario = std::move(scenario);
  (clause_.group == "smoke" ? smoke_registry() : registry()).push_back(std::move(clause_));
  return {};
}

}  // namespace heddle::conformance
