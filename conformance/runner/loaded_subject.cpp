#include "runner/loaded_subject.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "catalogue/feature.hpp"
#include "stage/value.hpp"

namespace heddle::conformance {
namespace {

constexpr int last_feature = static_cast<int>(Feature::thread_sanitizer);

// A copy of a sub-table of the suite's own size: what the subject's is too small for is null.
template <class Table>
void complete(const Table*& table) {
  if (table == nullptr) {
    return;
  }
  auto* const whole = new Table{};  // the case's process keeps it to its end
  std::memcpy(whole, table, std::min(table->size, sizeof(Table)));
  whole->size = sizeof(Table);
  table = whole;
}

}  // namespace

tl::expected<heddle_entry, std::string> load_plugin(
    const std::string& path, const std::function<void(std::string_view)>& progress) {
  progress("while it was loaded (in a constructor of its own, or of a library that it needs)");
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

tl::expected<const heddle_subject_table*, std::string> ask_for_table(heddle_entry entry) {
  const heddle_subject_table* const table = entry(&host());
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
  auto* const whole = new heddle_subject_table{};  // kept to the end of the process
  std::memcpy(whole, table, sizeof(heddle_subject_table));
  complete(whole->spawning);
  complete(whole->threads);
  complete(whole->parking);
  complete(whole->pausing);
  complete(whole->scopes);
  complete(whole->panics);
  complete(whole->tls);
  complete(whole->keys);
  complete(whole->capture);
  complete(whole->guard);
  complete(whole->process);
  complete(whole->presets);
  if (whole->tls != nullptr &&
      std::any_of(std::begin(whole->tls->slots), std::end(whole->tls->slots),
                  [](std::uint32_t slots) { return slots > HEDDLE_MAXIMUM_SLOTS; })) {
    return tl::unexpected(fmt::format("it declares more than {} slots of one storage",
                                      static_cast<int>(HEDDLE_MAXIMUM_SLOTS)));
  }
  return whole;
}

Description describe(const heddle_subject_table& subject) {
  Description description{.name = subject.name,
                          .version = subject.version,
                          .profile = subject.profile,
                          .flags = subject.flags,
                          .features = {},
                          .deviations = {}};
  for (int feature = 0; feature <= last_feature; ++feature) {
    if (offers(subject, static_cast<Feature>(feature))) {
      description.features.push_back(feature);
    }
  }
  for (std::size_t index = 0; index < subject.deviation_count; ++index) {
    const heddle_deviation& deviation = subject.deviations[index];
    description.deviations.emplace_back(deviation.clause, deviation.reason);
  }
  return description;
}

}  // namespace heddle::conformance
