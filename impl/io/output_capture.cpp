#include "heddle/io/output_capture.hpp"

#include <atomic>
#include <utility>

#include "heddle/io/print.hpp"
#include "heddle/sys/annotations.hpp"
#include "heddle/thread/thread_local.hpp"

namespace heddle::io {
namespace {

HEDDLE_THREAD_LOCAL_CONST(OUTPUT_CAPTURE, Cell<std::shared_ptr<Sink>>());

// Whether any thread has ever had a sink. Until then no thread touches the thread local, which
// would cost each a destructor. Relaxed, since it tells a thread only about its own sink: the
// thread has set it itself, or inherited it from the thread that started it, and starting a thread
// orders the two.
constinit std::atomic<bool> output_capture_used = false;

template <class Get>
std::shared_ptr<Sink> from_output_capture(Get get) {
  if (!output_capture_used.load(std::memory_order_relaxed)) {
    return nullptr;
  }
  auto sink = OUTPUT_CAPTURE.try_with(get);
  return sink ? std::move(sink).value() : nullptr;
}

}  // namespace

std::shared_ptr<Sink> set_output_capture(std::shared_ptr<Sink> sink) {
  if (!sink && !output_capture_used.load(std::memory_order_relaxed)) {
    return nullptr;
  }
  sys::annotations::shares(output_capture_used);
  output_capture_used.store(true, std::memory_order_relaxed);
  return OUTPUT_CAPTURE.replace(std::move(sink));
}

std::shared_ptr<Sink> output_capture() noexcept {
  return from_output_capture([](auto& capture) { return capture.get(); });
}

std::shared_ptr<Sink> detail::take_output_capture() noexcept {
  return from_output_capture([](auto& capture) { return capture.take(); });
}

}  // namespace heddle::io
