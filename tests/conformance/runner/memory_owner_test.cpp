// Whose an error or a leak is: the innermost frame of subject or suite decides.
#include "runner/memory_owner.hpp"

#include <initializer_list>
#include <utility>

#include "support/catch.hpp"

namespace heddle::conformance {
namespace {

const SubjectFile plugin{
    .given = "./libmine.so", .command = "", .path = "/libmine.so", .program = false};
const SubjectFile host{.given = "./mine", .command = "", .path = "/mine", .program = true};

Frames frames(std::initializer_list<std::pair<const char*, const char*>> objects_and_functions) {
  Frames stack;
  for (const auto& [object, function] : objects_and_functions) {
    auto& frame = stack.emplace_back();
    frame.object = object;
    frame.function = function;
  }
  return stack;
}

TEST_CASE("libraries act for whoever called them") {
  const std::string suite = own_executable();
  CHECK(
      responsible_for(
          frames({{"/vgpreload.so", "malloc"}, {"/libmine.so", "spawn"}, {suite.c_str(), "main"}}),
          plugin)
          .owner == Owner::subject);
  CHECK(responsible_for(frames({{"/vgpreload.so", "malloc"},
                                {suite.c_str(), "body"},
                                {"/libmine.so", "run"},
                                {"/libc.so.6", "start_thread"}}),
                        plugin)
            .owner == Owner::suite);
  CHECK(responsible_for(frames({{"/vgpreload.so", "calloc"}, {"/libc.so.6", "clone"}}), plugin)
            .owner == Owner::nobody);
}

TEST_CASE("in a program that hosts the suite the names decide") {
  CHECK(responsible_for(frames({{"/mine", "std::thread::Builder::spawn"},
                                {"/mine", "mine::start"},
                                {"/mine", "heddle::conformance::spawn(Closure const&)"}}),
                        host)
            .owner == Owner::subject);
  CHECK(responsible_for(frames({{"/mine", "std::vector<int>::push_back(int&&)"},
                                {"/mine", "int heddle::conformance::armed<int>(int)"},
                                {"/mine", "mine::run"}}),
                        host)
            .owner == Owner::suite);
  CHECK(responsible_for(frames({{"/mine", "keep_text"},
                                {"/mine", "operator()<mine::Text>"},
                                {"/mine", "heddle::conformance::run_closure(unsigned long)"},
                                {"/mine", "mine::run"}}),
                        host)
            .owner == Owner::suite);
  CHECK(responsible_for(frames({{"/mine", "bool std::operator==<mine::A>(mine::A)"},
                                {"/mine", "void mine::start<int>(int)"}}),
                        host)
            .owner == Owner::subject);
  CHECK(responsible_for(frames({{"/mine", "keep_text"}, {"/mine", "mine::name"}}), host).owner ==
        Owner::suite);
  CHECK(responsible_for(frames({{"/mine", ""}, {"/mine", "mine::name"}}), host).owner ==
        Owner::suite);
}

TEST_CASE("the frame that decided is told in words") {
  Frames stack = frames({{"/lib/vgpreload.so", "malloc"}, {"/libmine.so", "spawn"}});
  CHECK(responsible_for(stack, plugin).frame == "spawn (libmine.so)");
  stack[1].file = "mine.cpp";
  stack[1].line = 12;
  CHECK(responsible_for(stack, plugin).frame == "spawn (mine.cpp:12)");
  stack[1].function = "";
  CHECK(responsible_for(stack, plugin).frame == "?? (mine.cpp:12)");
}

}  // namespace
}  // namespace heddle::conformance
