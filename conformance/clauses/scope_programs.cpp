// Scopes with generated trees of threads, compared with the model.
#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "clauses/late_thread.hpp"
#include "models/scope_model.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

enum class Kind : std::uint8_t { thread, body_panic };
enum class Conduct : std::uint8_t { returns, panics };
enum class Fate : std::uint8_t { dropped_at_once, joined, dropped_at_the_end };
enum class Pace : std::uint8_t { quick, late };

// One thread of the tree, or the decision that the body panics.
struct ScopeStep {
  Kind kind;
  std::uint8_t parent;  // chooses among the body and the threads before this one
  Conduct conduct;
  Fate fate;  // what its spawner does with the handle
  Pace pace;
};

std::string describe(const ScopeStep& step) {
  if (step.kind == Kind::body_panic) {
    return "the body panics in the end";
  }
  const std::string_view fate = step.fate == Fate::joined            ? "is joined"
                                : step.fate == Fate::dropped_at_once ? "is detached at once"
                                                                     : "is detached in the end";
  return fmt::format("a thread {}{} and {}; choice of its parent: {}",
                     step.conduct == Conduct::panics ? "panics" : "returns",
                     step.pace == Pace::late ? " when the owner waits" : "", fate, step.parent);
}

// Generates the first choice most of the time, and `rare` once in `one_in` times. Shrinks to the
// first.
template <class Choice>
rc::Gen<Choice> seldom(Choice rare, int one_in) {
  return rc::gen::map(rc::gen::inRange(0, one_in),
                      [=](int drawn) { return drawn == one_in - 1 ? rare : Choice{}; });
}

// Programs grow from case to case, up to sixteen threads. Steps do not grow: at a small size,
// rapidcheck's ranges have little but their beginning.
rc::Gen<std::vector<ScopeStep>> scope_programs() {
  constexpr double most_threads = 0.16;  // of rapidcheck's greatest size, 100
  const auto step = rc::gen::build<ScopeStep>(
      rc::gen::set(&ScopeStep::kind, seldom(Kind::body_panic, 12)),
      rc::gen::set(&ScopeStep::parent, rc::gen::inRange<std::uint8_t>(0, 16)),
      rc::gen::set(&ScopeStep::conduct, seldom(Conduct::panics, 4)),
      rc::gen::set(
          &ScopeStep::fate,
          rc::gen::map(rc::gen::inRange(0, 3), [](int drawn) { return static_cast<Fate>(drawn); })),
      rc::gen::set(&ScopeStep::pace, seldom(Pace::late, 2)));
  return rc::gen::scale(most_threads, rc::gen::container<std::vector<ScopeStep>>(
                                          rc::gen::resize(rc::kNominalSize, step)));
}

// A running tree. Never freed, since closures refer to it.
struct Tree {
  struct Node {
    Fate fate;
    Pace pace;
    Value result;  // what the thread returns, or panics with
    Signal ended;
    Signal dead;  // set when the drop of a result that nobody took is over
  };
  ScopeModel model;
  std::vector<Node> nodes;
  Value body_result = value("the body's result");
  pid_t owner = 0;
};

Tree::Node node_of(const ScopeStep& step, std::string_view name, pid_t owner) {
  const Signal dead;
  const Value result = value(name).when_dropped([=] {
    if (step.pace == Pace::late) {
      let_block(owner);
    }
    dead.set();
    return returns();
  });
  return {step.fate, step.pace, result, Signal(), dead};
}

const Tree& tree_of(std::span<const ScopeStep> program) {
  auto* const tree = new Tree;
  tree->owner = kernel_thread_id();
  for (const ScopeStep& step : program) {
    if (step.kind == Kind::body_panic) {
      tree->model.let_body_panic();
      continue;
    }
    const std::string name = fmt::format("result of thread {}", tree->nodes.size());
    tree->model.add(step.parent, step.conduct == Conduct::panics, step.fate == Fate::joined);
    tree->nodes.push_back(node_of(step, name, tree->owner));
  }
  return *tree;
}

Ending live(const Tree& tree, Scope inside, std::size_t number);

// Spawns all threads of one parent, before the parent joins or detaches any.
void bring_up(const Tree& tree, Scope inside, std::size_t parent) {
  struct Child {
    std::size_t number;
    JoinHandle handle;
  };
  std::vector<Child> held;
  for (const std::size_t number : tree.model.spawned_by(parent)) {
    const JoinHandle handle =
        spawn(inside, closure(fmt::format("thread {}", number),
                              [&tree, inside, number] { return live(tree, inside, number); }));
    if (tree.nodes[number].fate == Fate::dropped_at_once) {
      detach(handle);
    } else {
      held.push_back({number, handle});
    }
  }
  for (const Child& child : held) {
    const Tree::Node& node = tree.nodes[child.number];
    if (node.fate == Fate::dropped_at_the_end) {
      detach(child.handle);
    } else if (tree.model.threads()[child.number].panics) {
      expect(join(child.handle), caught(node.result));
    } else {
      expect(join(child.handle), returned(node.result));
    }
  }
}

Ending live(const Tree& tree, Scope inside, std::size_t number) {
  bring_up(tree, inside, number);
  const Tree::Node& node = tree.nodes[number];
  if (node.pace == Pace::late) {
    let_block(tree.owner);
  }
  node.ended.set();
  return tree.model.threads()[number].panics ? panics(node.result) : returns(node.result);
}

OutcomeExpectation promised(const Tree& tree) {
  switch (tree.model.end()) {
    case ScopeModel::End::returns:
      return returned(tree.body_result);
    case ScopeModel::End::body_panic:
      return panicked(tree.body_result);
    default:
      return panicked();
  }
}

const auto scopes_follow_the_model =
    clause("SCOPE-320")
        .profile(everywhere,
                 "A scope ends after its whole tree of threads, in the way that its body and "
                 "their panics determine; every value is dropped once or handed back.")
        .source(
            "Rust documentation, std::thread::scope; "
            "Rust 1.63, library/std/src/thread/scoped.rs: ScopeData; "
            "Rust 1.63, library/std/src/thread/mod.rs: Packet::drop")
        .needs({Feature::scope, Feature::scope_join, Feature::scope_drop, Feature::thread_values,
                Feature::thread_panics, Feature::panic})
        .property<ScopeStep>(scope_programs(), [](std::span<const ScopeStep> program) {
          const Tree& tree = tree_of(program);
          const Outcome left = scope(closure("scope body", [&tree](Scope inside) {
            bring_up(tree, inside, ScopeModel::body);
            return tree.model.body_panics() ? panics(tree.body_result) : returns(tree.body_result);
          }));
          for (const Tree::Node& node : tree.nodes) {
            expect_ended(node.ended);
          }
          expect(left, promised(tree));
          if (tree.model.end() == ScopeModel::End::threads_panics) {
            expect_dropped(tree.body_result);
          }
          for (const Tree::Node& node : tree.nodes) {
            if (node.fate != Fate::joined) {
              expect(node.dead.is_set(),
                     "a result that nobody took is dropped before the scope ends",
                     "its drop was not over");
              expect_dropped(node.result);
            }
          }
        });

}  // namespace
}  // namespace heddle::conformance
