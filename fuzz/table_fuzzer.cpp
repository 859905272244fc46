// Makes the table of a subject out of any bytes. The loader must complete and describe it, or
// refuse it in one line, and must read no byte beyond the sizes that the tables declare.
#include <heddle/subject.h>

#include <array>
#include <cstring>
#include <memory>
#include <runner/loaded_subject.hpp>
#include <string>
#include <vector>

#include "input.hpp"
#include "require.hpp"

namespace heddle::conformance {
namespace {

using fuzz::Input;
using fuzz::require;

// The tables of one input. They keep what the subject's table points to.
class MadeTables {
 public:
  explicit MadeTables(std::string_view bytes) : input_(bytes) {}

  // Returns the subject's table, or null. It ends where its size says, so that AddressSanitizer
  // sees a read beyond; version and size are always there.
  const heddle_subject_table* make() {
    if (input_.below(16) == 1) {
      return nullptr;
    }
    heddle_subject_table table{};
    table.major = input_.below(16) == 1 ? 2 : HEDDLE_ABI_MAJOR;
    table.minor = static_cast<std::uint32_t>(input_.below(3));
    table.size = a_size(sizeof table);
    table.outcome_size = input_.below(16) == 1 ? 0 : sizeof(heddle_outcome);
    table.flags = flags();
    table.name = text();
    table.version = text();
    table.profile = text();
    table.deviation_count = input_.below(4);
    table.deviations = deviations(table.deviation_count);
    add_sub_tables(table);
    const std::size_t least = offsetof(heddle_subject_table, outcome_size);
    return copied(table, std::max(table.size, least));
  }

 private:
  // Mostly the size itself, sometimes one that lacks a tail or has a longer one.
  std::size_t a_size(std::size_t whole) {
    switch (input_.below(8)) {
      case 1:
        return input_.below(256);
      case 2:
        return whole - sizeof(void*);
      case 3:
        return whole + input_.below(256);
      default:
        return whole;
    }
  }

  std::uint64_t flags() { return input_.below(256); }

  // A text up to the next newline, or null.
  const char* text() {
    if (input_.below(16) == 1) {
      return nullptr;
    }
    const std::string_view text = input_.text_up_to('\n');
    char* const kept = new_bytes(text.size() + 1);
    std::memcpy(kept, text.data(), text.size());
    kept[text.size()] = '\0';
    return kept;
  }

  const heddle_deviation* deviations(std::size_t count) {
    if (input_.below(8) == 1) {
      return nullptr;
    }
    char* const kept = new_bytes(count * sizeof(heddle_deviation));
    for (std::size_t index = 0; index < count; ++index) {
      const heddle_deviation deviation = {.clause = text(), .reason = text()};
      std::memcpy(kept + index * sizeof deviation, &deviation, sizeof deviation);
    }
    return reinterpret_cast<const heddle_deviation*>(kept);
  }

  // Returns a table whose fields beyond size and flags are null, or some number for each word. A
  // number stands for a function, which the loader never calls.
  template <class Table>
  const Table* sub_table() {
    if (input_.flag()) {
      return nullptr;
    }
    std::array<std::uint64_t, sizeof(Table) / sizeof(std::uint64_t)> words{};
    for (std::uint64_t& word : words) {
      word = input_.below(16);
    }
    words[0] = a_size(sizeof(Table));
    Table table;
    std::memcpy(&table, words.data(), sizeof table);
    return copied(table, std::max(words[0], sizeof(words[0])));
  }

  void add_sub_tables(heddle_subject_table& table) {
    table.spawning = sub_table<heddle_spawning>();
    table.threads = sub_table<heddle_threads>();
    table.parking = sub_table<heddle_parking>();
    table.pausing = sub_table<heddle_pausing>();
    table.scopes = sub_table<heddle_scopes>();
    table.panics = sub_table<heddle_panics>();
    table.tls = sub_table<heddle_tls>();
    table.keys = sub_table<heddle_keys>();
    table.capture = sub_table<heddle_capture>();
    table.guard = sub_table<heddle_guard>();
    table.process = sub_table<heddle_process>();
    table.presets = sub_table<heddle_presets>();
  }

  char* new_bytes(std::size_t size) {
    return kept_.emplace_back(std::make_unique<char[]>(size)).get();
  }

  // Returns a copy of this many bytes: as much of the table as fits, and zeros.
  template <class Table>
  const Table* copied(const Table& table, std::size_t size) {
    char* const copy = new_bytes(size);
    std::memcpy(copy, &table, std::min(size, sizeof(Table)));
    return reinterpret_cast<const Table*>(copy);
  }

  Input input_;
  std::vector<std::unique_ptr<char[]>> kept_;
};

void require_sound(const heddle_subject_table& table) {
  if (table.tls != nullptr) {
    for (const std::uint32_t slots : table.tls->slots) {
      require(slots <= HEDDLE_MAXIMUM_SLOTS, "a table has no more slots than the suite can follow");
    }
  }
  require(table.keys == nullptr || table.keys->static_slots <= HEDDLE_MAXIMUM_SLOTS,
          "a table has no more static keys than the suite can follow");
}

void require_described(const heddle_subject_table& table) {
  const Description description = describe(table);
  require(description.name == table.name && description.version == table.version,
          "a description has the name and the version");
  require(description.deviations.size() == table.deviation_count,
          "a description has all deviations");
  for (const auto& [feature, lacked] : description.lacks) {
    require(!lacked.empty(), "a description says what a feature lacks");
  }
}

void load(std::string_view bytes) {
  MadeTables tables(bytes);
  const heddle_subject_table* const given = tables.make();
  const auto whole = complete_table(given);
  if (!whole) {
    require(!whole.error().empty(), "a refusal says why");
    return;
  }
  require(given != nullptr && given->major == HEDDLE_ABI_MAJOR, "only this version is loaded");
  require_sound((*whole)->table);
  require_described((*whole)->table);
}

}  // namespace
}  // namespace heddle::conformance

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  heddle::conformance::load(heddle::fuzz::as_text(data, size));
  return 0;
}
