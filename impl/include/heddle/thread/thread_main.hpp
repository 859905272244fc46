// What runs on a new thread.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include "heddle/panic/catch_unwind.hpp"
#include "heddle/sys/native_thread.hpp"
#include "heddle/thread/packet.hpp"
#include "heddle/thread/thread.hpp"

namespace heddle::thread {

/// Makes the calling, new thread the one that `thread` refers to: its name, its current().
void begin_thread(Thread thread);

/// The main function of a thread that runs `body`. Also carries the body to the thread, and drops
/// it once when the thread never comes to be.
template <class Body>
class ThreadMain final : public sys::Main {
 public:
  using T = std::invoke_result_t<Body>;

  ThreadMain(Thread their_thread, std::shared_ptr<Packet<T>> their_packet, Body body)
      : their_thread_(std::move(their_thread)),
        their_packet_(std::move(their_packet)),
        body_(std::move(body)) {}

  void run() override {
    begin_thread(std::move(their_thread_));
    their_packet_->begin();
    their_packet_->publish(panic::catch_unwind(std::move(body_)));
  }

 private:
  Thread their_thread_;
  std::shared_ptr<Packet<T>> their_packet_;
  Body body_;
};

}  // namespace heddle::thread
