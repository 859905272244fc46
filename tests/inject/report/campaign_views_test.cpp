// What a campaign's views show, from a report that is written out here.
#include <program/shell_words.hpp>
#include <report/call_tree.hpp>
#include <report/findings.hpp>
#include <report/html_view.hpp>
#include <report/junit_view.hpp>
#include <report/terminal_view.hpp>
#include <report/visible_text.hpp>

#include <cstdint>

#include "support/catch.hpp"
#include "support/xml_reader.hpp"

namespace heddle::tests {
namespace {

using namespace inject;
using Catch::Matchers::ContainsSubstring;

FaultRun fault(const std::string& id, std::uint64_t site, const std::string& error,
               Verdict verdict) {
  FaultRun run;
  run.id = id;
  run.site = site;
  run.occurrence = 1;
  run.error = error;
  run.rules = {"mmap:error=" + error + ":when=1"};
  run.fired = 1;
  run.verdict = verdict;
  run.status = "exit status 0";
  return run;
}

/// Two sites below one main; the second is called by a worker. One crash in two errnos, one leak.
CampaignReport sample() {
  CampaignReport report;
  report.header.program = "/usr/bin/loom";
  report.header.arguments = {"loom", "--cloth", "a b & <c>"};
  report.recording.later_occurrences = 12;
  report.modules = {{"/usr/bin/loom", "00"}, {"/usr/lib/libc.so.6", "11"}};
  const Frame main{.module = 0, .offset = 0x10, .function = "main", .file = "loom.c", .line = 7};
  const Frame worker{.module = 0, .offset = 0x20, .function = "worker<int>", .file = "", .line = 0};
  const Frame unnamed{.module = 1, .offset = 0x30, .function = "", .file = "", .line = 0};
  Site first;
  first.id = 1;
  first.call = "pthread_create";
  first.stack = "0000000000000001";
  first.thread_path = "0";
  first.count = 1;
  first.frames = {main, unnamed};
  Site second = first;
  second.id = 2;
  second.call = "mmap";
  second.stack = "0000000000000002";
  second.thread_path = "0.1";
  second.count = 3;
  second.frames = {worker, main, unnamed};
  report.sites = {first, second};
  report.faults = {
      fault("1", 1, "EAGAIN", Verdict::reported), fault("2", 2, "ENOMEM", Verdict::crashed),
      fault("3", 2, "EAGAIN", Verdict::crashed), fault("4", 2, "EACCES", Verdict::not_reached),
      fault("5", 2, "EPERM", Verdict::leaked)};
  report.faults[1].status = "signal 11 (SIGSEGV)";
  report.faults[1].repeated = 3;
  report.faults[1].repetitions = 3;
  report.faults[1].message = "no cloth";
  report.faults[1].threads = {{"loom", true, {worker}}};
  Summary summary;
  summary.sites = 2;
  summary.faults = 5;
  summary.fired = 4;
  summary.not_reached = 1;
  summary.accepted = {"survived", "reported"};
  report.summary = summary;
  return report;
}

TEST_CASE("findings of one stack and verdict are one group") {
  const CampaignReport report = sample();
  const std::vector<FindingGroup> groups = findings(report);
  REQUIRE(groups.size() == 2);
  CHECK(groups[0].verdict == Verdict::crashed);
  CHECK(groups[0].faults.size() == 2);
  CHECK(groups[1].verdict == Verdict::leaked);
}

TEST_CASE("a verdict that the campaign accepts is no finding") {
  CampaignReport report = sample();
  report.summary->accepted.emplace_back("leaked");
  CHECK(findings(report).size() == 1);
}

TEST_CASE("an unstable fault is shown apart in all views, and is no finding") {
  CampaignReport report = sample();
  report.summary->accepted.emplace_back("unstable");
  report.faults[4].verdict = Verdict::unstable;
  report.faults[4].evidence = "of 4 runs 1 leaked & 3 survived";
  CHECK(findings(report).size() == 1);
  CHECK_THAT(
      terminal_view(report, "log.jsonl", false),
      ContainsSubstring("unstable: mmap EPERM, once, on the 1st call in thread #0.1, called from "
                        "worker<int> (loom): of 4 runs 1 leaked & 3 survived\n"));
  CHECK_THAT(html_view(report, "log.jsonl"),
             ContainsSubstring("Unstable, no findings") &&
                 ContainsSubstring("of 4 runs 1 leaked &#38; 3 survived"));
  const std::string junit = junit_view(report, "log.jsonl");
  CHECK_THAT(junit, ContainsSubstring("<skipped message=\"unstable: of 4 runs"));
  CHECK_THAT(junit, ContainsSubstring("failures=\"2\"") && ContainsSubstring("skipped=\"2\""));
}

TEST_CASE("a replay command survives a shell") {
  const CampaignReport report = sample();
  CHECK(replay_command(report.faults[1], "my log.jsonl") ==
        "heddle-inject replay 'my log.jsonl' 2");
  CHECK(run_command(report, report.faults[1]) ==
        "heddle-inject run -e mmap:error=ENOMEM:when=1 -- /usr/bin/loom --cloth 'a b & <c>'");
  CampaignReport checked = report;
  checked.header.options.raw = true;
  checked.header.options.check = "leaks";
  CHECK_THAT(run_command(checked, report.faults[1]),
             ContainsSubstring("heddle-inject run --raw --check leaks -e mmap"));
  const std::string words[] = {"it's"};
  CHECK(shell_words(words) == "'it'\\''s'");
}

TEST_CASE("the completeness statement has the numbers, and what was left out") {
  const std::vector<std::string> sentences = completeness(sample());
  REQUIRE(sentences.size() == 2);
  CHECK(sentences[0] == "2 sites, 5 faults, 4 fired, 1 not reached");
  CHECK_THAT(sentences[1], ContainsSubstring("12 later occurrences"));
}

TEST_CASE("a campaign that was killed says so") {
  CampaignReport report = sample();
  report.summary.reset();
  CHECK_THAT(completeness(report).front(), ContainsSubstring("killed after 5 faults"));
}

TEST_CASE(
    "the terminal shows each finding with its stack and its replay, in color only when asked") {
  const CampaignReport report = sample();
  const std::string text = terminal_view(report, "log.jsonl", false);
  CHECK_THAT(text, ContainsSubstring("crashed: mmap fails, called from\n      worker<int> (loom)\n"
                                     "      main (loom.c:7)\n      libc.so.6+0x30\n"));
  CHECK_THAT(text,
             ContainsSubstring("ENOMEM, once, on the 1st call in thread #0.1: signal 11 (SIGSEGV) "
                               "(3 of 3 times)\n      says: no cloth\n"
                               "      replay: heddle-inject replay log.jsonl 2\n"));
  CHECK_THAT(text, ContainsSubstring("thread loom, which got the signal:\n"));
  CHECK_THAT(text, ContainsSubstring("1 not reached, 1 reported, 2 crashed, 1 leaked\n"));
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(terminal_view(report, "log.jsonl", true).find("\x1b[1;31mcrashed") != std::string::npos);
}

TEST_CASE("JUnit has a case for each fault, a failure for each finding, and is XML") {
  const std::string text = junit_view(sample(), "log.jsonl");
  const Element suite = read_xml(text).all("testsuite").at(0);
  CHECK(suite.attributes.at("tests") == "5");
  CHECK(suite.attributes.at("failures") == "3");
  CHECK(suite.attributes.at("skipped") == "1");
  CHECK(suite.attributes.at("name") == "loom --cloth 'a b & <c>'");
}

TEST_CASE("the tree joins callers with one way on, and parts where the ways part") {
  const CampaignReport report = sample();
  const CallNode root = call_tree(report);
  REQUIRE(root.callees.size() == 1);
  const CallNode& main = root.callees.front();
  CHECK(main.frames == std::vector<std::string>{"libc.so.6+0x30", "main (loom.c:7)"});
  REQUIRE(main.sites.size() == 1);
  REQUIRE(main.callees.size() == 1);
  CHECK(main.callees.front().sites.size() == 1);
}

TEST_CASE("the page needs nothing from outside, and names nothing unescaped") {
  const std::string page = html_view(sample(), "log.jsonl");
  for (const char* const outside : {"http:", "https:", "<script", "<link", "src=", "@import"}) {
    INFO(outside);
    CHECK(page.find(outside) == std::string::npos);
  }
  CHECK(page.find("a b & <c>") == std::string::npos);
  CHECK_THAT(page, ContainsSubstring("worker&#60;int&#62;"));
  CHECK_THAT(page, ContainsSubstring("<a href=\"#fault-2\">crashed</a>"));
  CHECK_THAT(page, ContainsSubstring("<p id=\"fault-2\">"));
  CHECK_THAT(page, ContainsSubstring("heddle-inject replay log.jsonl 2"));
}

TEST_CASE("what a terminal would obey is spelled out, and text in any script stays") {
  for (const auto& [text, shown] : std::vector<std::pair<std::string, std::string>>{
           {"plain\ttext\n", "plain\ttext\n"},
           {"\x1b[2J\x1b]0;title\a", "\\x1b[2J\\x1b]0;title\\x07"},
           {"back\b\rdone\x7f", "back\\x08\\x0ddone\\x7f"},
           {std::string("nul\0", 4), "nul\\x00"},
           {"Weberschiffchen \u00fc \u6a5f \U0001f9f5", "Weberschiffchen \u00fc \u6a5f \U0001f9f5"},
           {"\xc2\x9b"
            "31m",
            "\\xc2\\x9b"
            "31m"},  // U+009B, as good as ESC [
           {"\x9b"
            "31m",
            "\\x9b"
            "31m"},                             // the same in one byte
           {"cut \xe6\xa9", "cut \\xe6\\xa9"},  // half a character
           {"\xe6\x1b[m", "\\xe6\\x1b[m"}}) {
    CHECK(visible(text) == shown);
  }
}

TEST_CASE("the terminal's page has no escape sequences but its own colors") {
  CampaignReport report = sample();
  const std::string clear = "\x1b[2J";
  report.modules.front().path += clear;
  for (Site& site : report.sites) {
    site.call += clear;
    site.thread_path += clear;
    site.frames.front().function += clear;
    site.frames.front().file += clear;
  }
  for (FaultRun& run : report.faults) {
    run.error += clear;
    run.status += clear;
    run.message += clear;
    run.threads = {{"name" + clear, true, report.sites.front().frames}};
  }
  report.faults.back().evidence = clear;
  const std::string text = terminal_view(report, "log" + clear, false);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK_THAT(text, ContainsSubstring("says: \\x1b[2J"));
  CHECK(terminal_view(report, "log", true).find(clear) == std::string::npos);
}

}  // namespace
}  // namespace heddle::tests
