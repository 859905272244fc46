#include "verdict/record.hpp"

#include <array>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace heddle::conformance {
namespace {

template <class Enumeration, std::size_t count>
using Names = std::array<std::pair<Enumeration, std::string_view>, count>;

constexpr Names<Verdict, 8> verdict_names = {{
    {Verdict::holds, "holds"},
    {Verdict::fails, "fails"},
    {Verdict::deviates, "deviates"},
    {Verdict::not_applicable, "not_applicable"},
    {Verdict::not_judged, "not_judged"},
    {Verdict::untested, "untested"},
    {Verdict::flaky, "flaky"},
    {Verdict::internal_error, "internal_error"},
}};

constexpr Names<Cause, 8> cause_names = {{
    {Cause::none, "none"},
    {Cause::wrong, "wrong"},
    {Cause::crash, "crash"},
    {Cause::abort, "abort"},
    {Cause::hang, "hang"},
    {Cause::exit, "exit"},
    {Cause::memory_error, "memory_error"},
    {Cause::leak, "leak"},
}};

template <class Enumeration, std::size_t count>
std::string_view name_in(const Names<Enumeration, count>& names, Enumeration sought) {
  for (const auto& [value, name] : names) {
    if (value == sought) {
      return name;
    }
  }
  return "unknown";
}

template <class Enumeration, std::size_t count>
Enumeration value_in(const Names<Enumeration, count>& names, const std::string& sought) {
  for (const auto& [value, name] : names) {
    if (name == sought) {
      return value;
    }
  }
  throw std::runtime_error("a record says '" + sought + "', which is neither verdict nor cause");
}

}  // namespace

std::string_view name_of(Verdict verdict) {
  return name_in(verdict_names, verdict);
}

std::string_view name_of(Cause cause) {
  return name_in(cause_names, cause);
}

void to_json(nlohmann::ordered_json& json, const MemoryReport& report) {
  json = {{"kind", report.kind},
          {"what", report.what},
          {"bytes", report.bytes},
          {"blocks", report.blocks},
          {"stack", report.stack}};
}

void from_json(const nlohmann::json& json, MemoryReport& report) {
  json.at("kind").get_to(report.kind);
  json.at("what").get_to(report.what);
  json.at("bytes").get_to(report.bytes);
  json.at("blocks").get_to(report.blocks);
  json.at("stack").get_to(report.stack);
}

std::string to_json_line(const Record& record) {
  nlohmann::ordered_json line;
  line["type"] = "record";
  line["subject"] = record.subject;
  line["clause"] = record.clause;
  line["group"] = record.group;
  line["level"] = record.level;
  line["sentence"] = record.sentence;
  line["source"] = record.source;
  line["quotation"] = record.quotation;
  line["verdict"] = name_of(record.verdict);
  line["cause"] = name_of(record.cause);
  line["reason"] = record.reason;
  line["expected"] = record.expected;
  line["happened"] = record.happened;
  line["fault"] = record.fault;
  line["scenario"] = record.scenario;
  line["timeline"] = record.timeline;
  line["memory"] = record.memory;
  line["standard_error"] = record.standard_error;
  line["reproduced"] = record.reproduced;
  line["seed"] = record.seed;
  line["cases"] = record.cases;
  line["milliseconds"] = record.milliseconds;
  line["replay"] = record.replay;
  // A subject may print anything: bytes that are not UTF-8 become U+FFFD.
  return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

Record record_from_json_line(std::string_view text) {
  const nlohmann::json line = nlohmann::json::parse(text);
  Record record;
  line.at("subject").get_to(record.subject);
  line.at("clause").get_to(record.clause);
  line.at("group").get_to(record.group);
  line.at("level").get_to(record.level);
  line.at("sentence").get_to(record.sentence);
  line.at("source").get_to(record.source);
  line.at("quotation").get_to(record.quotation);
  record.verdict = value_in(verdict_names, line.at("verdict").get<std::string>());
  record.cause = value_in(cause_names, line.at("cause").get<std::string>());
  line.at("reason").get_to(record.reason);
  line.at("expected").get_to(record.expected);
  line.at("happened").get_to(record.happened);
  line.at("fault").get_to(record.fault);
  line.at("scenario").get_to(record.scenario);
  line.at("timeline").get_to(record.timeline);
  line.at("memory").get_to(record.memory);
  line.at("standard_error").get_to(record.standard_error);
  line.at("reproduced").get_to(record.reproduced);
  line.at("seed").get_to(record.seed);
  line.at("cases").get_to(record.cases);
  line.at("milliseconds").get_to(record.milliseconds);
  line.at("replay").get_to(record.replay);
  return record;
}

bool is_failure(const Record& record) {
  // A PROFILE clause that the subject's profile does not claim is not applicable, so it never
  // fails.
  return record.verdict == Verdict::fails && record.level != "should";
}

}  // namespace heddle::conformance
