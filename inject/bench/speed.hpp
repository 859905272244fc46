// speed.hpp: the parts of the table.
#pragma once

namespace heddle::inject::bench {

/// Measures what a call costs that a rule looks at and lets pass: wrapped, and in the raw layer.
void measure_calls();

/// Measures how many faults a campaign tries a second.
void measure_campaign();

/// Measures how much memory a long campaign takes.
void measure_memory();

}  // namespace heddle::inject::bench
