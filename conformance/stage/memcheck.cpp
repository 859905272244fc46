#include "stage/memcheck.hpp"

#include <fmt/format.h>
#include <valgrind/valgrind.h>

#include "stage/stage_case.hpp"

namespace heddle::conformance {

void excuse_under_memcheck(std::string_view what_it_does) {
  if (RUNNING_ON_VALGRIND != 0) {
    excuse(fmt::format("memcheck {}", what_it_does));
  }
}

}  // namespace heddle::conformance
