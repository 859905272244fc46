// The streams that every process begins with.
#pragma once

#include <optional>
#include <string_view>

#include "heddle/error.hpp"

namespace heddle::sys {

/// Writes all of `text` to the stream with this descriptor, 1 or 2, in one write where the system
/// takes it. Any thread; async-signal-safe.
///
/// EINTR goes on. EBADF, a process that was started without the stream, counts as written. Whatever
/// else the system says is the caller's: EPIPE, ENOSPC, EIO, EAGAIN of a stream that does not
/// block, and so on, by what the stream is connected to. A stream that takes nothing, without an
/// error, is EIO.
std::optional<Error> write_standard_stream(int descriptor, std::string_view text) noexcept;

}  // namespace heddle::sys
