#include "module.hpp"

#include <dlfcn.h>
#include <elf.h>
#include <sys/auxv.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>
#include <iterator>
#include <span>

#include "program_name.hpp"

namespace heddle::inject {
namespace {

using FindObject = int (*)(void*, dl_find_object*);
constinit FindObject find_object = nullptr;

struct Slot {
  std::atomic<bool> ready;  // released by the thread that fills the module, acquired by readers
  Module module;
};

constinit Slot slots[HEDDLE_INJECT_MAXIMUM_MODULES]{};
constinit std::atomic<std::uint32_t> claimed{0};
constinit const Module* shim = nullptr;

template <typename Type>
const Type* at(std::uintptr_t address) {
  return std::bit_cast<const Type*>(address);
}

using ProgramHeaders = std::span<const ElfW(Phdr)>;

ProgramHeaders program_headers(const dl_find_object& object) {
  if (*object.dlfo_link_map->l_name == '\0') {
    // The program itself. Its segments may lie apart, since nobody reserves the space between them.
    // The dynamic linker then finds one of them, which need not have the ELF header.
    return {at<ElfW(Phdr)>(getauxval(AT_PHDR)), getauxval(AT_PHNUM)};
  }
  const auto map_start = std::bit_cast<std::uintptr_t>(object.dlfo_map_start);
  const auto* const header = at<ElfW(Ehdr)>(map_start);
  if (std::memcmp(&header->e_ident[0], ELFMAG, SELFMAG) != 0) {
    return {};
  }
  return {at<ElfW(Phdr)>(map_start + header->e_phoff), header->e_phnum};
}

/// Finds the build id among the notes of one segment; empty without one.
std::span<const std::uint8_t> build_id_in(std::span<const std::uint8_t> notes,
                                          std::size_t alignment) {
  const auto padded = [&](std::size_t size) { return (size + alignment - 1) & ~(alignment - 1); };
  while (notes.size() >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) note;
    std::memcpy(&note, notes.data(), sizeof note);
    const std::size_t description = padded(sizeof note + note.n_namesz);
    const std::size_t next = description + padded(note.n_descsz);
    if (next > notes.size()) {
      break;
    }
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == sizeof ELF_NOTE_GNU &&
        std::memcmp(notes.data() + sizeof note, ELF_NOTE_GNU, sizeof ELF_NOTE_GNU) == 0) {
      return notes.subspan(description, note.n_descsz);
    }
    notes = notes.subspan(next);
  }
  return {};
}

std::span<const std::uint8_t> build_id_of(std::uintptr_t load_address, ProgramHeaders headers) {
  for (const ElfW(Phdr) & header : headers) {
    if (header.p_type == PT_NOTE) {
      const auto* const notes = at<std::uint8_t>(load_address + header.p_vaddr);
      const auto found = build_id_in({notes, header.p_memsz}, header.p_align < 8 ? 4 : 8);
      if (!found.empty()) {
        return found;
      }
    }
  }
  return {};
}

/// Hashes by FNV-1a, as for thread paths.
std::uint64_t hash_of(std::span<const std::uint8_t> bytes) {
  std::uint64_t hash = UINT64_C(14695981039346656037);
  for (const std::uint8_t byte : bytes) {
    hash = (hash ^ byte) * UINT64_C(1099511628211);
  }
  return hash;
}

void fill_code(Module& module, ProgramHeaders headers) {
  constexpr unsigned readable_code = PF_R | PF_X;
  auto* range = std::begin(module.code);
  for (const ElfW(Phdr) & header : headers) {
    if (header.p_type == PT_LOAD && (header.p_flags & readable_code) == readable_code &&
        range != std::end(module.code)) {
      const std::uintptr_t start = module.load_address + header.p_vaddr;
      *range++ = {start, start + header.p_memsz};
    }
  }
}

void fill(Module& module, const dl_find_object& object) {
  module.linked = object.dlfo_link_map;
  module.load_address = object.dlfo_link_map->l_addr;
  const ProgramHeaders headers = program_headers(object);
  fill_code(module, headers);
  // The dynamic linker has no name for the program itself.
  const char* const name = object.dlfo_link_map->l_name;
  std::strncpy(&module.path[0], *name == '\0' ? program_path() : name, sizeof module.path - 1);
  const std::span<const std::uint8_t> build_id = build_id_of(module.load_address, headers);
  module.build_id_size =
      static_cast<std::uint32_t>(std::min(build_id.size(), sizeof module.build_id));
  std::copy_n(build_id.begin(), module.build_id_size, &module.build_id[0]);
  module.identity = module.build_id_size != 0 ? hash_of({&module.build_id[0], module.build_id_size})
                                              : heddle_inject_path_hash(module.file_name());
}

}  // namespace

const char* Module::file_name() const {
  const char* const slash = std::strrchr(&path[0], '/');
  return slash == nullptr ? &path[0] : slash + 1;
}

Module* find_module(const void* address) {
  dl_find_object object;
  if (find_object == nullptr || find_object(const_cast<void*>(address), &object) != 0) {
    return nullptr;
  }
  const std::uint32_t count = std::min<std::uint32_t>(claimed.load(std::memory_order_relaxed),
                                                      HEDDLE_INJECT_MAXIMUM_MODULES);
  for (Slot& slot : std::span(slots).first(count)) {
    if (slot.ready.load(std::memory_order_acquire) && slot.module.linked == object.dlfo_link_map &&
        slot.module.load_address == object.dlfo_link_map->l_addr) {
      return &slot.module;
    }
  }
  // If two threads note the same module at once, it has two entries with one identity.
  const std::uint32_t index = claimed.fetch_add(1, std::memory_order_relaxed);
  if (index >= HEDDLE_INJECT_MAXIMUM_MODULES) {
    claimed.store(HEDDLE_INJECT_MAXIMUM_MODULES, std::memory_order_relaxed);
    return nullptr;
  }
  fill(slots[index].module, object);
  slots[index].ready.store(true, std::memory_order_release);
  return &slots[index].module;
}

bool is_code(const Module& module, const void* address, std::size_t room) {
  const auto wanted = std::bit_cast<std::uintptr_t>(address);
  return std::ranges::any_of(module.code, [&](const CodeRange& range) {
    return wanted >= range.start + room && wanted <= range.end;
  });
}

void note_modules() {
  static_cast<void>(dl_iterate_phdr(
      [](dl_phdr_info* information, std::size_t /*size*/, void* /*unused*/) {
        // Its program headers are mapped with its first segment.
        static_cast<void>(find_module(information->dlpi_phdr));
        return 0;
      },
      nullptr));
}

std::uintptr_t end_of_module(std::uintptr_t address) {
  dl_find_object object;
  return find_object != nullptr && find_object(std::bit_cast<void*>(address), &object) == 0
             ? std::bit_cast<std::uintptr_t>(object.dlfo_map_end)
             : 0;
}

const Module* own_module() {
  return shim;
}

void set_up_modules() {
  find_object = reinterpret_cast<FindObject>(dlsym(RTLD_DEFAULT, "_dl_find_object"));
  shim = find_module(reinterpret_cast<const void*>(&set_up_modules));
}

}  // namespace heddle::inject
