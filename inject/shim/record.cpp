#include "record.hpp"

#include <sys/prctl.h>
#include <sys/syscall.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>

#include "hash.hpp"
#include "needs.hpp"
#include "program_name.hpp"
#include "system_call_filter.hpp"
#include "thread_state.hpp"

namespace heddle::inject {
namespace {

constinit heddle_inject_record* the_record = nullptr;

std::uint64_t key_of(const Call& call, std::uint64_t stack) {
  std::uint64_t key =
      mixed(std::uint64_t{call.number} << 32 | static_cast<std::uint64_t>(call.row) << 1 |
            static_cast<std::uint64_t>(call.raw));
  for (const std::uint64_t part : {stack, thread_state.path.hash, program_hash()}) {
    key = mixed(key + part);
  }
  return key == 0 ? 1 : key;
}

bool is_in_record(const heddle_inject_record& record, std::uint32_t place, const Module& module) {
  // The driver may have cleared the record for the next run.
  return place != 0 &&
         std::atomic_ref(record.modules[place - 1].ready).load(std::memory_order_acquire) != 0 &&
         record.modules[place - 1].identity == module.identity;
}

/// Enters the module. Returns its place in the record plus 1, or 0 without room. Programs and
/// threads that enter a module at the same time may enter it twice: its identity tells.
std::uint32_t enter_module(heddle_inject_record& record, Module& module) {
  std::atomic_ref place_in_record(module.place_in_record);
  std::uint32_t place = place_in_record.load(std::memory_order_relaxed);
  if (is_in_record(record, place, module)) {
    return place;
  }
  place = std::atomic_ref(record.module_count).fetch_add(1, std::memory_order_relaxed) + 1;
  if (place > HEDDLE_INJECT_MAXIMUM_MODULES) {
    return 0;
  }
  heddle_inject_module& entry = record.modules[place - 1];
  entry.build_id_size = module.build_id_size;
  entry.identity = module.identity;
  std::ranges::copy(module.build_id, &entry.build_id[0]);
  std::ranges::copy(module.path, &entry.path[0]);
  std::atomic_ref(entry.ready).store(1, std::memory_order_release);
  place_in_record.store(place, std::memory_order_relaxed);
  return place;
}

heddle_inject_frame frame_of(heddle_inject_record& record, const void* address) {
  Module* const module = look_up(address).module;
  const std::uint32_t place = module == nullptr ? 0 : enter_module(record, *module);
  if (place == 0) {
    return HEDDLE_INJECT_FRAME_UNKNOWN;
  }
  constexpr unsigned offset_bits = 48;
  const std::uint64_t offset = std::bit_cast<std::uintptr_t>(address) - module->load_address;
  return std::uint64_t{place - 1} << offset_bits |
         (offset & ((std::uint64_t{1} << offset_bits) - 1));
}

void fill(heddle_inject_record& record, heddle_inject_site& site, const Call& call,
          CallStack& stack, std::uint64_t sequence) {
  site.call = call.row;
  site.number = call.number;
  site.raw = call.raw ? 1 : 0;
  site.stack = stack.hash();
  site.thread_path_hash = thread_state.path.hash;
  site.exe_hash = program_hash();
  site.sequence = sequence;
  std::ranges::copy(thread_state.path.text, &site.thread_path[0]);
  if (!is_filtered()) {
    // Cannot fail: the buffer is valid.
    static_cast<void>(raw_system_call(SYS_prctl, PR_GET_NAME, &site.thread_name[0]));
  }
  std::strncpy(&site.exe[0], program_file_name(), sizeof site.exe - 1);
  for (const void* const address : stack.frames()) {
    site.frames[site.frame_count++] = frame_of(record, address);
  }
  std::atomic_ref(site.ready).store(1, std::memory_order_release);
}

/// Notes the needs that the call meets. Looks only at a site's first calls, which campaigns try:
/// later calls may be very many, and each look may cost a system call.
void note_needs(heddle_inject_site& site, const Call& call, std::uint64_t earlier_calls) {
  constexpr std::uint64_t looks = 16;
  if (earlier_calls >= looks) {
    return;
  }
  const std::atomic_ref needs(site.needs);
  // Relaxed: the driver reads the bits when the run is over.
  const std::uint32_t met = needs_met(call, needs.load(std::memory_order_relaxed));
  if (met != 0) {
    needs.fetch_or(met, std::memory_order_relaxed);
  }
}

}  // namespace

heddle_inject_record* plan_record() {
  return the_record;
}

void set_plan_record(heddle_inject_record* record) {
  the_record = record;
}

void record_call(const Call& call, CallStack& stack) {
  heddle_inject_record* const record = the_record;
  if (record == nullptr) {
    return;
  }
  const std::uint64_t sequence = thread_state.recorded_calls++;
  const std::uint64_t key = key_of(call, stack.hash());
  // Linear probing; after so many probes the table counts as full.
  constexpr std::uint32_t maximum_probes = 256;
  const std::uint32_t mask = record->site_capacity - 1;
  const std::uint32_t probes = std::min(record->site_capacity, maximum_probes);
  for (std::uint32_t probe = 0; probe < probes; ++probe) {
    heddle_inject_site& site = record->sites[(key + probe) & mask];
    // Relaxed: the key claims the place, and `ready` publishes the rest.
    std::uint64_t seen = std::atomic_ref(site.key).load(std::memory_order_relaxed);
    if (seen == 0 &&
        std::atomic_ref(site.key).compare_exchange_strong(seen, key, std::memory_order_relaxed)) {
      fill(*record, site, call, stack, sequence);
      seen = key;
    }
    if (seen == key) {
      note_needs(site, call, std::atomic_ref(site.count).fetch_add(1, std::memory_order_relaxed));
      return;
    }
  }
  std::atomic_ref(record->lost_sites).fetch_add(1, std::memory_order_relaxed);
}

}  // namespace heddle::inject
