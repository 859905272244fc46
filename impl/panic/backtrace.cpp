#include "panic/backtrace.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <iomanip>
#include <iterator>
#include <span>
#include <sstream>
#include <string_view>

#include "heddle/sys/annotations.hpp"
#include "sys/call_stack.hpp"

namespace heddle::panic {
namespace {

enum class Style { off, in_short, in_full };

Style style_from_environment() {
  const char* const variable = std::getenv("HEDDLE_BACKTRACE");
  const std::string_view wish = variable != nullptr ? variable : "0";
  return wish == "0" ? Style::off : wish == "full" ? Style::in_full : Style::in_short;
}

std::string note_once() {
  static std::atomic<bool> noted = false;  // relaxed: the flag publishes nothing but itself
  return noted.exchange(true, std::memory_order_relaxed)
             ? ""
             : "note: set HEDDLE_BACKTRACE=1 in the environment to see a backtrace\n";
}

auto calls(std::string_view function) {
  return [=](const sys::StackFrame& frame) {
    return frame.function.find(function) != std::string::npos;
  };
}

// Returns the frames between the two marks. Without symbols neither mark is found, and all frames
// stay.
std::span<sys::StackFrame> between_the_marks(std::span<sys::StackFrame> frames) {
  const auto innermost =
      std::find_if(frames.begin(), frames.end(), calls("panic::detail::begin_panic("));
  const auto first = innermost == frames.end() ? frames.begin() : std::next(innermost);
  return {first, std::find_if(first, frames.end(), calls("panic::begin_short_backtrace<"))};
}

std::string line_of(std::size_t number, const sys::StackFrame& frame, Style style) {
  std::ostringstream line;
  line << std::setw(4) << number << ": ";
  if (style == Style::in_full) {
    line << "0x" << std::hex << frame.address << " - ";
  }
  line << (frame.function.empty() ? "<unknown>" : frame.function);
  if (style == Style::in_full && !frame.function.empty()) {
    line << " + 0x" << frame.offset;
  }
  line << "\n";
  return line.str();
}

}  // namespace

std::string backtrace() {
  static const Style style = style_from_environment();
  sys::annotations::shares(style);
  if (style == Style::off) {
    return note_once();
  }
  auto stack = sys::call_stack();
  if (!stack) {
    return "no backtrace: " + stack.error() + "\n";
  }
  std::span<sys::StackFrame> frames = stack.value();
  if (style == Style::in_short) {
    frames = between_the_marks(frames);
  }
  std::string text = "stack backtrace:\n";
  for (std::size_t number = 0; number < frames.size(); ++number) {
    text += line_of(number, frames[number], style);
  }
  if (style == Style::in_short) {
    text += "note: some frames are left out; HEDDLE_BACKTRACE=full shows them all\n";
  }
  return text;
}

}  // namespace heddle::panic
