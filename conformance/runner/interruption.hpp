// The signals by which a user ends a run early, SIGINT and SIGTERM.
//
// Every wait of the suite's ends with EINTR when one arrives, and asks here what it was: other
// signals may arrive as well, and end nothing.
#pragma once

namespace heddle::conformance {

/// From here on SIGINT and SIGTERM are noted, and end no process that has called this.
void watch_for_interruption();

/// The one that has arrived, or 0.
int interrupting_signal();

}  // namespace heddle::conformance
