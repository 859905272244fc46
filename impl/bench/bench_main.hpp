// The benchmark, for a `main` in either language.
#pragma once

#include "contenders/loops.hpp"

/// Runs the benchmark and returns the process's exit status. `rust` is null in a build without
/// Rust.
extern "C" int heddle_bench_main(int argc, const char* const* argv,
                                 const heddle::bench::Loops* rust);
