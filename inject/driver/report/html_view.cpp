#include "report/html_view.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "program/markup.hpp"
#include "program/shell_words.hpp"
#include "report/call_tree.hpp"
#include "report/findings.hpp"

namespace heddle::inject {
namespace {

constexpr const char* style = R"(
:root { color-scheme: light dark; --line: #8884; --good: #1a7f37; --bad: #cf222e; --warn: #9a6700; }
@media (prefers-color-scheme: dark) { :root { --good: #3fb950; --bad: #ff7b72; --warn: #d29922; } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
code, pre, .stack { font-family: ui-monospace, monospace; font-size: 0.87rem; }
pre { overflow-x: auto; padding: 0.5rem 0.7rem; background: #8881; border-radius: 4px; margin: 0.3rem 0; }
details { margin: 0.2rem 0 0.2rem 0.4rem; padding-left: 0.8rem; border-left: 1px solid var(--line); }
summary { cursor: pointer; } section.finding { border: 1px solid var(--line); border-radius: 6px; padding: 0.4rem 1rem; margin: 0.8rem 0; }
table { border-collapse: collapse; margin: 0.3rem 0 0.6rem; font-size: 0.87rem; }
th, td { border: 1px solid var(--line); padding: 0.1rem 0.6rem; text-align: left; font-weight: normal; }
.verdict { font-weight: 600; white-space: nowrap; } .verdict a { color: inherit; }
.survived, .reported { color: var(--good); } .not-reached, .not-judged, .same { opacity: 0.6; font-weight: normal; }
.crashed, .aborted, .memory-error, .hung, .wrong-output { color: var(--bad); } .leaked, .still-waiting, .silently-degraded, .unstable { color: var(--warn); }
ul.tally { list-style: none; padding: 0; display: flex; gap: 1.2rem; flex-wrap: wrap; }
)";

std::string class_of(Verdict verdict) {
  std::string name(verdict_name(verdict));
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}

class Page {
 public:
  Page(const CampaignReport& report, std::string log)
      : report_(report), log_(std::move(log)), findings_(findings(report)) {
    for (const FaultRun& fault : report.faults) {
      faults_of_site_[fault.site].push_back(&fault);
    }
  }

  std::string text() {
    const std::string command = shell_words(report_.header.arguments);
    text_ = fmt::format(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width\">\n"
        "<title>Failed calls of {0}</title>\n<style>{1}</style></head><body>\n"
        "<h1>What became of <code>{0}</code> when its calls failed</h1>\n",
        escaped_for_markup(command), style);
    add_tally();
    add_statement();
    add_findings();
    add_unstable();
    text_ += "<h2>Call sites</h2>\n";
    const CallNode root = call_tree(report_);
    add_sites(root);
    for (const CallNode& callee : root.callees) {
      add_node(callee);
    }
    return text_ + "</body></html>\n";
  }

 private:
  void add_tally() {
    std::map<Verdict, std::uint64_t> numbers;
    for (const FaultRun& fault : report_.faults) {
      numbers[fault.verdict] += fault.same_as_once ? 0 : 1;
    }
    text_ += "<ul class=\"tally\">\n";
    for (const auto& [verdict, number] : numbers) {
      text_ += fmt::format("<li><span class=\"verdict {}\">{} {}</span></li>\n", class_of(verdict),
                           number, verdict_name(verdict));
    }
    text_ += "</ul>\n";
  }

  void add_statement() {
    text_ += "<ul>\n";
    for (const std::string& sentence : completeness(report_)) {
      text_ += fmt::format("<li>{}</li>\n", escaped_for_markup(sentence));
    }
    text_ += "</ul>\n";
  }

  void add_frames(const std::vector<Frame>& frames) {
    std::string lines;
    for (const Frame& frame : frames) {
      lines += describe_frame(report_, frame) + '\n';
    }
    // A pre element keeps newlines as they are, so each line is escaped by itself.
    text_ += "<pre>";
    for (std::size_t begin = 0; begin < lines.size();) {
      const std::size_t end = lines.find('\n', begin);
      text_ += escaped_for_markup(std::string_view(lines).substr(begin, end - begin)) + '\n';
      begin = end + 1;
    }
    text_ += "</pre>\n";
  }

  void add_findings() {
    if (findings_.empty()) {
      text_ += "<h2>No findings</h2>\n";
      return;
    }
    text_ += "<h2>Findings</h2>\n";
    for (const FindingGroup& group : findings_) {
      text_ += fmt::format(
          "<section class=\"finding\">\n<p><span class=\"verdict {}\">{}</span> when "
          "<code>{}</code> fails, called from</p>\n",
          class_of(group.verdict), verdict_name(group.verdict),
          escaped_for_markup(group.site->call));
      add_frames(group.site->frames);
      for (const FaultRun* fault : group.faults) {
        add_fault(*fault);
      }
      add_stacks(*group.faults.front());
      text_ += "</section>\n";
    }
  }

  void add_fault(const FaultRun& fault) {
    const Site* const site = site_of(report_, fault);
    text_ += fmt::format("<p id=\"fault-{}\">{} in thread #{}: {}{}</p>\n",
                         escaped_for_markup(fault.id), escaped_for_markup(describe_fault(fault)),
                         escaped_for_markup(site != nullptr ? site->thread_path : "?"),
                         escaped_for_markup(fault.evidence.empty() ? fault.status : fault.evidence),
                         fault.repetitions == 0
                             ? ""
                             : fmt::format(" ({} of {} times)", fault.repeated, fault.repetitions));
    if (!fault.message.empty()) {
      text_ += fmt::format("<p>It says: <code>{}</code></p>\n", escaped_for_markup(fault.message));
    }
    text_ += fmt::format("<pre>{}\n{}</pre>\n", escaped_for_markup(replay_command(fault, log_)),
                         escaped_for_markup(run_command(report_, fault)));
  }

  void add_unstable() {
    const std::vector<const FaultRun*> faults = unstable_faults(report_);
    if (faults.empty()) {
      return;
    }
    text_ += "<h2>Unstable, no findings</h2>\n<section>\n";
    for (const FaultRun* const fault : faults) {
      text_ += fmt::format("<p><code>{}</code></p>\n",
                           escaped_for_markup(site_of(report_, *fault)->call));
      add_fault(*fault);
    }
    text_ += "</section>\n";
  }

  void add_stacks(const FaultRun& fault) {
    for (const LoggedStack& thread : fault.threads) {
      text_ += fmt::format("<details{}><summary>Thread <code>{}</code>{}</summary>\n",
                           thread.faulting ? " open" : "", escaped_for_markup(thread.name),
                           thread.faulting ? ", which got the signal" : "");
      add_frames(thread.frames);
      text_ += "</details>\n";
    }
    for (const LoggedMemoryError& error : fault.memory_errors) {
      text_ += fmt::format("<details open><summary>{}</summary>\n",
                           escaped_for_markup(describe_memory_error(error)));
      add_frames(error.frames);
      text_ += "</details>\n";
    }
  }

  bool has_finding(const Site& site) const {
    const auto faults = faults_of_site_.find(site.id);
    return faults != faults_of_site_.end() &&
           std::any_of(faults->second.begin(), faults->second.end(),
                       [&](const FaultRun* fault) { return is_finding(report_, *fault); });
  }

  bool has_finding(const CallNode& node) const {
    return std::any_of(node.sites.begin(), node.sites.end(),
                       [&](const Site* site) { return has_finding(*site); }) ||
           std::any_of(node.callees.begin(), node.callees.end(),
                       [&](const CallNode& callee) { return has_finding(callee); });
  }

  /// Writes a node and its callees. Recursion is bounded by the depth of the stacks.
  void add_node(const CallNode& node) {
    std::string path;
    for (const std::string& frame : node.frames) {
      path += (path.empty() ? "" : " &rarr; ") + escaped_for_markup(frame);
    }
    text_ += fmt::format("<details{}><summary class=\"stack\">{}</summary>\n",
                         has_finding(node) ? " open" : "", path);
    add_sites(node);
    for (const CallNode& callee : node.callees) {
      add_node(callee);
    }
    text_ += "</details>\n";
  }

  void add_sites(const CallNode& node) {
    for (const Site* site : node.sites) {
      text_ +=
          fmt::format("<p><code>{}</code> in thread #{}{}, {}</p>\n",
                      escaped_for_markup(site->call), escaped_for_markup(site->thread_path),
                      site->raw ? ", seen by the raw layer" : "", counted(site->count, "call"));
      add_table(*site);
    }
  }

  void add_table(const Site& site) {
    const auto faults = faults_of_site_.find(site.id);
    if (faults == faults_of_site_.end()) {
      return;
    }
    std::map<std::pair<std::uint64_t, std::string>, std::map<Shape, const FaultRun*>> rows;
    std::set<Shape> shapes;
    for (const FaultRun* fault : faults->second) {
      rows[{fault->occurrence, fault->error}][fault->shape] = fault;
      shapes.insert(fault->shape);
    }
    text_ += "<table><tr><th>call</th><th>error</th>";
    for (const Shape shape : shapes) {
      text_ += fmt::format("<th>{}</th>", shape_name(shape));
    }
    text_ += "</tr>\n";
    for (const auto& [key, cells] : rows) {
      text_ += fmt::format("<tr><td>{}</td><td>{}</td>", key.first, escaped_for_markup(key.second));
      for (const Shape shape : shapes) {
        const auto cell = cells.find(shape);
        text_ += cell == cells.end() ? "<td></td>" : cell_of(*cell->second);
      }
      text_ += "</tr>\n";
    }
    text_ += "</table>\n";
  }

  std::string cell_of(const FaultRun& fault) const {
    if (fault.same_as_once) {
      return "<td class=\"same\">the same as once</td>";
    }
    const std::string name(verdict_name(fault.verdict));
    const bool has_entry = is_finding(report_, fault) || fault.verdict == Verdict::unstable;
    return fmt::format(
        "<td class=\"verdict {}\">{}</td>", class_of(fault.verdict),
        has_entry ? fmt::format("<a href=\"#fault-{}\">{}</a>", escaped_for_markup(fault.id), name)
                  : name);
  }

  const CampaignReport& report_;
  std::string log_;
  std::vector<FindingGroup> findings_;
  std::map<std::uint64_t, std::vector<const FaultRun*>> faults_of_site_;
  std::string text_;
};

}  // namespace

std::string html_view(const CampaignReport& report, const std::string& log) {
  return Page(report, log).text();
}

}  // namespace heddle::inject
