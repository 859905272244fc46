// Messages between the suite's processes: whatever else comes in is told apart from them.
#include "runner/message_socket.hpp"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <string>

#include "support/catch.hpp"

using namespace heddle::conformance;
using std::chrono::milliseconds;

namespace {

Silence silence_of(MessageSocket& socket) {
  Patience patience(milliseconds(50));
  const auto message = socket.receive(patience);
  REQUIRE(!message);
  return message.error();
}

}  // namespace

TEST_CASE("a message arrives whole, however long") {
  auto [one, other] = MessageSocket::pair();
  const nlohmann::json message = {{"text", std::string(100'000, 'x')}};
  REQUIRE(one.send(message));
  REQUIRE(other.receive() == message);
  REQUIRE(one.send({{"next", 1}}));
  CHECK(other.receive()->at("next") == 1);
}

TEST_CASE("bytes that are no message are damage") {
  for (const std::string bytes : {"x", "{\"started\": 1}", "0123456789012345678901234567890"}) {
    auto [one, other] = MessageSocket::pair();
    REQUIRE(::send(one.descriptor(), bytes.data(), bytes.size(), 0) > 0);
    CHECK(silence_of(other) == Silence::damaged);
  }
}

TEST_CASE("a message that is sent again is damage") {
  auto [one, other] = MessageSocket::pair();
  REQUIRE(one.send({{"number", 1}}));
  std::string packet(1000, '\0');
  const ssize_t size = ::recv(other.descriptor(), packet.data(), packet.size(), MSG_PEEK);
  REQUIRE(size > 0);
  REQUIRE(other.receive());
  REQUIRE(::send(one.descriptor(), packet.data(), static_cast<std::size_t>(size), 0) == size);
  CHECK(silence_of(other) == Silence::damaged);
}

TEST_CASE("a message that is no object is damage") {
  auto [one, other] = MessageSocket::pair();
  REQUIRE(one.send(nlohmann::json(7)));
  CHECK(silence_of(other) == Silence::damaged);
}

TEST_CASE("a message of which the rest never comes runs out of time") {
  auto [one, other] = MessageSocket::pair();
  REQUIRE(one.send({{"text", std::string(100'000, 'x')}}));
  auto [third, last] = MessageSocket::pair();
  std::string packet(100'000, '\0');
  const ssize_t size = ::recv(other.descriptor(), packet.data(), packet.size(), 0);
  REQUIRE(::send(third.descriptor(), packet.data(), static_cast<std::size_t>(size), 0) == size);
  CHECK(silence_of(last) == Silence::timeout);
}

TEST_CASE("a receiver that takes nothing costs the sender its patience, and no more") {
  auto [one, other] = MessageSocket::pair();
  const nlohmann::json message = {{"text", std::string(1'000'000, 'x')}};
  CHECK(!one.send(message, milliseconds(50)));
}

TEST_CASE("a process that has ended is silent, though another one keeps its socket open") {
  auto [one, other] = MessageSocket::pair();  // `other` stays open here
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(0);
  }
  one.watch(Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, child, 0))));
  CHECK(one.receive().error() == Silence::closed);
  ::waitpid(child, nullptr, 0);
}
