// How a target tells that something is wrong.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace heddle::fuzz {

/// Aborts with a line that says what should have been so, unless it is so. libFuzzer then keeps the
/// input.
inline void require(bool holds, std::string_view what) {
  if (!holds) {
    std::fprintf(stderr, "fuzz: it is not so that %.*s\n", static_cast<int>(what.size()),
                 what.data());
    std::abort();
  }
}

}  // namespace heddle::fuzz
