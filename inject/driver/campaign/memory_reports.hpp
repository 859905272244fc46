// memory_reports.hpp: the reports that a memory checker writes about the runs of a campaign.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "campaign/campaign_log.hpp"
#include "memory/memory_error.hpp"

namespace heddle::inject {

/// The values of CampaignOptions::check.
inline constexpr std::string_view check_leaks = "leaks";
inline constexpr std::string_view check_memcheck = "memcheck";

/// The folder into which the checker writes the reports of one run after the other. Not
/// thread-safe.
class MemoryReports {
 public:
  /// Makes the folder among the system's temporary ones, for the checker that the options ask for.
  /// On failure, returns why there is no folder.
  static tl::expected<MemoryReports, std::string> create(const CampaignOptions& options);
  ~MemoryReports();
  MemoryReports(MemoryReports&& other) noexcept;
  MemoryReports& operator=(MemoryReports&&) = delete;

  /// Returns where the checker shall write: it adds to the name what tells the processes apart.
  std::string path() const;

  /// Takes the reports of the program's own processes out of the folder. Call when all processes of
  /// the run have ended.
  MemoryLook take() const;

 private:
  MemoryReports(std::string folder, const CampaignOptions& options);

  std::string folder_;
  std::string exe_;  // as the kernel knows it
  bool memcheck_;
};

}  // namespace heddle::inject
