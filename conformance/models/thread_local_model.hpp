// A model of one thread's locals with destructors: a state for each slot. Plain C++, so that
// properties and fuzz targets can drive it.
//
// The order in which values die depends on the mechanism (a list, keys of the system), so the model
// follows the order that it is shown. A mechanism that keeps a list can be held to its order: see
// DestructionOrder.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace heddle::conformance {

/// The state of a slot. The way from `dead` back to `alive` is open to some mechanisms (Rust:
/// LocalKey, Platform-specific behavior) and closed to others.
enum class DestructorState { unregistered, alive, dying, dead };

/// The outcome of an access to a slot.
enum class Access {
  initialises,        ///< a new value is made and found
  finds,              ///< the slot's value is found
  no_access,          ///< refused
  no_access_or_anew,  ///< refused, or a new value is made and found
};

/// The order in which a mechanism destroys values.
enum class DestructionOrder {
  any,
  youngest_first,  ///< reverse order of registration, and a destroyed slot stays dead
};

/// The moment at which a lazy slot's destructor is registered; asked of youngest_first only.
enum class Registration { before_initialiser, after_initialiser };

/// One thread's slots. Unless it says otherwise, a function with a bool result says whether the
/// promise allows what was just seen.
class ThreadLocalModel {
 public:
  static constexpr std::size_t slot_count = 6;

  explicit ThreadLocalModel(DestructionOrder order = DestructionOrder::any,
                            Registration registration = Registration::after_initialiser)
      : order_(order), registration_(registration) {}

  Access predict(std::size_t slot) const {
    switch (slots_[slot].state) {
      case DestructorState::unregistered:
        return Access::initialises;
      case DestructorState::alive:
        return Access::finds;
      case DestructorState::dying:
        return Access::no_access;
      default:
        return order_ == DestructionOrder::any ? Access::no_access_or_anew : Access::no_access;
    }
  }

  /// Notes that the slot's initialiser begins, or that its constant is about to be accessed for the
  /// first time.
  bool begins_to_initialise(std::size_t slot) {
    const Access access = predict(slot);
    if (registration_ == Registration::before_initialiser) {
      registered_.push_back(slot);
    }
    return access == Access::initialises || access == Access::no_access_or_anew;
  }

  /// Notes that the slot's new value is `value`.
  void initialised(std::size_t slot, std::uint64_t value) {
    slots_[slot] = {DestructorState::alive, value, slots_[slot].born + 1, dying_generation_ + 1};
    if (registration_ == Registration::after_initialiser) {
      registered_.push_back(slot);
    }
  }

  /// Returns the value that an access finds. Only while the slot is alive.
  std::uint64_t value_of(std::size_t slot) const { return slots_[slot].value; }
  bool is_alive(std::size_t slot) const { return slots_[slot].state == DestructorState::alive; }

  /// Notes that the destructor of `value` begins.
  bool begins_to_die(std::size_t slot, std::uint64_t value) {
    Slot& dying = slots_[slot];
    const bool allowed = dying.state == DestructorState::alive && dying.value == value &&
                         (order_ == DestructionOrder::any || is_youngest(slot));
    dying.state = DestructorState::dying;
    dying_generation_ = dying.generation;
    if (!registered_.empty()) {
      registered_.pop_back();
    }
    return allowed;
  }

  /// Notes that the destructor of the slot's value ends.
  void has_died(std::size_t slot) {
    slots_[slot].state = DestructorState::dead;
    dying_generation_ = 0;
  }

  /// Returns the generation of the slot's value: 1 if it was made outside of all destructors, or
  /// one more than the generation of the value whose destructor made it.
  unsigned generation(std::size_t slot) const { return slots_[slot].generation; }

  /// Returns how many values the slot has had.
  unsigned born(std::size_t slot) const { return slots_[slot].born; }

  /// Returns whether all values are dead, as they must be when the thread has been joined.
  bool all_dead() const {
    for (const Slot& slot : slots_) {
      if (slot.state == DestructorState::alive || slot.state == DestructorState::dying) {
        return false;
      }
    }
    return true;
  }

 private:
  bool is_youngest(std::size_t slot) const {
    return !registered_.empty() && registered_.back() == slot;
  }

  struct Slot {
    DestructorState state = DestructorState::unregistered;
    std::uint64_t value = 0;
    unsigned born = 0;
    unsigned generation = 0;
  };

  DestructionOrder order_;
  Registration registration_;
  std::array<Slot, slot_count> slots_{};
  std::vector<std::size_t> registered_;  // oldest first; read only for youngest_first
  unsigned dying_generation_ = 0;
};

}  // namespace heddle::conformance
