#include "plan/system_call_names.hpp"

#include <algorithm>
#include <iterator>

namespace heddle::inject {
namespace {

constexpr SystemCallName names[] = {
#include "system_call_names.inc"  // made from <asm/unistd.h>
};

}  // namespace

std::span<const SystemCallName> system_call_names() {
  return names;
}

std::optional<std::uint32_t> system_call_number(std::string_view name) {
  const auto* const found = std::ranges::find(names, name, &SystemCallName::name);
  return found == std::end(names) ? std::nullopt : std::optional(found->number);
}

std::string_view system_call_name(std::uint32_t number) {
  const auto* const found = std::ranges::find(names, number, &SystemCallName::number);
  return found == std::end(names) ? std::string_view{} : found->name;
}

}  // namespace heddle::inject
