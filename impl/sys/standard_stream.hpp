// The standard streams for output.
#pragma once

#include <optional>
#include <string_view>

#include "heddle/error.hpp"

namespace heddle::sys {

/// Writes all of `text` to the stream with this descriptor, 1 or 2, in one write where the system
/// takes it. Can be called on any thread; async-signal-safe.
///
/// EINTR tries again. EBADF, in a process that was started without the stream, counts as written.
/// All other errors are returned: EPIPE, ENOSPC, EIO, EAGAIN from a non-blocking stream, and so on,
/// depending on what the stream is connected to. A stream that takes no byte, without an error,
/// returns EIO.
std::optional<Error> write_standard_stream(int descriptor, std::string_view text) noexcept;

}  // namespace heddle::sys
