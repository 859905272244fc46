// system_call_names.hpp: the numbers of the processor's system calls by their names, and back.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace heddle::inject {

struct SystemCallName {
  std::string_view name;
  std::uint32_t number;
};

/// Returns the system calls in the kernel's headers at build time, in the order of their numbers.
std::span<const SystemCallName> system_call_names();

std::optional<std::uint32_t> system_call_number(std::string_view name);

/// Returns the name of a system call; empty for an unknown number.
std::string_view system_call_name(std::uint32_t number);

}  // namespace heddle::inject
