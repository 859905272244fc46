// A model of a thread local around a cell. Plain C++, so that properties and fuzz targets can drive
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

namespace heddle::conformance {

/// What one thread's slot holds. 0 stands for an empty value (Rust: LocalKey<Cell<T>>).
class CellModel {
 public:
  /// Returns whether the next access runs the initialiser, unless it is a set.
  bool is_unset() const { return !contents_; }

  std::uint64_t contents() const { return contents_.value_or(0); }

  /// Notes that the slot now holds `value`, as its initialiser says, or a set, a replace, or a
  /// take, which puts 0. Returns what the slot has held: 0 if there was nothing.
  std::uint64_t put(std::uint64_t value) {
    return std::exchange(contents_, std::optional(value)).value_or(0);
  }

 private:
  std::optional<std::uint64_t> contents_;  // nothing: not initialised
};

}  // namespace heddle::conformance
