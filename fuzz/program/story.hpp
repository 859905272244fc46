// What a program has done so far, and the line that tells of a wrong answer.
#pragma once

#include <string>
#include <string_view>

namespace heddle::fuzz {

/// Begins the story of a new program.
void begin_story();

/// Adds a step that is about to be done. With HEDDLE_FUZZ_STORY in the environment, each is also
/// printed.
void tell(std::string step);

/// Prints one line with the steps so far, and aborts. Any thread may call it; the first call
/// counts.
[[noreturn]] void fail(std::string_view expected, std::string_view happened);

}  // namespace heddle::fuzz
