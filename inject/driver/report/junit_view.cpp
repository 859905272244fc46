#include "report/junit_view.hpp"

#include <fmt/core.h>

#include "program/markup.hpp"
#include "program/shell_words.hpp"
#include "report/findings.hpp"

namespace heddle::inject {
namespace {

std::string class_of(const CampaignReport& report, const Site& site) {
  return site.frames.empty()
             ? site.call
             : fmt::format("{} in {}", site.call, describe_frame(report, site.frames.front()));
}

std::string details(const CampaignReport& report, const Site& site, const FaultRun& fault,
                    const std::string& log) {
  std::string text = fmt::format("{}: {}\n", verdict_name(fault.verdict),
                                 fault.evidence.empty() ? fault.status : fault.evidence);
  if (!fault.message.empty()) {
    text += "it says: " + fault.message + '\n';
  }
  text += "replay: " + replay_command(fault, log) + "\nor: " + run_command(report, fault) + "\n" +
          site.call + " fails, called from\n";
  for (const Frame& frame : site.frames) {
    text += "  " + describe_frame(report, frame) + '\n';
  }
  for (const LoggedStack& thread : fault.threads) {
    text += fmt::format("thread {}{}\n", thread.name, thread.faulting ? ", got the signal" : "");
    for (const Frame& frame : thread.frames) {
      text += "  " + describe_frame(report, frame) + '\n';
    }
  }
  for (const LoggedMemoryError& error : fault.memory_errors) {
    text += describe_memory_error(error) + '\n';
    for (const Frame& frame : error.frames) {
      text += "  " + describe_frame(report, frame) + '\n';
    }
  }
  return text;
}

/// Says whether the fault's verdict tells nothing about the program.
bool is_skipped(const FaultRun& fault) {
  return fault.verdict == Verdict::not_reached || fault.verdict == Verdict::not_judged ||
         fault.verdict == Verdict::unstable;
}

std::string test_case(const CampaignReport& report, const Site& site, const FaultRun& fault,
                      const std::string& log) {
  std::string element =
      fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\"",
                  escaped_for_markup(class_of(report, site)),
                  escaped_for_markup(fmt::format("{}: {} in thread #{}", fault.id,
                                                 describe_fault(fault), site.thread_path)),
                  fault.milliseconds / 1000);
  if (is_finding(report, fault)) {
    return element + fmt::format(
                         ">\n      <failure type=\"{}\" message=\"{}\">{}</failure>\n"
                         "    </testcase>\n",
                         escaped_for_markup(verdict_name(fault.verdict)),
                         escaped_for_markup(fault.evidence.empty() ? fault.status : fault.evidence),
                         escaped_for_markup(details(report, site, fault, log)));
  }
  if (fault.verdict == Verdict::not_reached) {
    return element + "><skipped message=\"not reached: the call was not made\"/></testcase>\n";
  }
  if (is_skipped(fault)) {
    return element + fmt::format("><skipped message=\"{}: {}\"/></testcase>\n",
                                 verdict_name(fault.verdict), escaped_for_markup(fault.evidence));
  }
  return element + "/>\n";
}

}  // namespace

std::string junit_view(const CampaignReport& report, const std::string& log) {
  std::string cases;
  std::uint64_t tests = 0;
  std::uint64_t failures = 0;
  std::uint64_t skipped = 0;
  for (const FaultRun& fault : report.faults) {
    const Site* const site = fault.same_as_once ? nullptr : site_of(report, fault);
    if (site != nullptr) {
      cases += test_case(report, *site, fault, log);
      ++tests;
      const bool finding = is_finding(report, fault);
      failures += finding ? 1 : 0;
      skipped += !finding && is_skipped(fault) ? 1 : 0;
    }
  }
  std::string statement;
  for (const std::string& sentence : completeness(report)) {
    statement += sentence + '\n';
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
      "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\" "
      "time=\"{:.3f}\">\n{}    <system-out>{}</system-out>\n  </testsuite>\n</testsuites>\n",
      escaped_for_markup(shell_words(report.header.arguments)), tests, failures, skipped,
      report.summary ? report.summary->seconds : 0.0, cases, escaped_for_markup(statement));
}

}  // namespace heddle::inject
