#include "mutation/judge.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "mutation/process.hpp"

namespace heddle::mutation {
namespace {

namespace fs = std::filesystem;

using Outcome = Judgement::Outcome;

// Exit codes of the suite.
constexpr int not_loaded = 3;
constexpr int most_telling = 5;

std::vector<std::string> command_of(const std::string& conform, const std::string& subject) {
  return {conform, subject, "--seed", "1", "--jobs", "1", "--format", "json"};
}

}  // namespace

const Judge::Healthy& Judge::healthy(const std::string& unmutated) {
  const std::lock_guard lock(mutex_);
  const auto known = healthy_.find(unmutated);
  if (known != healthy_.end()) {
    return known->second;
  }
  const std::string file = unmutated + ".jsonl";
  if (!fs::exists(file) || fs::last_write_time(file) < fs::last_write_time(unmutated) ||
      fs::last_write_time(file) < fs::last_write_time(conform_)) {
    std::string records;
    run({.arguments = command_of(conform_, unmutated), .on_line = [&](std::string_view line) {
           records.append(line).append("\n");
           return true;
         }});
    std::ofstream(file) << records;
  }
  Healthy found;
  std::map<std::string, double> times;
  double all = 0;
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    const auto record = nlohmann::json::parse(line);
    if (record.value("type", "") == "record") {
      const std::string clause = record.at("clause");
      found.holds[clause] = record.at("verdict") == "holds";
      times[clause] = record.at("milliseconds");
      all += times[clause];
    }
  }
  // The time decides the order alone. Whatever takes a twentieth of the whole is for those that all
  // else has let pass.
  for (const auto& [clause, time] : times) {
    if (time > all / 20) {
      found.quick.insert(found.quick.end(), {"--exclude", clause});
      found.slow.insert(found.slow.end(), {"--clause", clause});
    }
  }
  if (times.empty()) {
    throw std::runtime_error("the suite does not judge the unmutated copy: " + unmutated);
  }
  return healthy_.emplace(unmutated, std::move(found)).first->second;
}

Judgement Judge::ask(const Built& built, const std::vector<std::string>& selection,
                     const Healthy& healthy, Outcome otherwise) const {
  std::vector<std::string> command = command_of(conform_, built.subject);
  command.insert(command.end(), selection.begin(), selection.end());
  Judgement judgement{otherwise, {}, {}, {}};
  const auto on_line = [&](std::string_view line) {
    const auto record = nlohmann::json::parse(line, nullptr, false);
    if (record.is_discarded() || record.value("verdict", "") != "fails") {
      return true;
    }
    const std::string clause = record.at("clause");
    const auto before = healthy.holds.find(clause);
    if (before == healthy.holds.end() || !before->second) {
      return true;
    }
    judgement = {Outcome::killed, clause, record.at("cause"), record.at("happened")};
    return false;
  };
  const ProcessEnd end =
      run({.arguments = command, .processor_time = processor_time_, .on_line = on_line});
  if (judgement.outcome == Outcome::killed) {
    return judgement;
  }
  if (end.over_time) {
    judgement.outcome = Outcome::timed_out;
  } else if (end.status == not_loaded) {
    judgement = {Outcome::killed, "smoke", "smoke", "fails a check of the ground"};
  } else if (end.status > most_telling) {
    throw std::runtime_error(fmt::format("the suite could not judge: status {}", end.status));
  }
  return judgement;
}

Judgement Judge::judge_quickly(const Built& built) {
  const Healthy& known = healthy(built.unmutated);
  return ask(built, known.quick, known, known.slow.empty() ? Outcome::survived : Outcome::passed);
}

Judgement Judge::judge_slowly(const Built& built) {
  const Healthy& known = healthy(built.unmutated);
  return ask(built, known.slow, known, Outcome::survived);
}

}  // namespace heddle::mutation
