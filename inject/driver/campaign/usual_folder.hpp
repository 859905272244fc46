// usual_folder.hpp: the files that all fault-free runs leave, as far as the runs agree.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "campaign/folder_content.hpp"
#include "campaign/usual_output.hpp"

namespace heddle::inject {

/// How one file differs from the usual one.
struct FileDifference {
  std::string description;    // "result.txt lacks 'part 3' in line 3, has 14 bytes instead of 21"
  std::string error_message;  // a new line of the file that speaks of an error; or empty
};

class UsualFolder {
 public:
  /// Takes in what a fault-free run has left.
  void add(const FolderContent& files);

  /// Compares the files that all fault-free runs have left, and left alike; and the names of the
  /// others, if all fault-free runs have left the same names.
  std::vector<FileDifference> differences(const FolderContent& seen) const;

 private:
  struct UsualFile {
    FileContent first;
    std::optional<UsualOutput> content;  // empty: it was not read, or differs between the runs
    bool has_usual_size = true;
  };

  static std::optional<FileDifference> difference(const std::string& name, const UsualFile& usual,
                                                  const FileContent& seen);

  std::map<std::string, UsualFile> files_;
  bool is_empty_ = true;  // no run has been taken in
  bool same_names_ = true;
};

}  // namespace heddle::inject
