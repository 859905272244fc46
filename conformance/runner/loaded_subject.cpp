#include "runner/loaded_subject.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "catalogue/catalogue.hpp"
#include "runner/elf_file.hpp"
#include "stage/value.hpp"

namespace heddle::conformance {
namespace {

constexpr int last_feature = static_cast<int>(Feature::thread_sanitizer);

// Copies a sub-table to `whole`, and replaces it by the copy. Functions beyond the subject's size
// are null.
template <class Table>
void complete(const Table*& table, Table& whole) {
  if (table == nullptr) {
    return;
  }
  std::memcpy(&whole, table, std::min(table->size, sizeof(Table)));
  whole.size = sizeof(Table);
  table = &whole;
}

// Returns what is wrong with the data of the table, if anything. Such a mistake would otherwise
// silently count for nothing.
std::optional<std::string> mistake_in(const heddle_subject_table& table) {
  const std::string profile = table.profile;
  if (!profile.empty() && !profile_from(profile)) {
    return fmt::format(
        "no clause knows its profile '{}': it must be \"heddle\", \"rust-1.N\" for a Rust from "
        "1.{} on, or \"\" for none",
        profile, first_rust);
  }
  if (table.deviations == nullptr && table.deviation_count != 0) {
    return fmt::format("it declares {} deviations, and its list of them is null",
                       table.deviation_count);
  }
  for (std::size_t index = 0; index < table.deviation_count; ++index) {
    const heddle_deviation& deviation = table.deviations[index];
    if (deviation.clause == nullptr || deviation.reason == nullptr) {
      return fmt::format("its deviation {} has a null clause or reason", index);
    }
    if (find_clause(deviation.clause) == nullptr) {
      return fmt::format(
          "it declares a deviation from {}, and there is no such clause; --list shows them all",
          deviation.clause);
    }
  }
  const auto too_many = [](std::uint32_t slots) { return slots > HEDDLE_MAXIMUM_SLOTS; };
  if (table.tls != nullptr &&
      std::any_of(std::begin(table.tls->slots), std::end(table.tls->slots), too_many)) {
    return fmt::format("it declares more than {} slots of one storage",
                       static_cast<int>(HEDDLE_MAXIMUM_SLOTS));
  }
  if (table.keys != nullptr && too_many(table.keys->static_slots)) {
    return fmt::format("it declares more than {} static keys",
                       static_cast<int>(HEDDLE_MAXIMUM_SLOTS));
  }
  return std::nullopt;
}

void complete(WholeTable& whole) {
  complete(whole.table.spawning, whole.spawning);
  complete(whole.table.threads, whole.threads);
  complete(whole.table.parking, whole.parking);
  complete(whole.table.pausing, whole.pausing);
  complete(whole.table.scopes, whole.scopes);
  complete(whole.table.panics, whole.panics);
  complete(whole.table.tls, whole.tls);
  complete(whole.table.keys, whole.keys);
  complete(whole.table.capture, whole.capture);
  complete(whole.table.guard, whole.guard);
  complete(whole.table.process, whole.process);
  complete(whole.table.presets, whole.presets);
}

}  // namespace

tl::expected<heddle_entry, std::string> load_plugin(
    const std::string& path, const std::function<void(std::string_view)>& progress) {
  progress("while it was loaded (in a constructor of its own, or of a library that it needs)");
  if (const auto libc = other_libc_of(path)) {
    return tl::unexpected(
        fmt::format("it was built for another libc, and needs {}: the suite and "
                    "its subjects share one process and glibc; build it with "
                    "a compiler for glibc",
                    *libc));
  }
  void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    return tl::unexpected(fmt::format("the loader refused it: {}", ::dlerror()));
  }
  const auto entry = reinterpret_cast<heddle_entry>(::dlsym(library, "heddle_subject"));
  if (entry == nullptr) {
    return tl::unexpected(std::string(
        "it does not export heddle_subject (is that function extern \"C\" and visible?)"));
  }
  progress("in its function heddle_subject");
  return entry;
}

tl::expected<std::unique_ptr<const WholeTable>, std::string> complete_table(
    const heddle_subject_table* table) {
  if (table == nullptr) {
    return tl::unexpected(
        fmt::format("its heddle_subject returned null: it does not speak version {} of the ABI",
                    static_cast<int>(HEDDLE_ABI_MAJOR)));
  }
  if (table->major != HEDDLE_ABI_MAJOR) {
    return tl::unexpected(fmt::format("it speaks version {} of the ABI, and this suite version {}",
                                      table->major, static_cast<int>(HEDDLE_ABI_MAJOR)));
  }
  if (table->size < sizeof(heddle_subject_table)) {
    return tl::unexpected(
        fmt::format("its table has {} bytes, and version {} of the ABI has {}: it was built with "
                    "another subject.h",
                    table->size, static_cast<int>(HEDDLE_ABI_MAJOR), sizeof(heddle_subject_table)));
  }
  if (table->outcome_size != sizeof(heddle_outcome)) {
    return tl::unexpected(
        fmt::format("its outcomes have {} bytes, and the suite's {}: it was built with another "
                    "subject.h",
                    table->outcome_size, sizeof(heddle_outcome)));
  }
  if (table->name == nullptr || table->version == nullptr || table->profile == nullptr) {
    return tl::unexpected(
        std::string("its table has a null name, version or profile: use \"\" for none"));
  }
  auto whole = std::make_unique<WholeTable>();
  std::memcpy(&whole->table, table, sizeof(heddle_subject_table));
  complete(*whole);
  if (const auto mistake = mistake_in(whole->table)) {
    return tl::unexpected(*mistake);
  }
  return whole;
}

tl::expected<const heddle_subject_table*, std::string> ask_for_table(heddle_entry entry) {
  auto whole = complete_table(entry(&host()));
  if (!whole) {
    return tl::unexpected(std::move(whole).error());
  }
  return &whole->release()->table;
}

std::vector<std::string> Description::lacked_for(Feature feature) const {
  const auto found = lacks.find(std::string(name_of(feature)));
  return found == lacks.end() ? std::vector<std::string>() : found->second;
}

Description describe(const heddle_subject_table& subject) {
  Description description{.name = subject.name,
                          .version = subject.version,
                          .profile = subject.profile,
                          .flags = subject.flags,
                          .features = {},
                          .lacks = {},
                          .deviations = {}};
  for (int feature = 0; feature <= last_feature; ++feature) {
    auto lacked = lacking(subject, static_cast<Feature>(feature));
    if (lacked.empty()) {
      description.features.push_back(feature);
    } else {
      description.lacks.emplace(name_of(static_cast<Feature>(feature)), std::move(lacked));
    }
  }
  for (std::size_t index = 0; index < subject.deviation_count; ++index) {
    const heddle_deviation& deviation = subject.deviations[index];
    description.deviations.emplace_back(deviation.clause, deviation.reason);
  }
  return description;
}

}  // namespace heddle::conformance
