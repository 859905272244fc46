// The main function of a new thread.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include "heddle/io/output_capture.hpp"
#include "heddle/panic/catch_unwind.hpp"
#include "heddle/panic/short_backtrace.hpp"
#include "heddle/sys/native_thread.hpp"
#include "heddle/thread/packet.hpp"
#include "heddle/thread/thread.hpp"

namespace heddle::thread {

/// Makes the calling, new thread the one that `thread` refers to: sets its name, its sink and its
/// current().
void begin_thread(Thread thread, std::shared_ptr<io::Sink> output_capture);

/// The main function of a thread that runs `body`. It carries the body to the thread, and drops the
/// body once if the thread is never started.
template <class Body>
class ThreadMain final : public sys::Main {
 public:
  using T = std::invoke_result_t<Body>;

  /// Called by the parent thread, whose sink the new thread inherits.
  ThreadMain(Thread their_thread, std::shared_ptr<Packet<T>> their_packet, Body body)
      : their_thread_(std::move(their_thread)),
        their_packet_(std::move(their_packet)),
        output_capture_(io::output_capture()),
        body_(std::move(body)) {}

  void run() override {
    begin_thread(std::move(their_thread_), std::move(output_capture_));
    their_packet_->begin();
    their_packet_->publish(panic::catch_unwind([body = std::move(body_)]() mutable {
      return panic::begin_short_backtrace(std::move(body));
    }));
  }

 private:
  Thread their_thread_;
  std::shared_ptr<Packet<T>> their_packet_;
  std::shared_ptr<io::Sink> output_capture_;
  Body body_;
};

}  // namespace heddle::thread
