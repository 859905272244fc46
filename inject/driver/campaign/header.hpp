// header.hpp: what identifies a campaign: its program, arguments and options.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "campaign/campaign_log.hpp"
#include "campaign/recording.hpp"
#include "campaign/target.hpp"

namespace heddle::inject {

LogHeader header_of(const Target& target);

/// Returns the line that --version prints: the program's version, and those of the log that it
/// writes and of the control block that it shares with the shim.
std::string version_line();

/// Checks that the log is about the same program, in the same build, with the same arguments and
/// options. Returns what differs.
tl::expected<void, std::string> check_same_campaign(const LogHeader& log, const LogHeader& now);

/// Says why there is nothing to try: whose calls were seen, and how to choose among them.
std::string no_site_message(const FaultFreeRuns& runs, const CampaignOptions& options);

/// Returns the build id of an ELF file in hexadecimal; for a file without one, a hash of its
/// content. Empty when the file cannot be read.
std::string build_id_of(const std::string& path);

}  // namespace heddle::inject
