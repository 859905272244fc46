#include "memory/own_sanitizer.hpp"

#include <elf.h>

#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string_view>
#include <vector>

#include "process/plain_at.hpp"

namespace heddle::inject {
namespace {

/// Returns the strings of the dynamic section: the libraries that the file needs, and the functions
/// that it offers or takes from them.
std::string_view dynamic_strings(std::string_view file) {
  const auto header = plain_at<Elf64_Ehdr>(file, 0);
  if (!file.starts_with(ELFMAG) || header.e_ident[EI_CLASS] != ELFCLASS64) {
    return {};
  }
  std::vector<Elf64_Phdr> segments;
  for (std::uint64_t entry = 0; entry < header.e_phnum; ++entry) {
    segments.push_back(plain_at<Elf64_Phdr>(file, header.e_phoff + entry * sizeof(Elf64_Phdr)));
  }
  std::uint64_t address = 0;
  std::uint64_t size = 0;
  for (const Elf64_Phdr& segment : segments) {
    for (std::uint64_t place = 0; segment.p_type == PT_DYNAMIC && place < segment.p_filesz;
         place += sizeof(Elf64_Dyn)) {
      const auto entry = plain_at<Elf64_Dyn>(file, segment.p_offset + place);
      address = entry.d_tag == DT_STRTAB ? entry.d_un.d_ptr : address;
      size = entry.d_tag == DT_STRSZ ? entry.d_un.d_val : size;
    }
  }
  for (const Elf64_Phdr& segment : segments) {
    if (segment.p_type == PT_LOAD && address >= segment.p_vaddr &&
        address - segment.p_vaddr < segment.p_filesz) {
      const std::uint64_t offset = segment.p_offset + (address - segment.p_vaddr);
      return offset < file.size() ? file.substr(offset, size) : std::string_view();
    }
  }
  return {};
}

}  // namespace

std::string own_sanitizer(const std::string& path) {
  struct Sanitizer {
    std::string_view name;
    std::array<std::string_view, 2> signs;  // a library, or a function of a run time linked in
  };
  constexpr std::array sanitizers{
      Sanitizer{"AddressSanitizer", {"libasan.so", "__asan_init"}},
      Sanitizer{"LeakSanitizer", {"liblsan.so", "__lsan_init"}},
      Sanitizer{"ThreadSanitizer", {"libtsan.so", "__tsan_init"}},
      Sanitizer{"MemorySanitizer", {"libclang_rt.msan", "__msan_init"}},
  };
  std::ifstream stream(path, std::ios::binary);
  const std::string file{std::istreambuf_iterator<char>(stream), {}};
  const std::string_view names = dynamic_strings(file);
  for (const Sanitizer& sanitizer : sanitizers) {
    for (const std::string_view sign : sanitizer.signs) {
      if (names.find(sign) != std::string_view::npos) {
        return std::string(sanitizer.name);
      }
    }
  }
  return {};
}

}  // namespace heddle::inject
