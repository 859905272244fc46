// exported.hpp: the mark of a definition that leaves the shim. Each stands in exported_symbols.map
// as well; the mark is needed because everything else is compiled with hidden visibility.
#pragma once

#define HEDDLE_INJECT_EXPORTED extern "C" __attribute__((visibility("default")))
