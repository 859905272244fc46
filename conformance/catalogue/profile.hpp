// Profiles: the known runtimes, and for Rust's std the release.
//
// A subject declares one: "heddle", or "rust-1.85". A clause names ranges of them. What std did
// until 1.80, and does otherwise from 1.81 on, is two clauses: one names "rust-1.63..1.80", the
// other "rust-1.81..".
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace heddle::conformance {

/// The releases of Rust that the clauses know: N in 1.N. Raise the last one when the suite has
/// judged a newer Rust, and what that release changed stands in the clauses.
inline constexpr int first_rust = 63;
inline constexpr int last_rust = 95;

/// A profile that a subject declares.
struct Profile {
  std::string_view family;  ///< "rust" or "heddle"
  int release = 0;          ///< of Rust's 1.N: N; else 0
};

/// @cond
namespace detail {

// Takes the number off the front of `text`. Nothing if there is none, or one that no release has.
constexpr std::optional<int> take_number(std::string_view& text) {
  int number = 0;
  std::size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
    number = number * 10 + (text[digits] - '0');
    ++digits;
    if (digits > 4) {
      return std::nullopt;
    }
  }
  if (digits == 0 || (digits > 1 && text.front() == '0')) {
    return std::nullopt;
  }
  text.remove_prefix(digits);
  return number;
}

constexpr bool take(std::string_view& text, std::string_view prefix) {
  const bool found = text.substr(0, prefix.size()) == prefix;
  text.remove_prefix(found ? prefix.size() : 0);
  return found;
}

// Takes "1.N" off the front of `text`.
constexpr std::optional<int> take_release(std::string_view& text) {
  return take(text, "1.") ? take_number(text) : std::nullopt;
}

// Returns whether this may follow "1.N" in what rustc calls itself: "", ".0", ".0-beta.3".
constexpr bool is_rest_of_version(std::string_view rest) {
  if (rest.empty()) {
    return true;
  }
  if (!take(rest, ".") || !take_number(rest)) {
    return false;
  }
  const auto is_meant = [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '.';
  };
  return rest.empty() || (take(rest, "-") && !rest.empty() && std::ranges::all_of(rest, is_meant));
}

}  // namespace detail
/// @endcond

/// Reads what a subject declares: "heddle", "rust-1.85", or with all that rustc says of itself,
/// "rust-1.97.0-nightly". Nothing if no clause can know it: another runtime, or an older Rust.
constexpr std::optional<Profile> profile_from(std::string_view declared) {
  if (declared == "heddle") {
    return Profile{.family = "heddle"};
  }
  if (!detail::take(declared, "rust-")) {
    return std::nullopt;
  }
  const std::optional<int> release = detail::take_release(declared);
  if (!release || *release < first_rust || !detail::is_rest_of_version(declared)) {
    return std::nullopt;
  }
  return Profile{.family = "rust", .release = *release};
}

/// Returns the profile as which a subject is judged, if it is another than the one declared: the
/// last Rust that the clauses know, for a newer one.
inline std::optional<std::string> judged_as(std::string_view declared) {
  const std::optional<Profile> profile = profile_from(declared);
  if (!profile || profile->release <= last_rust) {
    return std::nullopt;
  }
  return "rust-1." + std::to_string(last_rust);
}

/// Profiles that a clause names: "heddle", "rust-1.63..1.80", or "rust-1.81.." for that release and
/// all later ones.
class ProfileRange {
 public:
  /// Reads a range. Nothing if it is malformed, empty, or names a release that the clauses do not
  /// know.
  static constexpr std::optional<ProfileRange> from(std::string_view spelling) {
    if (spelling == "heddle") {
      return ProfileRange(spelling, Profile{.family = "heddle"}, 0);
    }
    std::string_view rest = spelling;
    if (!detail::take(rest, "rust-")) {
      return std::nullopt;
    }
    const std::optional<int> first = detail::take_release(rest);
    if (!first || !detail::take(rest, "..")) {
      return std::nullopt;
    }
    const std::optional<int> last = rest.empty() ? last_rust : detail::take_release(rest);
    if (!last || !rest.empty() || *first < first_rust || *last < *first || *last > last_rust) {
      return std::nullopt;
    }
    return ProfileRange(spelling, Profile{.family = "rust", .release = *first}, *last);
  }

  /// Makes a clause with a malformed range a mistake that the compiler finds. The literal stays.
  consteval ProfileRange(const char* spelling) : ProfileRange(from(spelling).value()) {}

  /// Returns whether the range has the profile, or the last one known if the profile is newer.
  constexpr bool has(const Profile& profile) const {
    const int release = std::min(profile.release, last_rust);
    return profile.family == first_.family && first_.release <= release && release <= last_;
  }

  constexpr std::string_view spelling() const { return spelling_; }

 private:
  constexpr ProfileRange(std::string_view spelling, Profile first, int last)
      : spelling_(spelling), first_(first), last_(last) {}

  std::string_view spelling_;
  Profile first_;
  int last_;
};

}  // namespace heddle::conformance
