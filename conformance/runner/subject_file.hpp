// Where a subject, the default subject and the shim are found.
#pragma once

#include <string>
#include <tl/expected.hpp>

namespace heddle::conformance {

/// A subject as a file: a plug-in to be loaded, or a program that hosts the suite itself.
struct SubjectFile {
  std::string given;     ///< as the user wrote it
  std::string command;   ///< what a user types to run the suite on it, ready for a shell
  std::string path;      ///< absolute
  bool program = false;  ///< it has an ELF interpreter, so it is started, not loaded
};

/// Looks at the file without loading it. `invoked_as` is the suite's own argv[0]. An error is one
/// line.
tl::expected<SubjectFile, std::string> find_subject(const std::string& given,
                                                    const std::string& invoked_as);

/// The program that runs now as a subject of its own.
SubjectFile own_program(const std::string& invoked_as);

/// The file that runs now, as /proc/self/exe names it.
std::string own_executable();

/// The reference's plug-in, relative to the executable: the same in a build tree and installed.
std::string default_subject();

/// The injector's shim, relative to the executable.
std::string injector_shim();

}  // namespace heddle::conformance
