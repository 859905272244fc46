// exported.hpp: the mark of a definition that the shim exports. The mark is needed because the shim
// is compiled with hidden visibility. exported_symbols.map lists each such symbol as well.
#pragma once

#define HEDDLE_INJECT_EXPORTED extern "C" __attribute__((visibility("default")))
