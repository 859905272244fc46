// The template: the process that has loaded the subject, stays single-threaded, and forks each
// case.
//
// It is this program, executed again with hidden arguments: so the injector can be preloaded, and a
// program that hosts the suite runs its own start-up code. The template is told over a packet
// socket what to run, and never judges.
#pragma once

#include <heddle/subject.h>

#include <optional>
#include <string>
#include <string_view>

namespace heddle::conformance {

/// The first of the hidden arguments.
inline constexpr std::string_view template_option = "--heddle-template";

/// The excuse that a template leaves in the evidence if its socket was closed or replaced.
inline constexpr std::string_view channel_gone = "the channel is gone";

/// A template's command line.
struct TemplateArguments {
  int socket = -1;            ///< messages from and to the worker
  int evidence = -1;          ///< memory file of one Evidence
  bool load_in_case = false;  ///< the subject has threads once loaded, so each case loads it
  std::string plugin;         ///< path; empty: the entry that the host program has handed over
};

/// Returns the arguments, if the command line is that of a template.
std::optional<TemplateArguments> template_arguments(int argc, char** argv);

/// Serves until the worker is gone, then ends the process. Returns only in a case that is to end
/// through main, with `end` filled.
void serve_as_template(const TemplateArguments& arguments, heddle_entry host_entry,
                       heddle_outcome& end);

}  // namespace heddle::conformance
