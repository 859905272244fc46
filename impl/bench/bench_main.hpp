// The benchmark, whoever owns main.
#pragma once

#include "contenders/loops.hpp"

/// `rust` is null where there is no Rust to compare with. The answer is the process's exit status.
extern "C" int heddle_bench_main(int argc, const char* const* argv,
                                 const heddle::bench::Loops* rust);
