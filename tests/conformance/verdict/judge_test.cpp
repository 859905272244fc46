#include "verdict/judge.hpp"

#include <csignal>

#include "support/catch.hpp"

namespace heddle::conformance::views {
namespace {

std::string judged_death(int signal) {
  CaseResult result;
  result.began = true;
  result.signal = signal;
  return judge(Clause{}, result, 0, std::chrono::milliseconds(1)).happened;
}

TEST_CASE("a death is told by the name of its signal, real-time or unknown") {
  CHECK(judged_death(SIGSEGV) == "it died of SIGSEGV (Segmentation fault)");
  CHECK(judged_death(SIGRTMIN) == "it died of SIGRTMIN");
  CHECK(judged_death(SIGRTMIN + 1) == "it died of SIGRTMIN+1");
  CHECK(judged_death(SIGRTMAX) == "it died of SIGRTMIN+" + std::to_string(SIGRTMAX - SIGRTMIN));
  CHECK(judged_death(200) == "it died of signal 200");
}

}  // namespace
}  // namespace heddle::conformance::views
