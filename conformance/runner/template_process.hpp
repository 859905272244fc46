// The template: a process that has loaded the subject, stays single-threaded, and forks each case.
//
// It is this program again, started with hidden arguments, so that the injector can be preloaded
// into it and so that a program that hosts the suite gets its own start-up code. It is told what to
// run over a packet socket, and never judges anything.
#pragma once

#include <heddle/subject.h>

#include <optional>
#include <string>
#include <string_view>

namespace heddle::conformance {

/// The first of the hidden arguments.
inline constexpr std::string_view template_option = "--heddle-template";

/// The excuse in the evidence of a template that could not send: its socket was closed or replaced.
inline constexpr std::string_view channel_gone = "the channel is gone";

/// What a template is started with, as its command line.
struct TemplateArguments {
  int socket = -1;            ///< messages from and to the worker
  int evidence = -1;          ///< memory file of one Evidence
  bool load_in_case = false;  ///< the subject has threads once loaded: so each case loads it
  std::string plugin;         ///< path; empty: the entry that the host program has handed over
};

/// The arguments, if the command line is that of a template.
std::optional<TemplateArguments> template_arguments(int argc, char** argv);

/// Serves until the worker is gone, then ends the process. Returns only in a case that is to end
/// through main, with `end` filled.
void serve_as_template(const TemplateArguments& arguments, heddle_entry host_entry,
                       heddle_outcome& end);

}  // namespace heddle::conformance
