// Output: includes all of heddle::io.
#pragma once

#include "heddle/io/output_capture.hpp"  // IWYU pragma: export
#include "heddle/io/print.hpp"           // IWYU pragma: export
