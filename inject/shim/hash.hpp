// hash.hpp: the shim's one mixing function. Nothing here guards against chosen input.
#pragma once

#include <cstdint>

namespace heddle::inject {

/// Applies the finaliser of the SplitMix64 generator: every bit of the result depends on every bit
/// of the value.
constexpr std::uint64_t mixed(std::uint64_t value) {
  value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
  return value ^ (value >> 31);
}

}  // namespace heddle::inject
