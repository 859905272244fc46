#include "injectable_calls.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "errno_names.h"

namespace heddle::inject {
namespace {

using enum Likelihood;

constexpr DocumentedErrno kPthreadCreate[] = {
    {EAGAIN, kLikely}, {EPERM, kPossible}, {EINVAL, kPossible}};
constexpr DocumentedErrno kSetStackSize[] = {{EINVAL, kLikely}};
constexpr DocumentedErrno kMmap[] = {
    {ENOMEM, kLikely},  {EAGAIN, kPossible}, {EACCES, kPossible},
    {EPERM, kPossible}, {ENFILE, kPossible}, {ENODEV, kPossible},
    {EINVAL, kHostile}, {EBADF, kHostile},   {EOVERFLOW, kHostile}};
constexpr DocumentedErrno kSigaltstack[] = {
    {ENOMEM, kLikely}, {EPERM, kPossible}, {EINVAL, kHostile}, {EFAULT, kHostile}};
constexpr DocumentedErrno kFutexWait[] = {
    {EINTR, kLikely},   {EAGAIN, kLikely},  {ETIMEDOUT, kPossible}, {EINVAL, kHostile},
    {ENOSYS, kHostile}, {EFAULT, kHostile}, {EACCES, kHostile}};
constexpr DocumentedErrno kFutexWake[] = {
    {EINVAL, kHostile}, {ENOSYS, kHostile}, {EFAULT, kHostile}, {EACCES, kHostile}};

constexpr std::array<InjectableCall, HEDDLE_INJECT_CALLS> kCalls{{
    {"pthread_create", HEDDLE_INJECT_PTHREAD_CREATE, FailureReport::kReturnsErrno, false,
     kPthreadCreate},
    {"pthread_attr_setstacksize", HEDDLE_INJECT_PTHREAD_ATTR_SETSTACKSIZE,
     FailureReport::kReturnsErrno, false, kSetStackSize},
    {"mmap", HEDDLE_INJECT_MMAP, FailureReport::kMapFailedAndErrno, false, kMmap},
    {"sigaltstack", HEDDLE_INJECT_SIGALTSTACK, FailureReport::kMinusOneAndErrno, false,
     kSigaltstack},
    {"futex.wait", HEDDLE_INJECT_FUTEX_WAIT, FailureReport::kMinusOneAndErrno, true, kFutexWait},
    {"futex.wake", HEDDLE_INJECT_FUTEX_WAKE, FailureReport::kMinusOneAndErrno, false, kFutexWake},
}};

std::string names_of(const InjectableCall& row, Likelihood likelihood) {
  std::string names;
  for (const DocumentedErrno& documented : row.errnos) {
    if (documented.likelihood == likelihood) {
      names += fmt::format("{}{}", names.empty() ? "" : " ", errno_name(documented.value));
    }
  }
  return names;
}

}  // namespace

std::span<const InjectableCall> injectable_calls() {
  return kCalls;
}

const InjectableCall* find_injectable_call(std::string_view name) {
  const auto* const row = std::ranges::find(kCalls, name, &InjectableCall::name);
  return row == kCalls.end() ? nullptr : row;
}

std::string describe_injectable_calls() {
  std::string text;
  for (const InjectableCall& row : kCalls) {
    text += fmt::format("  {}{}\n", row.name, row.can_wake_spuriously ? " (also: spurious)" : "");
    const std::pair<std::string_view, Likelihood> classes[] = {
        {"likely", kLikely}, {"possible", kPossible}, {"hostile", kHostile}};
    for (const auto& [word, likelihood] : classes) {
      if (const std::string names = names_of(row, likelihood); !names.empty()) {
        text += fmt::format("    {:<9} {}\n", word, names);
      }
    }
  }
  return text;
}

}  // namespace heddle::inject
