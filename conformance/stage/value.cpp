#include "stage/value.hpp"

#include <fmt/format.h>

#include <array>
#include <atomic>
#include <cstring>

#include "stage/stage_case.hpp"

namespace heddle::conformance {
namespace {

constexpr std::size_t maximum_values = 1 << 17;
constexpr std::size_t slot_count = std::size_t{HEDDLE_STORAGES} * std::size_t{HEDDLE_MAXIMUM_SLOTS};
// Above every constant that a subject is built with (HEDDLE_CONST_COOKIE), and never a valid
// address.
constexpr heddle_cookie first_cookie = UINT64_C(0x4845444c45000001);

// What the suite knows about one cookie. Counters are relaxed: the subject promises (by join,
// scope) that a drop is visible to a reader, and the suite must not help it.
struct Life {
  std::array<char, 40> name{};
  std::atomic<std::uint64_t> drops = 0;
  std::atomic<std::uint64_t> handed_back = 0;
  std::atomic<std::uint32_t> dropped_on = 0;
  std::atomic<const void*> dropped_at = nullptr;
  std::atomic<std::uint64_t> runs = 0;
  std::atomic<std::uint32_t> ran_on = 0;
  // Owned; never freed, since drops arrive until the process is gone.
  std::function<Ending()>* when_dropped = nullptr;
  std::function<Ending(void*)>* body = nullptr;
};

// Not constinit: clang's constant evaluation stops at a million steps, and then the array is zeroed
// before main.
std::array<Life, maximum_values> lives{};
constinit std::array<Life, slot_count> const_lives{};
std::atomic<std::size_t> values_made = 0;

std::array<std::function<Ending()>*, slot_count> initialisers{};
std::array<std::function<void(void*)>*, HEDDLE_MAXIMUM_SLOTS> key_destructors{};
std::function<Ending(std::string_view)>* hook_action = nullptr;

Life& life_of(heddle_cookie cookie) {
  const std::uint64_t constant = cookie - HEDDLE_CONST_COOKIE(0, 0);
  if (constant < 256 * HEDDLE_STORAGES && constant % 256 < HEDDLE_MAXIMUM_SLOTS) {
    return const_lives[constant / 256 * HEDDLE_MAXIMUM_SLOTS + constant % 256];
  }
  const std::uint64_t index = cookie - first_cookie;
  if (index >= values_made.load(std::memory_order_relaxed)) {
    fail("a cookie that came back is one that the suite has handed out",
         fmt::format("the subject handed over {:#x}, which the suite has never made", cookie));
  }
  return lives[index];
}

void write_name(Life& life, std::string_view name) {
  const std::size_t length = std::min(name.size(), life.name.size() - 1);
  std::memcpy(life.name.data(), name.data(), length);
}

void dropped(heddle_cookie cookie, const void* object, heddle_outcome* out) {
  Life& life = life_of(cookie);
  note(fmt::format("drops {}", Value(cookie).name()));
  const std::uint64_t drops = life.drops.fetch_add(1, std::memory_order_relaxed) + 1;
  life.dropped_on.store(here(), std::memory_order_relaxed);
  life.dropped_at.store(object, std::memory_order_relaxed);
  // A constant-initialised slot has one value for each thread, all with the same cookie.
  const bool constant = cookie < first_cookie;
  if (!constant && drops + life.handed_back.load(std::memory_order_relaxed) > 1) {
    fail(fmt::format("{} is dropped once, or handed back", Value(cookie).name()),
         drops > 1 ? "it was dropped a second time" : "it was dropped after it was handed back");
  }
  if (life.when_dropped != nullptr) {
    *out = (*life.when_dropped)().outcome;
  }
}

void tls_initial(std::uint32_t storage, std::uint32_t slot, heddle_outcome* out) {
  if (storage >= HEDDLE_STORAGES || slot >= HEDDLE_MAXIMUM_SLOTS) {
    fail("the subject initialises a slot that exists",
         fmt::format("it asked for the initial value of storage {}, slot {}", storage, slot));
  }
  note(fmt::format("initialises storage {}, slot {}", storage, slot));
  const auto* initialiser = initialisers[storage * HEDDLE_MAXIMUM_SLOTS + slot];
  *out = (initialiser != nullptr ? (*initialiser)() : returns(value(fmt::format("slot {}", slot))))
             .outcome;
}

void hook(const char* text, std::size_t text_length, heddle_outcome* out) {
  const std::string_view message(text, text_length);
  note(fmt::format("the panic hook runs: {}", message));
  if (hook_action != nullptr) {
    *out = (*hook_action)(message).outcome;
  }
}

void key_destructor(std::uint32_t slot, void* value) {
  if (slot >= HEDDLE_MAXIMUM_SLOTS) {
    fail("a static key's destructor is called for a slot that exists",
         fmt::format("it was called for slot {}", slot));
  }
  note(fmt::format("the destructor of static key {} runs", slot));
  if (key_destructors[slot] != nullptr) {
    (*key_destructors[slot])(value);
  }
}

const char* keep_text(const char* text, std::size_t text_length) {
  // Never freed: the ABI promises that the text stays until the process is gone. The first texts
  // lie outside the heap, whose bytes some clauses count.
  static std::array<char, 1 << 20> room;
  static std::atomic<std::size_t> used = 0;
  const std::size_t begin = used.fetch_add(text_length + 1, std::memory_order_relaxed);
  const bool fits = begin < room.size() && text_length < room.size() - begin;
  auto* const copy = fits ? room.data() + begin : new char[text_length + 1];
  std::memcpy(copy, text, text_length);
  copy[text_length] = '\0';
  return copy;
}

Ending ending(heddle_tag tag, heddle_payload payload, heddle_cookie cookie, std::string_view text) {
  Ending ending;
  ending.outcome.tag = static_cast<std::uint32_t>(tag);
  ending.outcome.payload = static_cast<std::uint32_t>(payload);
  ending.outcome.value = cookie;
  ending.outcome.text = text.data();
  ending.outcome.text_length = text.size();
  return ending;
}

}  // namespace

Value value(std::string_view name) {
  const std::size_t index = values_made.fetch_add(1, std::memory_order_relaxed);
  if (index >= maximum_values) {
    internal_error("the check makes more values than the suite can follow");
  }
  write_name(lives[index], name);
  return Value(first_cookie + index);
}

std::string Value::name() const {
  if (cookie_ == 0) {
    return "nothing";
  }
  if (cookie_ < first_cookie) {
    return fmt::format("the constant value of slot {}", cookie_ % 256);
  }
  return fmt::format("'{}'", life_of(cookie_).name.data());
}

std::uint64_t Value::drops() const {
  return life_of(cookie_).drops.load(std::memory_order_relaxed);
}

std::uint32_t Value::dropped_on() const {
  return life_of(cookie_).dropped_on.load(std::memory_order_relaxed);
}

bool Value::handed_back() const {
  return life_of(cookie_).handed_back.load(std::memory_order_relaxed) > 0;
}

const void* Value::dropped_at() const {
  return life_of(cookie_).dropped_at.load(std::memory_order_relaxed);
}

Value Value::when_dropped(std::function<Ending()> action) const {
  life_of(cookie_).when_dropped = new std::function<Ending()>(std::move(action));
  return *this;
}

Closure::Closure(std::string_view name, std::function<Ending(void*)> body)
    : captured_(value(name)) {
  life_of(captured_.cookie()).body = new std::function<Ending(void*)>(std::move(body));
}

std::uint64_t Closure::runs() const {
  return life_of(captured_.cookie()).runs.load(std::memory_order_relaxed);
}

std::uint32_t Closure::ran_on() const {
  return life_of(captured_.cookie()).ran_on.load(std::memory_order_relaxed);
}

std::function<Ending(void*)> without_argument(std::function<Ending()> body) {
  return [body = std::move(body)](void*) { return body(); };
}

std::function<Ending(void*)> in_scope(std::function<Ending(Scope)> body) {
  return [body = std::move(body)](void* argument) { return body(Scope{argument}); };
}

Ending returns() {
  return {};
}

Ending returns(Value value) {
  return ending(HEDDLE_RETURNED, HEDDLE_PAYLOAD_OPAQUE, value.cookie(), {});
}

Ending panics(Value payload) {
  return ending(HEDDLE_PANICKED, HEDDLE_PAYLOAD_OPAQUE, payload.cookie(), {});
}

Ending panics(std::string_view static_text) {
  return ending(HEDDLE_PANICKED, HEDDLE_PAYLOAD_LITERAL, 0, static_text);
}

Ending panics_with_string(std::string_view static_text) {
  return ending(HEDDLE_PANICKED, HEDDLE_PAYLOAD_STRING, 0, static_text);
}

Ending resumes(Value payload) {
  return ending(HEDDLE_RESUMED, HEDDLE_PAYLOAD_OPAQUE, payload.cookie(), {});
}

Ending enters(Value local, const Closure& next) {
  Ending result = ending(HEDDLE_ENTER, HEDDLE_PAYLOAD_OPAQUE, local.cookie(), {});
  result.outcome.next = run_closure;
  result.outcome.next_env = next.captured().cookie();
  return result;
}

Ending nothing_to_do() {
  return returns();
}

// Not noexcept: pthread_exit inside a body unwinds through here.
void run_closure(heddle_cookie env, void* argument, heddle_outcome* out) {
  Life& life = life_of(env);
  if (life.body == nullptr) {
    fail("a body is run with what it captured",
         fmt::format("a body was run with {}, which belongs to no body", Value(env).name()));
  }
  life.runs.fetch_add(1, std::memory_order_relaxed);
  life.ran_on.store(here(), std::memory_order_relaxed);
  note(fmt::format("{} begins", Value(env).name()));
  const Ending ending = (*life.body)(argument);
  note(fmt::format("{} ends", Value(env).name()));
  *out = ending.outcome;
}

Value value_at(const void* address) {
  return Value(*static_cast<const heddle_cookie*>(address));
}

void received(heddle_cookie cookie) {
  if (cookie == 0) {
    return;
  }
  Life& life = life_of(cookie);
  const std::uint64_t handed_back = life.handed_back.fetch_add(1, std::memory_order_relaxed) + 1;
  if (cookie >= first_cookie && handed_back + life.drops.load(std::memory_order_relaxed) > 1) {
    fail(fmt::format("{} is dropped once, or handed back", Value(cookie).name()),
         handed_back > 1 ? "it was handed back twice" : "it was handed back after it was dropped");
  }
}

const heddle_host& host() {
  static constexpr heddle_host table = {.major = HEDDLE_ABI_MAJOR,
                                        .minor = HEDDLE_ABI_MINOR,
                                        .size = sizeof(heddle_host),
                                        .outcome_size = sizeof(heddle_outcome),
                                        .dropped = dropped,
                                        .tls_initial = tls_initial,
                                        .hook = hook,
                                        .key_destructor = key_destructor,
                                        .keep_text = keep_text};
  return table;
}

void set_initialiser(std::uint32_t storage, std::uint32_t slot,
                     std::function<Ending()> initialiser) {
  initialisers[storage * HEDDLE_MAXIMUM_SLOTS + slot] =
      new std::function<Ending()>(std::move(initialiser));
}

void set_key_destructor(std::uint32_t slot, std::function<void(void*)> action) {
  key_destructors.at(slot) = new std::function<void(void*)>(std::move(action));
}

void set_hook_action(std::function<Ending(std::string_view)> action) {
  hook_action = new std::function<Ending(std::string_view)>(std::move(action));
}

}  // namespace heddle::conformance
