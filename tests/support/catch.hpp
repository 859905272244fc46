// Catch2 as the tests use it: 2.13 or 3, whichever the system has. The names are those of Catch2 3.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#include <string>

namespace Catch::Matchers {

/// Matches a text with `part` in it. Catch2 2.13 calls it Contains, which looks into ranges in 3.
inline StdString::ContainsMatcher ContainsSubstring(const std::string& part) {
  return Contains(part);
}

}  // namespace Catch::Matchers
#endif
