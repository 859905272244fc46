// The signals by which a user ends a run early, SIGINT and SIGTERM.
//
// Every wait of the suite ends with EINTR when a signal arrives, and asks here which one it was:
// other signals end nothing.
#pragma once

namespace heddle::conformance {

/// From here on SIGINT and SIGTERM are only noted, and do not end the calling process.
void watch_for_interruption();

/// Returns the signal that has arrived, or 0.
int interrupting_signal();

}  // namespace heddle::conformance
