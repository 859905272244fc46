#include "runner/elf_file.hpp"

#include <elf.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <vector>

#include "runner/descriptor.hpp"

namespace heddle::conformance {
namespace {

// An ELF file, read with every offset checked, since the file may be damaged.
class ElfFile {
 public:
  explicit ElfFile(const std::string& path) : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    Elf64_Ehdr header{};
    if (!read(0, header) ||
        std::string_view(reinterpret_cast<const char*>(header.e_ident), SELFMAG) != ELFMAG ||
        header.e_ident[EI_CLASS] != ELFCLASS64) {
      return;
    }
    for (std::uint64_t entry = 0; entry < header.e_phnum; ++entry) {
      Elf64_Phdr segment{};
      if (!read(header.e_phoff + entry * header.e_phentsize, segment)) {
        return;
      }
      segments_.push_back(segment);
    }
  }

  const Elf64_Phdr* first(std::uint32_t type) const {
    const auto found =
        std::find_if(segments_.begin(), segments_.end(),
                     [&](const Elf64_Phdr& segment) { return segment.p_type == type; });
    return found == segments_.end() ? nullptr : &*found;
  }

  /// Returns the names of the libraries that the file needs.
  std::vector<std::string> needed() const {
    std::vector<std::uint64_t> names;
    std::uint64_t strings = 0;
    const Elf64_Phdr* const dynamic = first(PT_DYNAMIC);
    const std::uint64_t count = dynamic == nullptr ? 0 : dynamic->p_filesz / sizeof(Elf64_Dyn);
    for (std::uint64_t entry = 0; entry < count; ++entry) {
      Elf64_Dyn item{};
      if (!read(dynamic->p_offset + entry * sizeof item, item) || item.d_tag == DT_NULL) {
        break;
      }
      if (item.d_tag == DT_NEEDED) {
        names.push_back(item.d_un.d_val);
      } else if (item.d_tag == DT_STRTAB) {
        strings = offset_of(item.d_un.d_ptr);
      }
    }
    std::vector<std::string> libraries;
    std::transform(names.begin(), names.end(), std::back_inserter(libraries),
                   [&](std::uint64_t name) { return text_at(strings + name); });
    return libraries;
  }

 private:
  template <class Part>
  bool read(std::uint64_t offset, Part& part) const {
    return ::pread(file_.get(), &part, sizeof part, static_cast<off_t>(offset)) ==
           static_cast<ssize_t>(sizeof part);
  }

  // Returns the address's offset in the file; 0, where no text can begin, if it is not in the file.
  std::uint64_t offset_of(std::uint64_t address) const {
    for (const Elf64_Phdr& segment : segments_) {
      if (segment.p_type == PT_LOAD && address >= segment.p_vaddr &&
          address - segment.p_vaddr < segment.p_filesz) {
        return segment.p_offset + (address - segment.p_vaddr);
      }
    }
    return 0;
  }

  std::string text_at(std::uint64_t offset) const {
    std::array<char, 256> text{};  // longer than any libc's name
    static_cast<void>(
        ::pread(file_.get(), text.data(), text.size() - 1, static_cast<off_t>(offset)));
    return text.data();
  }

  Descriptor file_;
  std::vector<Elf64_Phdr> segments_;
};

}  // namespace

bool has_interpreter(const std::string& path) {
  return ElfFile(path).first(PT_INTERP) != nullptr;
}

std::optional<std::string> other_libc_of(const std::string& path) {
  for (const std::string& library : ElfFile(path).needed()) {
    if (library == "libc.so" || library.starts_with("libc.musl")) {
      return library;
    }
  }
  return std::nullopt;
}

}  // namespace heddle::conformance
