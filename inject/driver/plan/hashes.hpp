// hashes.hpp: call stacks and thread paths as plans spell them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace heddle::inject {

/// Reads 16 hexadecimal digits. Nothing for other text, and for 0, which is no hash in a rule.
std::optional<std::uint64_t> parse_hash(std::string_view digits);
std::string format_hash(std::uint64_t hash);

/// Returns the hash of a thread path such as "0.2", "0.f1.1" or "?" (inject_control.h), or the hash
/// whose 16 digits the text is. Nothing for other text.
std::optional<std::uint64_t> parse_thread_path(std::string_view text);

}  // namespace heddle::inject
