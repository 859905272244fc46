// Turns any bytes into a program of calls to the reference, and compares every answer with the
// suite's models. The first line of a failure says what was done, what was expected and what
// happened.
#include <cstring>
#include <memory>
#include <vector>

#include "input.hpp"
#include "program/program.hpp"
#include "program/story.hpp"

namespace heddle::fuzz {
namespace {

// The program that is being played. Its threads are gone before the next one comes.
Program* played = nullptr;

std::vector<std::unique_ptr<char[]>> kept_texts;
std::mutex kept_texts_mutex;

void dropped(heddle_cookie cookie, const void* /*object*/, heddle_outcome* /*out*/) {
  played->dropped(cookie);
}

void tls_initial(std::uint32_t storage, std::uint32_t slot, heddle_outcome* out) {
  played->initial(storage, slot, out);
}

void hook(const char* /*text*/, std::size_t /*length*/, heddle_outcome* /*out*/) {
  played->hook_runs();
}

void static_key_destructor(std::uint32_t /*slot*/, void* value) {
  played->key_value_dies(value);
}

const char* keep_text(const char* text, std::size_t length) {
  const std::lock_guard lock(kept_texts_mutex);
  char* const copy = kept_texts.emplace_back(std::make_unique<char[]>(length + 1)).get();
  std::memcpy(copy, text, length);
  return copy;
}

const heddle_host the_host = {.major = HEDDLE_ABI_MAJOR,
                              .minor = HEDDLE_ABI_MINOR,
                              .size = sizeof(heddle_host),
                              .outcome_size = sizeof(heddle_outcome),
                              .dropped = dropped,
                              .tls_initial = tls_initial,
                              .hook = hook,
                              .key_destructor = static_key_destructor,
                              .keep_text = keep_text};

const heddle_subject_table& subject() {
  static const heddle_subject_table* const table = [] {
    const heddle_subject_table* const its_table = heddle_subject(&the_host);
    heddle_outcome out{};
    its_table->panics->set_hook(1, &out);
    return its_table;
  }();
  return *table;
}

}  // namespace

void body_of_the_program(heddle_cookie env, void* argument, heddle_outcome* out) {
  played->run_body(env, argument, out);
}

void key_destructor(void* value) {
  played->key_value_dies(value);
}

}  // namespace heddle::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace heddle::fuzz;
  const auto program = std::make_unique<Program>(subject(), as_text(data, size));
  played = program.get();
  program->play();
  played = nullptr;
  kept_texts.clear();
  return 0;
}
