#include "cli/rounds_command.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/admin/admin_connection.h"
#include "cli/admin/admin_errors.h"
#include "cli/admin/admin_options.h"
#include "cli/admin/rounds_text.h"
#include "cli/count_option.h"
#include "cli/simulate/options.h"
#include "common/base/status.h"
#include "common/wire/json.h"

namespace seedfed {
namespace {

constexpr const char* kFooter =
    R"(Late and refused updates are counted since the server started. Examples:
  seedfed rounds
  seedfed rounds --first 100 --last 120
  seedfed rounds --all --points 50        50 rows over the whole history, each the mean of its rounds
  seedfed rounds --all --json

)";

constexpr uint32_t kNewest = 20;
constexpr uint32_t kMostRows = 10'000;  // of one answer

struct Options {
  AdminOptions admin;
  bool all = false;
  uint32_t first = 0;   // 0: as follows from the others
  uint32_t last = 0;    // 0: the last complete round
  uint32_t points = 0;  // 0: a row for every round
  bool json = false;
};

struct Range {
  uint32_t first;
  uint32_t last;
};

absl::StatusOr<Range> Choose(const Options& options, uint32_t complete) {
  if (options.first != 0 && options.last != 0 && options.first > options.last) {
    return absl::InvalidArgumentError(absl::StrCat("--first is ", options.first, ", --last is ",
                                                   options.last, "; expected at most --last"));
  }
  if (std::max(options.first, options.last) > complete) {
    return absl::InvalidArgumentError(absl::StrCat("round ", std::max(options.first, options.last),
                                                   " is not complete; the last complete round is ",
                                                   complete));
  }
  Range range = {options.first, options.last == 0 ? complete : options.last};
  if (range.first == 0) {
    range.first = options.all || range.last <= kNewest ? 1 : range.last - kNewest + 1;
  }
  return range;
}

// One after the other, in as many answers as it takes when every round is asked for.
absl::StatusOr<v1::Rounds> Fetch(AdminConnection& server, const Range& range, uint32_t points) {
  v1::Rounds rounds;
  v1::ListRoundsRequest request;
  request.set_points(points == 0 ? kMostRows : points);
  for (uint32_t first = range.first; first <= range.last;) {
    const uint32_t last = points == 0 ? std::min(range.last, first + kMostRows - 1) : range.last;
    request.set_first(first);
    request.set_last(last);
    SEEDFED_ASSIGN_OR_RETURN(const v1::Rounds part, server.ListRounds(request));
    SEEDFED_RETURN_IF_ERROR(CheckRounds(part));
    // The server has only means of the oldest rounds of a very long history.
    const uint32_t stride = std::max(rounds.stride(), part.stride());
    rounds.MergeFrom(part);
    rounds.set_stride(stride);
    first = last + 1;
  }
  return rounds;
}

int Run(const Options& options) {
  absl::StatusOr<AdminConnection> server = AdminConnection::Open(options.admin);
  if (!server.ok()) return FailAdmin(server.status());
  const uint32_t complete = server->opening_status().round();
  const absl::StatusOr<Range> range = Choose(options, complete);
  if (!range.ok()) return FailAdmin(range.status());
  absl::StatusOr<v1::Rounds> rounds = v1::Rounds();
  if (complete > 0) rounds = Fetch(*server, *range, options.points);
  if (!rounds.ok()) return FailAdmin(rounds.status());
  if (options.json) {
    std::cout << ToJson(*rounds) << "\n";
  } else if (complete == 0) {
    std::cout << "No round is complete yet.\n";
  } else {
    std::cout << RoundsText(*rounds);
  }
  return 0;
}

}  // namespace

std::function<int()> AddRoundsCommand(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command =
      *app.add_subcommand("rounds", "Show the complete rounds of a running federation");
  command.footer(absl::StrCat(kFooter, kAdminFooter));
  AddAdminOptions(command, options->admin);
  command.add_flag("--all", options->all, absl::StrCat("Every round, not the newest ", kNewest));
  AddCount(command, "--first", options->first, kMostRounds, "Rounds from this one on");
  AddCount(command, "--last", options->last, kMostRounds, "Rounds up to this one");
  AddCount(command, "--points", options->points, kMostRows,
           "At most so many rows, each the mean of several rounds");
  for (const char* flag : {"--first", "--last", "--points"})
    command.get_option(flag)->default_str("");
  command.add_flag("--json", options->json, "Print a JSON document");
  return [options] { return Run(*options); };
}

}  // namespace seedfed
