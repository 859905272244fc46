// The files of a subject, of the default subject and of the shim.
#pragma once

#include <string>
#include <tl/expected.hpp>

namespace heddle::conformance {

/// A subject as a file: a plug-in to be loaded, or a program that hosts the suite itself.
struct SubjectFile {
  std::string given;     ///< as the user wrote it
  std::string command;   ///< the command that runs the suite on it, quoted for a shell
  std::string path;      ///< absolute
  bool program = false;  ///< it has an ELF interpreter, so it is started rather than loaded
};

/// Finds the file and looks at it without loading it. `invoked_as` is the suite's own argv[0]. An
/// error is one line.
tl::expected<SubjectFile, std::string> find_subject(const std::string& given,
                                                    const std::string& invoked_as);

/// Returns the running program as a subject.
SubjectFile own_program(const std::string& invoked_as);

/// Returns the file of the running program, as /proc/self/exe names it.
std::string own_executable();

/// Returns the reference's plug-in, found relative to the executable, in a build tree as in an
/// install.
std::string default_subject();

/// Returns the injector's shim, found relative to the executable.
std::string injector_shim();

}  // namespace heddle::conformance
