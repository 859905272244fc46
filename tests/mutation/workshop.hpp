// Where mutants are built: a subject of the suite for each.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "mutation/mutant.hpp"

namespace heddle::mutation {

/// The tree, and the programs to build with.
struct Places {
  std::string source;    ///< the top of the tree
  std::string compiler;  ///< the compiler for C++
  std::string work;      ///< a folder for what is built; created if need be
};

/// Reads a file. Throws std::runtime_error when that fails.
std::string text_of_file(const std::string& path);

/// Returns the sources of the reference from the top of the tree, in order. The benchmarks are
/// none.
std::vector<std::string> reference_sources(const std::string& source);

struct Built {
  enum class State { ready, invalid, equivalent };

  State state;
  std::string subject;    ///< the plug-in, when ready
  std::string unmutated;  ///< the plug-in that was built in the same way without the change
};

/// Builds subjects. Compiles only what a mutant's file reaches: the file itself, or all that
/// include it, directly or not. Everything else is compiled once.
///
/// All is compiled with -O1: cheap, and optimized enough for code that means the same to come out
/// the same. A mutant whose objects are byte for byte those of the unmutated source is equivalent,
/// on this processor and with this compiler. Thread-safe.
class Workshop {
 public:
  /// Compiles what all mutants share, unless that is there and newer than the sources. Throws
  /// std::runtime_error if the unmutated source does not compile.
  explicit Workshop(Places places);

  /// Builds the mutant in the folder of job `job`; what was built there before is gone.
  Built build(const Mutant& mutant, std::size_t job);

 private:
  struct Kind {
    std::string name;      // of the runtime: with libc's list of destructors, or its own
    std::string left_out;  // the source that the other kind has
    std::vector<std::string> defines;
  };

  // Some sources that are compiled together, and the object they give.
  struct Unit {
    std::string name;
    std::vector<std::string> sources;
  };

  static Kind kind_for(const std::string& file);
  bool is_current(const std::string& path) const;
  std::vector<std::string> command_for(const Kind& kind) const;
  std::set<std::string> reached_by(const std::string& file) const;
  std::vector<Unit> units_reached_by(const std::string& file, const Kind& kind) const;
  bool compile(const std::string& folder, const Unit& unit, const Kind& kind) const;
  void link(const std::string& subject, const std::vector<std::string>& objects) const;
  std::string compiled_once(const std::string& folder, const Unit& unit, const Kind& kind);
  std::map<std::string, std::string> shared_objects(const Kind& kind);
  std::string unmutated(const Kind& kind);
  std::string unmutated_object(const std::string& file, const Unit& unit, const Kind& kind);

  Places places_;
  std::vector<std::string> sources_;                       // the reference's, and the adapter's
  std::map<std::string, std::set<std::string>> included_;  // by each file, but for the C++ library
  std::filesystem::file_time_type newest_source_{};
  std::mutex mutex_;  // for what all jobs share in the folder
};

}  // namespace heddle::mutation
