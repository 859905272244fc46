// Faults as plan expressions.
#include "catalogue/fault.hpp"

#include <cerrno>
#include <cstdint>
#include <limits>

#include "support/catch.hpp"

namespace heddle::conformance::views {
namespace {

TEST_CASE("a fault names its call, its errno and its occurrence") {
  CHECK(plan_expression(fails(HEDDLE_INJECT_PTHREAD_CREATE, EAGAIN)) ==
        "pthread_create:error=EAGAIN:when=1:count=process");
  CHECK(plan_expression(fails(HEDDLE_INJECT_MMAP, ENOMEM, 7)) ==
        "mmap:error=ENOMEM:when=7:count=process");
}

TEST_CASE("a fault that only counts says so") {
  CHECK(plan_expression(counted(HEDDLE_INJECT_PTHREAD_JOIN)) ==
        "pthread_join:counted:when=1+:count=process");
}

TEST_CASE("several occurrences are a range") {
  CHECK(plan_expression(wakes_spuriously(3)) == "futex.wait:spurious:when=1..3:count=process");
  CHECK(plan_expression(fails_first(HEDDLE_INJECT_PTHREAD_ATTR_SETSTACKSIZE, EINVAL, 2)) ==
        "pthread_attr_setstacksize:error=EINVAL:when=1..2:count=process");
}

TEST_CASE("steps and open ends are spelled as strace spells them") {
  Fault fault = fails(HEDDLE_INJECT_FUTEX_WAKE, EFAULT, 2);
  fault.last = 8;
  fault.step = 3;
  CHECK(plan_expression(fault) == "futex.wake:error=EFAULT:when=2..8+3:count=process");
  fault.last = std::numeric_limits<std::uint64_t>::max();
  CHECK(plan_expression(fault) == "futex.wake:error=EFAULT:when=2+3:count=process");
  fault.step = 1;
  CHECK(plan_expression(fault) == "futex.wake:error=EFAULT:when=2+:count=process");
}

TEST_CASE("a step of zero means the first occurrence alone") {
  Fault fault = fails_first(HEDDLE_INJECT_MMAP, ENOMEM, 9);
  fault.step = 0;
  CHECK(plan_expression(fault) == "mmap:error=ENOMEM:when=1:count=process");
}

TEST_CASE("counting by thread, and an errno without a name, are said") {
  Fault fault = fails(HEDDLE_INJECT_SIGALTSTACK, 4095);
  fault.count = HEDDLE_INJECT_COUNT_THREAD;
  CHECK(plan_expression(fault) == "sigaltstack:error=4095:when=1:count=thread");
}

}  // namespace
}  // namespace heddle::conformance::views
