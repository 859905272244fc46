#include "memory/memcheck_report.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <pugixml.hpp>
#include <sstream>

namespace heddle::inject {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view end_of_report = "</valgrindoutput>";

/// Says whether the object is memcheck's own: it takes the allocator's place in the program.
bool is_memcheck(std::string_view object) {
  return object.find("/vgpreload_") != std::string_view::npos;
}

CodePlace place_in(const pugi::xml_node& frame) {
  return {frame.child_value("obj"), std::strtoull(frame.child_value("ip"), nullptr, 16),
          frame.child_value("fn"), frame.child_value("file"), frame.child("line").text().as_int()};
}

std::vector<CodePlace> stack_in(const pugi::xml_node& parent) {
  std::vector<CodePlace> stack;
  for (const pugi::xml_node& frame : parent.child("stack").children("frame")) {
    CodePlace place = place_in(frame);
    if (!stack.empty() || !is_memcheck(place.object)) {
      stack.push_back(std::move(place));
    }
  }
  return stack;
}

/// Returns what memcheck says of the address, without the address, which another run lacks: "1
/// bytes inside a block of size 5 free'd".
std::string about_address(std::string_view text) {
  constexpr std::string_view start = "Address 0x";
  constexpr std::string_view verb = " is ";
  const std::size_t found = text.find(verb);
  return text.starts_with(start) && found != std::string_view::npos
             ? ": " + std::string(text.substr(found + verb.size()))
             : std::string();
}

MemoryError error_in(const pugi::xml_node& node) {
  MemoryError error;
  error.kind = node.child_value("kind");
  const pugi::xml_node details = node.child("xwhat");
  error.what = details ? details.child_value("text") : node.child_value("what");
  error.bytes = details.child("leakedbytes").text().as_ullong();
  error.blocks = details.child("leakedblocks").text().as_ullong();
  if (is_leak(error)) {
    error.what = describe_amount({error}) + " lost";
  } else {
    error.what += about_address(node.child_value("auxwhat"));
  }
  error.stack = stack_in(node);
  return error;
}

/// The kinds of errors by how the text for people begins; see mc_errors.c of Valgrind.
struct Beginning {
  std::string_view text;
  std::string_view kind;
};
constexpr Beginning beginnings[] = {
    {"Conditional jump or move depends on uninitialised value", "UninitCondition"},
    {"Use of uninitialised value", "UninitValue"},
    {"Syscall param ", "SyscallParam"},
    {"Uninitialised byte(s) found", "ClientCheck"},
    {"Unaddressable byte(s) found", "ClientCheck"},
    {"Invalid read of size", "InvalidRead"},
    {"Invalid write of size", "InvalidWrite"},
    {"Jump to the invalid address", "InvalidJump"},
    {"Invalid free()", "InvalidFree"},
    {"Mismatched free()", "MismatchedFree"},
    {"Mismatched new/delete", "MismatchedFree"},
    {"Source and destination overlap", "Overlap"},
    {"Argument '", "FishyValue"},
    {"Illegal memory pool address", "InvalidMemPool"},
};

/// Takes "==17== " away. False: the line is none of Valgrind's.
bool take_mark(std::string_view& line) {
  const std::size_t digits = line.starts_with("==") ? line.find_first_not_of("0123456789", 2) : 0;
  if (digits <= 2 || digits == std::string_view::npos || line.substr(digits, 2) != "==") {
    return false;
  }
  line.remove_prefix(digits + 2);
  line.remove_prefix(line.starts_with(' ') ? 1 : 0);
  return true;
}

/// Reads "   by 0x1234: function (file.c:12)" or "... (in /usr/lib/x.so)". Nothing: no frame.
std::optional<CodePlace> frame_in(std::string_view line) {
  const std::size_t start = line.find_first_not_of(' ');
  if (start == std::string_view::npos || start == 0 ||
      (line.substr(start, 5) != "at 0x" && line.substr(start, 5) != "by 0x")) {
    return std::nullopt;
  }
  line.remove_prefix(start + 3);
  CodePlace place;
  place.address = std::strtoull(std::string(line.substr(0, line.find(':'))).c_str(), nullptr, 16);
  const std::size_t colon = line.find(": ");
  const std::size_t place_start = line.rfind(" (");
  if (colon == std::string_view::npos || place_start == std::string_view::npos ||
      place_start < colon || line.back() != ')') {
    return place;
  }
  place.function = line.substr(colon + 2, place_start - colon - 2);
  std::string_view where = line.substr(place_start + 2);
  where.remove_suffix(1);
  if (where.starts_with("in ")) {
    place.object = where.substr(3);
  } else {
    const std::size_t number = where.rfind(':');
    place.file = where.substr(0, number);
    place.line = number == std::string_view::npos
                     ? 0
                     : std::atoi(std::string(where.substr(number + 1)).c_str());
  }
  if (place.function == "???") {
    place.function.clear();
  }
  return place;
}

/// Reads "1,064 bytes in 2 blocks are definitely lost ..."; also with "(64 direct, 8 indirect)"
/// before "bytes", where the first number is the sum.
void read_amount(MemoryError& leak, std::string_view line) {
  const auto number_at = [&](std::size_t start) {
    std::uint64_t number = 0;
    for (; start < line.size() && (std::isdigit(line[start]) != 0 || line[start] == ','); ++start) {
      number = line[start] == ',' ? number : 10 * number + static_cast<unsigned>(line[start] - '0');
    }
    return number;
  };
  constexpr std::string_view before_blocks = " in ";
  const std::size_t blocks = line.rfind(before_blocks, line.find(" block"));
  leak.bytes = number_at(0);
  leak.blocks = blocks == std::string_view::npos ? 0 : number_at(blocks + before_blocks.size());
}

/// Returns the error that the line begins; nothing: none.
std::optional<MemoryError> error_begun_by(std::string_view line) {
  MemoryError error;
  error.what = line;
  if (line.find(" definitely lost in loss record") != std::string_view::npos) {
    error.kind = lost_blocks;
    read_amount(error, line);
    error.what = describe_amount({error}) + " lost";
    return error;
  }
  const auto* const known = std::ranges::find_if(
      beginnings, [&](const Beginning& one) { return line.starts_with(one.text); });
  if (known == std::end(beginnings)) {
    return std::nullopt;
  }
  error.kind = known->kind;
  return error;
}

// Says whether libunwind only tried whether it can read a word: it has the system write the word to
// a pipe, which fails where nothing is mapped (libunwind 1.6.2, src/x86_64/Ginit.c, validate_mem).
bool is_try_of_libunwind(const MemoryError& error) {
  return error.kind == "SyscallParam" && error.stack.size() > 1 &&
         fs::path(error.stack[1].object).filename().string().starts_with("libunwind");
}

}  // namespace

tl::expected<std::string, std::string> find_valgrind() {
  const char* const variable = std::getenv("PATH");
  std::istringstream folders(variable != nullptr ? variable : "/usr/local/bin:/usr/bin:/bin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string path = (folder.empty() ? "." : folder) + "/valgrind";
    if (access(path.c_str(), X_OK) == 0) {
      return path;
    }
  }
  return tl::unexpected(std::string("--check memcheck: there is no valgrind in PATH: install it"));
}

std::vector<std::string> memcheck_command(const std::string& valgrind, const std::string& path) {
  // A % begins one of Valgrind's own words in a file name.
  std::string escaped;
  for (const char letter : path) {
    escaped += letter == '%' ? "%%" : std::string(1, letter);
  }
  // Valgrind lets one thread run at a time: without turns that are fair, one that spins keeps the
  // thread that it waits for from its turn.
  return {valgrind,
          "--tool=memcheck",
          "--quiet",
          "--xml=yes",
          "--xml-file=" + escaped + ".%p",
          "--leak-check=full",
          "--show-leak-kinds=definite",
          "--errors-for-leak-kinds=definite",
          "--num-callers=24",
          "--error-limit=no",
          "--error-exitcode=0",
          "--keep-debuginfo=yes",
          "--child-silent-after-fork=no",
          "--trace-children=no",
          "--fair-sched=try",
          "--vgdb=no"};
}

MemoryLook read_memcheck_xml(std::string_view text) {
  MemoryLook look;
  std::string whole(text);
  if (whole.find(end_of_report) == std::string::npos) {
    // Killed while it was writing: what stands there in full counts.
    constexpr std::string_view end_of_error = "</error>";
    const std::size_t last = whole.rfind(end_of_error);
    if (last == std::string::npos) {
      return look;
    }
    whole.resize(last + end_of_error.size());
    whole += end_of_report;
  }
  pugi::xml_document document;
  if (const auto read = document.load_buffer(whole.data(), whole.size()); !read) {
    look.failure = fmt::format("memcheck's report cannot be read: {}", read.description());
    return look;
  }
  const pugi::xml_node root = document.child("valgrindoutput");
  for (const pugi::xml_node& node : root.children("error")) {
    look.errors.push_back(error_in(node));
  }
  std::erase_if(look.errors, is_try_of_libunwind);
  look.fatal_stack = stack_in(root.child("fatal_signal"));
  return look;
}

tl::expected<MemoryLook, std::string> read_memcheck_report(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return tl::unexpected(fmt::format("cannot read memcheck's report {}", path.string()));
  }
  return read_memcheck_xml(std::string{std::istreambuf_iterator<char>(file), {}});
}

MemoryLook read_memcheck_text(std::string_view text) {
  MemoryLook look;
  bool in_stack = false;  // the last line was a frame of the last error
  bool expected = false;  // the last line began an error
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!take_mark(line)) {
      continue;  // the program's own line may come between Valgrind's
    }
    const auto frame = frame_in(line);
    if (frame && (expected || in_stack)) {
      std::vector<CodePlace>& stack = look.errors.back().stack;
      const bool own = is_memcheck(frame->object) || frame->file.starts_with("vg_replace_");
      if (!stack.empty() || !own) {
        stack.push_back(*frame);
      }
      in_stack = true;
      expected = false;
      continue;
    }
    in_stack = expected = false;
    if (auto error = error_begun_by(line)) {
      look.errors.push_back(std::move(*error));
      expected = true;
    }
  }
  std::erase_if(look.errors, [](const MemoryError& error) {
    return error.stack.empty() || is_try_of_libunwind(error);
  });
  return look;
}

}  // namespace heddle::inject
