#include "stage/leak_search.hpp"

#include <dlfcn.h>
#include <valgrind/memcheck.h>

#include <array>
#include <cstddef>
#include <cstdlib>

namespace heddle::conformance {
namespace {

// The functions of LeakSanitizer's run time, or null. Looked up at the template's start: a case may
// end while another of its threads holds the loader's lock.
struct {
  void (*disable)() = nullptr;
  void (*enable)() = nullptr;
  int (*search)() = nullptr;
} leak_sanitizer;

template <class Function>
void look_up(const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(RTLD_DEFAULT, name));
}

// Overwrites what returned calls have left below this frame. Later frames come to lie there, with
// gaps, and LeakSanitizer would take an old pointer in a gap for a reference: to a block that is
// lost, or to an old one at the same address.
[[gnu::noinline]] void wipe_dead_frames() {
  std::array<volatile char, std::size_t{256} << 10> frames;
  for (volatile char& byte : frames) {
    byte = 0;
  }
}

}  // namespace

void ignore_leaks() {
  look_up("__lsan_disable", leak_sanitizer.disable);
  look_up("__lsan_enable", leak_sanitizer.enable);
  look_up("__lsan_do_recoverable_leak_check", leak_sanitizer.search);
  if (leak_sanitizer.disable != nullptr) {
    leak_sanitizer.disable();
  }
}

void use_up_freed_memory() {
  if (leak_sanitizer.disable == nullptr) {
    return;
  }
  // More blocks of each small size than start-up frees. They are never given back.
  constexpr int blocks = 1024;
  for (std::size_t size = 16; size <= 256; size += 16) {
    for (int block = 0; block < blocks; ++block) {
      void* volatile kept = std::calloc(1, size);
      static_cast<void>(kept);
    }
  }
}

void heed_leaks() {
  if (leak_sanitizer.enable != nullptr) {
    wipe_dead_frames();
    leak_sanitizer.enable();
  }
  VALGRIND_DO_QUICK_LEAK_CHECK;
}

void search_leaks() {
  if (leak_sanitizer.search != nullptr) {
    wipe_dead_frames();
    leak_sanitizer.search();  // what it finds is in its report
  }
  VALGRIND_DO_ADDED_LEAK_CHECK;
}

}  // namespace heddle::conformance
