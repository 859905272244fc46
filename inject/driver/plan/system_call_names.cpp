#include "plan/system_call_names.h"

#include <algorithm>
#include <iterator>

namespace heddle::inject {
namespace {

constexpr SystemCallName kNames[] = {
#include "system_call_names.inc"  // made from <asm/unistd_64.h>
};

}  // namespace

std::span<const SystemCallName> system_call_names() {
  return kNames;
}

std::optional<uint32_t> system_call_number(std::string_view name) {
  const auto* const found = std::ranges::find(kNames, name, &SystemCallName::name);
  return found == std::end(kNames) ? std::nullopt : std::optional(found->number);
}

std::string_view system_call_name(uint32_t number) {
  const auto* const found = std::ranges::find(kNames, number, &SystemCallName::number);
  return found == std::end(kNames) ? std::string_view{} : found->name;
}

}  // namespace heddle::inject
