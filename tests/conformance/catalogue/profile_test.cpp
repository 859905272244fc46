// Profiles that subjects declare, and the ranges in which clauses name them.
#include "catalogue/profile.hpp"

#include <string>

#include "support/catch.hpp"

namespace heddle::conformance::views {
namespace {

bool has(std::string_view range, std::string_view declared) {
  return ProfileRange::from(range).value().has(profile_from(declared).value());
}

TEST_CASE("a range has its two ends and what lies between them") {
  for (const char* inside : {"rust-1.71", "rust-1.72", "rust-1.80"}) {
    CAPTURE(inside);
    CHECK(has("rust-1.71..1.80", inside));
  }
  for (const char* outside : {"rust-1.63", "rust-1.70", "rust-1.81", "rust-1.95", "heddle"}) {
    CAPTURE(outside);
    CHECK_FALSE(has("rust-1.71..1.80", outside));
  }
}

TEST_CASE("an open range has all later releases, those that nobody knows yet too") {
  CHECK_FALSE(has("rust-1.81..", "rust-1.80"));
  CHECK(has("rust-1.81..", "rust-1.81"));
  CHECK(has("rust-1.81..", "rust-1.95"));
  CHECK(has("rust-1.81..", "rust-1.207"));
  CHECK_FALSE(has("rust-1.81..", "heddle"));
}

TEST_CASE("a release that is newer than the last one known is judged as that one") {
  const std::string last = "rust-1." + std::to_string(last_rust);
  const std::string newer = "rust-1." + std::to_string(last_rust + 1);
  CHECK(has(last + ".." + last.substr(5), newer));
  CHECK(judged_as(newer) == last);
  CHECK(judged_as(newer + ".0-nightly") == last);
  for (const std::string& known : {last, std::string("rust-1.63"), std::string("heddle")}) {
    CAPTURE(known);
    CHECK_FALSE(judged_as(known));
  }
  CHECK_FALSE(judged_as(""));
}

TEST_CASE("a range can be a single release, and the reference") {
  CHECK(has("rust-1.85..1.85", "rust-1.85"));
  CHECK_FALSE(has("rust-1.85..1.85", "rust-1.86"));
  CHECK(has("heddle", "heddle"));
  CHECK_FALSE(has("heddle", "rust-1.85"));
}

TEST_CASE("a malformed range, and one that no release can be in, is refused") {
  for (const char* range : {"",
                            "rust",
                            "rust-",
                            "rust-1.63",
                            "rust-1.63.",
                            "rust-1.63...",
                            "rust-1.63..1.",
                            "rust-1..",
                            "rust-1.63..80",
                            "rust-1.63..1.80 ",
                            " rust-1.63..",
                            "rust-1.63..1.80..",
                            "rust-2.0..",
                            "rust-1.80..1.63",
                            "rust-1.62..1.80",
                            "rust-1.63..1.999",
                            "rust-1.999..",
                            "rust-1.063..",
                            "rust-1.63..rust-1.80",
                            "rust-1.63.0..",
                            "Rust-1.63..",
                            "heddle..",
                            "go-1.20.."}) {
    CAPTURE(range);
    CHECK_FALSE(ProfileRange::from(range));
  }
}

TEST_CASE("a profile is the reference or a release of Rust, however rustc spells it") {
  for (const char* declared :
       {"rust-1.85", "rust-1.85.1", "rust-1.85.0-nightly", "rust-1.85.0-beta.3"}) {
    CAPTURE(declared);
    REQUIRE(profile_from(declared));
    CHECK(profile_from(declared)->release == 85);
  }
  CHECK(profile_from("heddle"));
}

TEST_CASE("a profile that no clause can know is refused") {
  for (const char* declared : {"",
                               "rust",
                               "rust-",
                               "rust-1",
                               "rust-1.",
                               "rust-1.62",
                               "rust-1.0",
                               "rust-0.99",
                               "rust-2.0",
                               "rust-1.85 ",
                               "rust-1.85.",
                               "rust-1.85-nightly",
                               "rust-1.85.0-",
                               "rust-1.85.0-a b",
                               "rust-1.085",
                               "rust-1.85..",
                               "rust-1.99999",
                               "rust-1.99999999999999999999",
                               "heddle-1",
                               "Heddle",
                               "libstdcxx"}) {
    CAPTURE(declared);
    CHECK_FALSE(profile_from(declared));
  }
}

}  // namespace
}  // namespace heddle::conformance::views
