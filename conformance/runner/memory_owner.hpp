// Whose doing an error or a leak is, by the functions in its stack.
#pragma once

#include <string>
#include <vector>

#include "memory/memory_error.hpp"
#include "runner/subject_file.hpp"

namespace heddle::conformance {

/// The frames of a call stack, the innermost first.
using Frames = std::vector<inject::CodePlace>;

enum class Owner { subject, suite, nobody };

/// Returns whose the frame's function is; nobody's if it belongs to a library.
Owner owner_of(const inject::CodePlace& frame, const SubjectFile& subject);

struct Responsible {
  Owner owner = Owner::nobody;
  std::string frame;  ///< the frame that decided, in words; empty for nobody
};

/// Returns whose the innermost frame is that is either the subject's or the suite's. Functions of
/// libraries, such as malloc(), act for whoever called them. The outer frames do not count: every
/// stack of a subject's thread begins in the subject, and every stack of the main thread in the
/// suite.
///
/// A plug-in is a file of its own. In a program that hosts the suite the functions' names decide,
/// and those of standard libraries count as a library's. A name without a namespace or module is
/// taken for the suite's.
Responsible responsible_for(const Frames& stack, const SubjectFile& subject);

/// Returns "function (file.cpp:12)", or the name of the object where no more is known.
std::string frame_text(const inject::CodePlace& frame);

}  // namespace heddle::conformance
