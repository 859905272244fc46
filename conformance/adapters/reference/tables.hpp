// The reference's tables, one for each feature that it offers.
#pragma once

#include <heddle/subject.h>

namespace heddle::adapter {

extern const heddle_spawning spawning;
extern const heddle_threads threads;
extern const heddle_parking parking;
extern const heddle_pausing pausing;
extern const heddle_scopes scopes;
extern const heddle_panics panics;
extern const heddle_tls tls;
extern const heddle_guard guard;
extern const heddle_process process;
extern const heddle_keys keys;
extern const heddle_capture capture;
extern const heddle_presets presets;

}  // namespace heddle::adapter
