#include "process/symbols.hpp"

#include <cxxabi.h>
#include <elfutils/libdwfl.h>
#include <libiberty/demangle.h>

#include <cstdlib>

namespace heddle::inject {
namespace {

/// Looks for separate debugging files where distributions install them. A report must not depend on
/// a network: libdw asks a server only when the environment names one.
constexpr Dwfl_Callbacks callbacks{
    .find_elf = dwfl_build_id_find_elf,
    .find_debuginfo = dwfl_standard_find_debuginfo,
    .section_address = dwfl_offline_section_address,
    .debuginfo_path = nullptr,
};

Symbol read_symbol(Dwfl_Module* module, std::uint64_t offset) {
  Symbol symbol;
  // Where libdwfl has put the module: what it adds to the addresses in the file.
  GElf_Addr bias = 0;
  if (dwfl_module_getelf(module, &bias) == nullptr) {
    return symbol;
  }
  const Dwarf_Addr address = offset + bias;
  if (const char* const name = dwfl_module_addrname(module, address)) {
    symbol.function = demangled(name);
  }
  if (Dwfl_Line* const line = dwfl_module_getsrc(module, address)) {
    if (const char* const file =
            dwfl_lineinfo(line, nullptr, &symbol.line, nullptr, nullptr, nullptr)) {
      symbol.file = file;
    }
  }
  return symbol;
}

}  // namespace

std::string demangled(const std::string& name) {
  using Text = std::unique_ptr<char, void (*)(void*)>;
  // Rust first: its older encoding is valid C++ too, but with a hash that nobody wants to read.
  if (const Text text(rust_demangle(name.c_str(), 0), std::free); text != nullptr) {
    return text.get();
  }
  // Only encoded names: the demangler takes "f" for a type, float.
  if (!name.starts_with("_Z")) {
    return name;
  }
  int status = 0;
  const Text text(abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status), std::free);
  return status == 0 ? text.get() : name;
}

Symbols::Symbols() {
  unsetenv("DEBUGINFOD_URLS");
}

Symbols::~Symbols() = default;

Symbols::Module& Symbols::module_of(const std::string& path) {
  const auto known = modules_.find(path);
  if (known != modules_.end()) {
    return known->second;
  }
  Module module{{dwfl_begin(&callbacks), dwfl_end}, nullptr, {}};
  if (module.reader != nullptr) {
    dwfl_report_begin(module.reader.get());
    module.module = dwfl_report_offline(module.reader.get(), path.c_str(), path.c_str(), -1);
    dwfl_report_end(module.reader.get(), nullptr, nullptr);
  }
  return modules_.emplace(path, std::move(module)).first->second;
}

const Symbol& Symbols::at(const std::string& path, std::uint64_t offset) {
  Module& module = module_of(path);
  const auto known = module.known.find(offset);
  if (known != module.known.end()) {
    return known->second;
  }
  Symbol symbol = module.module != nullptr ? read_symbol(module.module, offset) : Symbol{};
  return module.known.emplace(offset, std::move(symbol)).first->second;
}

}  // namespace heddle::inject
