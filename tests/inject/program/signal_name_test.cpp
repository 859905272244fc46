#include <program/signal_name.hpp>

#include "support/catch.hpp"

namespace heddle::tests {
namespace {

TEST_CASE("a signal has its name, and a real-time one its distance from the first") {
  CHECK(inject::signal_name(SIGSEGV) == "SIGSEGV");
  CHECK(inject::signal_name(SIGRTMIN) == "SIGRTMIN");
  CHECK(inject::signal_name(SIGRTMIN + 1) == "SIGRTMIN+1");
  CHECK(inject::signal_name(SIGRTMAX) == "SIGRTMIN+" + std::to_string(SIGRTMAX - SIGRTMIN));
  CHECK(inject::signal_name(0) == std::nullopt);
  CHECK(inject::signal_name(200) == std::nullopt);
}

}  // namespace
}  // namespace heddle::tests
