// symbols.hpp: which function, and which line, an address in a module's file belongs to.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

struct Dwfl;
struct Dwfl_Module;

namespace heddle::inject {

/// What is known of an address. Whatever is not known is empty, or 0.
struct Symbol {
  std::string function;  // demangled
  std::string file;      // of the source
  int line = 0;
};

/// Reads symbol tables and debugging information, also separate files that are installed for it;
/// asks no server for them. Keeps what it has read. A module that cannot be read has no symbols,
/// which is no error: its frames are then known by module and offset alone. Not thread-safe.
class Symbols {
 public:
  Symbols();
  ~Symbols();
  Symbols(const Symbols&) = delete;
  Symbols& operator=(const Symbols&) = delete;

  /// The symbol at `offset` from the load address of the module whose file is `path`. For a return
  /// address ask one byte before it, lest it belong to the next function. The answer stays valid as
  /// long as this object.
  const Symbol& at(const std::string& path, std::uint64_t offset);

 private:
  struct Module {
    std::unique_ptr<Dwfl, void (*)(Dwfl*)> reader;
    Dwfl_Module* module;  // null: cannot be read
    std::map<std::uint64_t, Symbol> known;
  };

  Module& module_of(const std::string& path);

  std::map<std::string, Module> modules_;
};

/// A name as its programmer wrote it: C++ and Rust names without their encoding, others as they
/// are.
std::string demangled(const std::string& name);

}  // namespace heddle::inject
