// symbols.hpp: the function and the line to which an address in a module's file belongs.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

struct Dwfl;
struct Dwfl_Module;

namespace heddle::inject {

/// What is known of an address. Unknown fields are empty, or 0.
struct Symbol {
  std::string function;  // demangled
  std::string file;      // source file
  int line = 0;
};

/// A reader of symbol tables and debugging information, including separate files that are
/// installed, without asking a server. Keeps what it has read. A module that cannot be read simply
/// has no symbols: its frames are known by module and offset alone. Not thread-safe.
class Symbols {
 public:
  Symbols();
  ~Symbols();
  Symbols(const Symbols&) = delete;
  Symbols& operator=(const Symbols&) = delete;

  /// Returns the symbol at `offset` from the load address of the module whose file is `path`. For a
  /// return address ask for the byte before it, which lies in the calling function. The answer is
  /// valid as long as this object.
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

/// Returns a name as its programmer wrote it: C++ and Rust names decoded, others as they are.
std::string demangled(const std::string& name);

}  // namespace heddle::inject
