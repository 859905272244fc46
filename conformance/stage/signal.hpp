// Synchronisation for checks: flags, barriers and shared numbers.
#pragma once

#include <atomic>
#include <cstdint>

#include "stage/system_call.hpp"

namespace heddle::conformance {

/// A flag that threads can wait for. An object of this type is a reference: it may be copied into
/// any closure, and the flag outlives every frame. set() happens before the wait() that it ends.
class Signal {
 public:
  Signal() : word_(new std::atomic<std::uint32_t>(0)) {}

  void set() const {
    word_->store(1, std::memory_order_release);
    futex_wake_all(*word_);
  }

  void wait() const {
    while (word_->load(std::memory_order_acquire) == 0) {
      futex_wait(*word_, 0);
    }
  }

  bool is_set() const { return word_->load(std::memory_order_acquire) != 0; }

 private:
  // Never freed: a thread may still look at the word after the check has returned.
  std::atomic<std::uint32_t>* word_;
};

/// A point that `parties` threads reach before any goes on.
class Barrier {
 public:
  explicit Barrier(std::uint32_t parties)
      : arrived_(new std::atomic<std::uint32_t>(0)), parties_(parties) {}

  void wait() const {
    if (arrived_->fetch_add(1, std::memory_order_acq_rel) + 1 == parties_) {
      all_.set();
    } else {
      all_.wait();
    }
  }

 private:
  std::atomic<std::uint32_t>* arrived_;  // never freed, as in Signal
  std::uint32_t parties_;
  Signal all_;
};

/// A number that threads share: one writes it, or all count it up. Orders no memory.
template <class Number>
class SharedNumber {
 public:
  SharedNumber() : number_(new std::atomic<Number>(0)) {}
  Number add(Number amount = 1) const {
    return number_->fetch_add(amount, std::memory_order_relaxed) + amount;
  }
  void set(Number number) const { number_->store(number, std::memory_order_relaxed); }
  Number get() const { return number_->load(std::memory_order_relaxed); }

 private:
  std::atomic<Number>* number_;  // never freed, as in Signal
};

using Counter = SharedNumber<std::uint64_t>;

}  // namespace heddle::conformance
