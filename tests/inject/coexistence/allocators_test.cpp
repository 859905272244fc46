// Allocators beside the shim: they call what it wraps, also before it is initialised, and from
// within the dynamic linker.

#include "support/catch.hpp"
#include "unchanged.hpp"

namespace heddle::tests {
namespace {

constexpr const char* jemalloc = "libjemalloc.so.2";

/// With the shim before the other library, and after it.
void check_in_both_orders(const std::string& library, const std::string& program) {
  for (const std::string& preload :
       {HEDDLE_INJECT_SHIM ":" + library, library + ":" HEDDLE_INJECT_SHIM}) {
    Comparison comparison;
    comparison.plain_preload = library;
    comparison.preload = preload;
    const FinishedProcess plain = check_unchanged({program}, comparison);
    CHECK(plain.status == 8);
    CHECK(plain.output.ends_with("100 texts, 1, 1\n"));
    CHECK(plain.errors.empty());
  }
}

TEST_CASE("jemalloc and the shim are preloaded in either order") {
  CHECK(run({ALLOCATES}, {{"LD_PRELOAD", jemalloc}}).output.starts_with("jemalloc: 1\n"));
  check_in_both_orders(jemalloc, ALLOCATES);
}

TEST_CASE("an allocator whose calls of dlsym lead back to it is preloaded in either order") {
  check_in_both_orders(ALLOCATOR, ALLOCATES);
}

TEST_CASE("a program may contain such an allocator itself") {
  const FinishedProcess plain = check_unchanged({ALLOCATES_ITSELF});
  CHECK(plain.output.ends_with("100 texts, 1, 1\n"));
}

/// The library is added behind the shim, and kept out of heddle-inject itself, which may have been
/// built with a sanitizer.
FinishedProcess run_short_of_memory(const std::string& program, const std::string& library) {
  return run({HEDDLE_INJECT_PROGRAM, "run", "--must-fire", "-e", "mmap:error=ENOMEM:arg2>=67108864",
              "--", "sh", "-c", "LD_PRELOAD=$LD_PRELOAD:$0 exec $1", library, program},
             // Otherwise jemalloc grows the heap by sbrk when it cannot map.
             {{"MALLOC_CONF", "dss:disabled"}});
}

TEST_CASE("what an allocator maps by name can be failed: its malloc then returns null") {
  CHECK(run_short_of_memory(ALLOCATES, jemalloc).output == "jemalloc: 1\n100 texts, 1, 0\n");
  CHECK(run_short_of_memory(ALLOCATES, ALLOCATOR).output == "jemalloc: 0\n100 texts, 1, 0\n");
  CHECK(run_short_of_memory(ALLOCATES_ITSELF, "").output == "jemalloc: 0\n100 texts, 1, 0\n");
}

}  // namespace
}  // namespace heddle::tests
