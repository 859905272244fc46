#include "campaign/header.hpp"

#include <elf.h>
#include <fmt/core.h>
#include <heddle/inject_control.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>

#include "process/plain_at.hpp"

namespace heddle::inject {
using namespace std::string_view_literals;

namespace {

std::uint64_t padded(std::uint64_t size) {
  return (size + 3) & ~std::uint64_t{3};
}

/// Returns the description of the build-id note in a segment of notes; empty without one.
std::string_view build_id_note(std::string_view notes) {
  while (notes.size() >= sizeof(Elf64_Nhdr)) {
    const auto header = plain_at<Elf64_Nhdr>(notes, 0);
    const std::uint64_t start = sizeof header + padded(header.n_namesz);
    const std::uint64_t size = start + padded(header.n_descsz);
    if (size > notes.size()) {
      break;
    }
    if (header.n_type == NT_GNU_BUILD_ID && notes.substr(sizeof header, 4) == "GNU\0"sv) {
      return notes.substr(start, header.n_descsz);
    }
    notes.remove_prefix(size);
  }
  return {};
}

std::string_view elf_build_id(std::string_view content) {
  const auto header = plain_at<Elf64_Ehdr>(content, 0);
  if (!content.starts_with(ELFMAG)) {
    return {};
  }
  for (unsigned index = 0; index < header.e_phnum; ++index) {
    const auto segment =
        plain_at<Elf64_Phdr>(content, header.e_phoff + std::uint64_t{index} * header.e_phentsize);
    if (segment.p_type == PT_NOTE && segment.p_offset < content.size()) {
      const auto id = build_id_note(content.substr(segment.p_offset, segment.p_filesz));
      if (!id.empty()) {
        return id;
      }
    }
  }
  return {};
}

}  // namespace

std::string build_id_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return {};
  }
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  const std::string_view id = elf_build_id(content);
  if (id.empty()) {
    std::uint64_t hash = UINT64_C(14695981039346656037);  // FNV-1a, 64 bits
    for (const char byte : content) {
      hash = (hash ^ static_cast<unsigned char>(byte)) * UINT64_C(1099511628211);
    }
    return fmt::format("{:016x}", hash);
  }
  std::string text;
  for (const char byte : id) {
    text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  }
  return text;
}

LogHeader header_of(const Target& target) {
  LogHeader header;
  header.heddle_version = HEDDLE_VERSION;
  header.program = std::filesystem::absolute(target.program);
  header.build_id = build_id_of(target.program);
  header.arguments = target.arguments;
  header.working_folder = std::filesystem::current_path();
  header.options = target.options;
  return header;
}

std::string version_line() {
  return fmt::format("heddle-inject {}, log schema {}, protocol {}", HEDDLE_VERSION, log_schema,
                     static_cast<int>(HEDDLE_INJECT_PROTOCOL));
}

tl::expected<void, std::string> check_same_campaign(const LogHeader& log, const LogHeader& now) {
  const auto differs = [](std::string_view what) {
    return tl::unexpected(
        fmt::format("{} differ from the log's: start a new log with --log", what));
  };
  if (log.program != now.program || log.build_id != now.build_id) {
    return differs("the program, or its build,");
  }
  if (log.arguments != now.arguments) {
    return differs("the arguments");
  }
  if (!(log.options == now.options)) {
    return differs("the options");
  }
  return {};
}

std::string no_site_message(const FaultFreeRuns& runs, const CampaignOptions& options) {
  std::string seen;
  for (const auto& [program, count] : runs.all_sites) {
    seen += fmt::format("{}{}: {}", seen.empty() ? "" : ", ", program, count);
  }
  if (seen.empty()) {
    return "the program makes no call that could be made to fail: try --raw, which also sees "
           "those that libc makes itself";
  }
  return fmt::format(
      "no call of {} matches the options, or none that does documents such an error (sites seen: "
      "{}): "
      "choose with --exe, --calls, --caller and --errors",
      options.exe, seen);
}

}  // namespace heddle::inject
