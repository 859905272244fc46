// speed.hpp: the parts of the table.
#pragma once

namespace heddle::inject::bench {

/// What a call costs that is looked at and passes: wrapped, and by the raw layer.
void measure_calls();

/// How many faults a second a campaign does.
void measure_campaign();

/// How much memory a long campaign takes.
void measure_memory();

}  // namespace heddle::inject::bench
