// A clause: one sentence that a thread runtime keeps or breaks, and the check that decides it.
//
// A clause is written in one piece, as a static object that registers itself:
//
//     const auto closure_runs_elsewhere =
//         clause("SPAWN-001")
//             .must("The closure runs exactly once, on a thread of its own.")
//             .source("Rust documentation, std::thread::spawn",
//                     "Spawns a new thread, returning a JoinHandle for it.")
//             .needs({Feature::spawn})
//             .example([] {
//               const Closure body = closure("body", [] { return returns(); });
//               join(spawn(body));
//               expect_equal(body.runs(), 1, "how often the closure ran");
//               expect(body.ran_on() != here(), "the closure runs on a thread of its own");
//             });
//
// The check is written in the vocabulary of `stage/`, and runs in a process of its own. It returns
// if the clause holds. An expectation that is not met ends the case at once.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/fault.hpp"
#include "catalogue/feature.hpp"
#include "catalogue/profile.hpp"
#include "catalogue/scenario.hpp"

namespace heddle::conformance {

/// How much a clause weighs, as in RFC 2119.
enum class Level {
  must,     ///< a documented promise: asked of every subject that offers the feature
  profile,  ///< what a known runtime does: asked only of subjects that declare that profile
  should,   ///< quality: reported, never a failure
};

/// The profiles of all runtimes that the suite knows.
inline constexpr std::array<ProfileRange, 2> everywhere = {"rust-1.63..", "heddle"};

/// The death that a case is expected to die, if its check must not return.
struct Death {
  int signal = 0;      ///< the signal of which the process is expected to die
  std::string saying;  ///< what standard error must contain; empty: anything
};

/// Returns "must", "profile" or "should".
std::string_view name_of(Level level);

struct Clause {
  std::string id;     ///< GROUP-NUMBER; never renumbered, never reused
  std::string group;  ///< "spawn", "join", "tls", "park", "scope", "stack" or "output"
  Level level = Level::must;
  std::string sentence;   ///< the requirement
  std::string source;     ///< the places of the rule; see source() below
  std::string quotation;  ///< the sentence there that obliges, word for word; every MUST has one
  std::vector<Feature> needs;
  std::vector<ProfileRange> profiles;  ///< of level profile: the profiles that claim it
  std::vector<Fault> faults;           ///< what the shim makes fail while the check has it armed
  std::optional<Death> death;          ///< how the case must die after expect_death()
  std::optional<int> exit_status;      ///< the case ends through main, and then with this status
  std::string leaks;          ///< why the subject's lost memory is no leak here; empty: it is one
  std::string wild_accesses;  ///< why the check itself touches what it must not; empty: it does not
  std::string untested;       ///< why there is no check; then `scenario` is empty
  Scenario scenario;          ///< the check
};

/// The result of the last call of a clause. The catalogue holds the clause itself.
struct Registered {};

/// Builds a clause; the last call, example(), property() or untested(), registers it.
class ClauseBuilder {
 public:
  explicit ClauseBuilder(std::string_view id);

  ClauseBuilder& must(std::string_view sentence);
  ClauseBuilder& should(std::string_view sentence);
  /// Makes a clause that is asked only of subjects whose profile is in one of the ranges.
  ClauseBuilder& profile(std::initializer_list<ProfileRange> profiles, std::string_view sentence);
  ClauseBuilder& profile(std::span<const ProfileRange> profiles, std::string_view sentence);
  /// Names the public places where the rule is written, joined by "; ". Each has one of these
  /// forms:
  ///
  ///     Rust 1.63, library/std/src/thread/mod.rs: Builder::spawn_unchecked_
  ///     Rust documentation, std::thread::park
  ///     rust-lang/rust#98498
  ///     POSIX.1-2017, pthread_create
  ///     ISO C++20, [thread.thread.constr]
  ///     ISO C17, 7.26.5.1
  ///     sigaltstack(2)
  ///     glibc 2.36, stdlib/exit.c: __run_exit_handlers
  ///     heddle/subject.h, heddle_spawning.join
  ///     impl/README.md, What happens when a call fails
  ///
  /// The last form names a section, and is for promises of the reference runtime alone. `quoted` is
  /// the sentence in the first place that obliges, word for word as a reader of the page sees it,
  /// without marks for links and code. A MUST has one.
  ClauseBuilder& source(std::string_view where, std::string_view quoted = {});
  ClauseBuilder& needs(std::initializer_list<Feature> features);
  /// Adds a fault that strikes while the check is inside armed(). Runtimes may make different calls
  /// for the same purpose: then a clause names a fault for each, and one that fires is enough.
  ClauseBuilder& fault(Fault fault);
  /// Says that the case must die of `signal` after the check has called expect_death().
  ClauseBuilder& dies_of(int signal, std::string_view saying = {});

  /// Says that the process must end with `status`. After the check has returned, main ends as
  /// end_main_with() said, by default with status 0.
  ClauseBuilder& exits_with(int status);

  /// Says why memory that the subject loses in this clause is what the clause asks for, or has no
  /// other way to go. The memory lanes then report no leak.
  ClauseBuilder& leaks(std::string_view why);

  /// Says why the check touches memory that it must not touch. The memory lanes then report no
  /// access of the suite's own code; an access of the subject's is an error here as elsewhere.
  ClauseBuilder& touches_wild_memory(std::string_view why);

  /// Makes the check one scenario, which is run once.
  Registered example(std::function<void()> check);
  /// Makes the check one scenario that goes through many places by this stride: 1, or more in a
  /// first look (--quick).
  Registered example(std::function<void(std::uint32_t stride)> check);

  /// Makes the check a scenario for each of many programs: lists of steps that `program` generates.
  /// A failing program is shrunk to the smallest that fails. A Step is trivially copyable, and has
  /// an overload of describe(const Step&) that says in a few words what it does.
  ///
  /// `first` is the program to begin with: a small one on which a wrong subject certainly fails, so
  /// that a run of a few programs does not depend on luck.
  template <class Step>
  Registered property(rc::Gen<std::vector<Step>> program,
                      std::function<void(std::span<const Step>)> check,
                      const std::vector<Step>& first = {}) {
    return enter(generated_scenario<Step>(std::move(program), std::move(check), first));
  }

  /// Puts the clause into the catalogue without a check, for this reason.
  Registered untested(std::string_view reason);

 private:
  Registered enter(Scenario scenario);
  Clause clause_;
};

/// Returns whether the clause's profiles have the one that a subject declares ("" for none). A
/// clause of another level is asked whatever the profile.
bool claims(const Clause& clause, std::string_view profile);

/// Starts a clause. `id` is GROUP-NUMBER, such as "PARK-094".
ClauseBuilder clause(std::string_view id);

}  // namespace heddle::conformance
