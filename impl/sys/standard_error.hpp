// Standard error, for diagnostics.
#pragma once

#include <string_view>

namespace heddle::sys {

/// Writes all of `text` to standard error, in one write where the system takes it. Can be called on
/// any thread.
void write_standard_error(std::string_view text) noexcept;

}  // namespace heddle::sys
