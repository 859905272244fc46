// The search for lost memory of the heap in a case's own process, by the tool that watches it:
// Valgrind's memcheck, or LeakSanitizer's run-time library. Without a tool these functions do
// nothing.
//
// The case itself searches, since it ends by _exit(): its other threads still live then, and what
// their stacks refer to is not lost. What was allocated before the case is no matter of its clause.
#pragma once

namespace heddle::conformance {

/// Leaves out of the search what the calling thread allocates from here on. Call it at the
/// template's start.
void ignore_leaks();

/// Uses up the memory that has been freed so far. Frames that still live have old pointers to it,
/// and a block of a case's own that came to lie there would never be lost. Call it before the first
/// case, after ignore_leaks().
void use_up_freed_memory();

/// Ends ignore_leaks(), and leaves out what is lost by now. Call it in the case's process, on the
/// thread that called ignore_leaks() before the fork.
void heed_leaks();

/// Has the tool report what is lost, and nothing refers to, since heed_leaks().
void search_leaks();

}  // namespace heddle::conformance
