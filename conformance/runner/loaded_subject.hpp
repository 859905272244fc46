// A subject's table: checked, completed to its full size, and described in words that can be sent.
#pragma once

#include <heddle/subject.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "catalogue/feature.hpp"

namespace heddle::conformance {

/// What a worker knows about the subject that its template has loaded.
struct Description {
  std::string name;
  std::string version;
  std::string profile;
  std::uint64_t flags = 0;
  std::vector<int> features;  ///< values of Feature that it offers
  /// For each feature that it does not offer: the name, and the words of lacking().
  std::map<std::string, std::vector<std::string>> lacks;
  std::vector<std::pair<std::string, std::string>> deviations;  ///< clause id and reason

  std::string title() const { return version.empty() ? name : name + " " + version; }
  /// Returns what the subject lacks for the feature; empty if it offers the feature.
  std::vector<std::string> lacked_for(Feature feature) const;
};

/// Loads the plug-in and returns its entry. `progress` is told how far the load has come, so that a
/// crash or hang can be placed. An error is one line without the subject's name. The plug-in is
/// never unloaded.
tl::expected<heddle_entry, std::string> load_plugin(
    const std::string& path, const std::function<void(std::string_view)>& progress);

/// A subject's table and its sub-tables, each of the suite's own size. What the subject leaves out,
/// and what lies beyond its own sizes, is null.
struct WholeTable {
  WholeTable() = default;
  WholeTable(const WholeTable&) = delete;  // the table points into the object
  WholeTable& operator=(const WholeTable&) = delete;

  heddle_subject_table table{};
  heddle_spawning spawning{};
  heddle_threads threads{};
  heddle_parking parking{};
  heddle_pausing pausing{};
  heddle_scopes scopes{};
  heddle_panics panics{};
  heddle_tls tls{};
  heddle_keys keys{};
  heddle_capture capture{};
  heddle_guard guard{};
  heddle_process process{};
  heddle_presets presets{};
};

/// Checks the table that a subject has handed out, and completes it. It may be null. An error is
/// one line without the subject's name.
tl::expected<std::unique_ptr<const WholeTable>, std::string> complete_table(
    const heddle_subject_table* table);

/// Asks for the table, checks it and completes it. The result is never freed.
tl::expected<const heddle_subject_table*, std::string> ask_for_table(heddle_entry entry);

Description describe(const heddle_subject_table& subject);

}  // namespace heddle::conformance
