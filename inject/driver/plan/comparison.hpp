// comparison.hpp: conditions on a call's arguments, such as arg2>=65536.
#pragma once

#include <heddle/inject_control.h>

#include <string>
#include <string_view>

#include "plan/expression_reader.hpp"

namespace heddle::inject {

/// Reads the text behind the argument's name, which stands at `column`, into the rule's next free
/// comparison.
Problem read_comparison(ExpressionReader& reader, std::string_view argument, std::size_t column,
                        heddle_inject_rule& rule);

std::string format_comparison(const heddle_inject_comparison& comparison);

}  // namespace heddle::inject
