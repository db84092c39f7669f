#include "cli/simulate/simulation.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "cli/simulate/loopback.h"
#include "cli/simulate/process_group.h"
#include "cli/simulate/report.h"
#include "cli/simulate/round_feed.h"
#include "cli/simulate/run_folder.h"
#include "cli/simulate/text.h"
#include "common/base/status.h"
#include "common/terminal/text.h"

namespace seedfed {
namespace {

// How often files are looked at and the bar is redrawn.
constexpr absl::Duration kStep = absl::Milliseconds(200);
constexpr absl::Duration kPortStep = absl::Milliseconds(20);
constexpr absl::Duration kServerStart = absl::Seconds(60);
constexpr absl::Duration kStopGrace = absl::Seconds(10);
// Once a process has ended cleanly the others follow, unless the federation was not finished: then
// nothing happens.
constexpr absl::Duration kSilenceAfterExit = absl::Seconds(60);
// Enough of a log's end for its last error.
constexpr size_t kLogTail = 64 << 10;

// 0 while it is not there.
uint16_t ReadPort(const std::filesystem::path& file) {
  uint32_t port;
  const bool read = absl::SimpleAtoi(ReadTail(file, kLogTail), &port) && port <= 65535;
  return read ? static_cast<uint16_t>(port) : 0;
}

// The host of --http, as it stands in a URL.
std::string PageHost(absl::string_view address) {
  return address.empty() ? "127.0.0.1" : std::string(address.substr(0, address.rfind(':')));
}

class Simulation {
 public:
  Simulation(const SimulateOptions& options, const SimulationEnvironment& environment,
             Display& display, RunFolder folder, uint64_t weights)
      : environment_(environment),
        display_(display),
        folder_(std::move(folder)),
        feed_(folder_.rounds()),
        start_(environment.clock.Monotonic()),
        last_event_(start_) {
    report_.options = options;
    report_.weights = weights;
    report_.folder = folder_.path().string();
  }

  int Run() {
    absl::Status status = Follow();
    if (status.ok() || absl::IsCancelled(status)) {
      if (const absl::Status last = ReadRounds(); !last.ok() && status.ok()) status = last;
    }
    if (status.ok()) status = CheckComplete();
    if (status.ok() && report_.options.watch) status = Watch();
    if (absl::IsCancelled(status)) display_.Line("Stopping.");
    const std::vector<std::string> killed =
        processes_.Stop(kStopGrace, environment_.signals, environment_.clock);
    display_.End();
    if (!killed.empty()) {
      environment_.errors << "Killed after it did not end in time: " << killed.front();
      if (killed.size() > 1) environment_.errors << " and " << killed.size() - 1 << " others";
      environment_.errors << ".\n";
    }
    return Conclude(status);
  }

 private:
  absl::Duration Elapsed() const { return environment_.clock.Monotonic() - start_; }

  void Introduce() {
    const SimulateOptions& options = report_.options;
    display_.Line(absl::StrCat("One server, ", options.clients,
                               options.clients == 1 ? " client" : " clients",
                               " and one evaluator train ", options.model, "."));
    display_.Line(absl::StrCat("Data: ", options.data));
    display_.Line(absl::StrCat("Model and logs: ", report_.folder));
    if (options.watch) display_.Line(absl::StrCat("Page: ", page_));
    introduced_ = true;
    display_.Line("Accuracy and loss are of the test set; bytes are per client.");
  }

  // Until the federation is finished. Cancelled: the user asked to end.
  absl::Status Follow() {
    SEEDFED_ASSIGN_OR_RETURN(const uint16_t port, StartServer());
    Introduce();
    SEEDFED_RETURN_IF_ERROR(
        processes_.Start({.name = "evaluator",
                          .program = environment_.programs / "seedfed-client",
                          .arguments = EvaluatorArguments(report_.options, port, folder_),
                          .log = folder_.Log("evaluator")}));
    for (uint32_t client = 0; client < report_.options.clients; ++client) {
      const std::string name = absl::StrCat("client-", client);
      SEEDFED_RETURN_IF_ERROR(
          processes_.Start({.name = name,
                            .program = environment_.programs / "seedfed-client",
                            .arguments = ClientArguments(report_.options, port, client),
                            .log = folder_.Log(name)}));
    }
    // The server ends by itself, unless it is watched.
    const size_t staying = report_.options.watch ? 1 : 0;
    while (processes_.running() > staying) {
      SEEDFED_RETURN_IF_ERROR(Wait(kStep));
      SEEDFED_RETURN_IF_ERROR(Reap());
      SEEDFED_RETURN_IF_ERROR(ReadRounds());
      display_.Update({.done = reached(),
                       .rounds = report_.options.rounds,
                       .elapsed = Elapsed(),
                       .per_round = rounds_time_ / std::max<size_t>(1, report_.rounds.size()),
                       .since_last_round = environment_.clock.Monotonic() - last_event_});
      if (!display_.ok()) return absl::CancelledError("nobody reads the output any more");
    }
    return absl::OkStatus();
  }

  absl::StatusOr<uint16_t> StartServer() {
    SEEDFED_RETURN_IF_ERROR(
        processes_.Start({.name = "server",
                          .program = environment_.programs / "seedfed-server",
                          .arguments = ServerArguments(report_.options, folder_),
                          .log = folder_.Log("server")}));
    while (Elapsed() < kServerStart) {
      SEEDFED_RETURN_IF_ERROR(Wait(kPortStep));
      for (const ChildExit& ended : processes_.Reap()) {
        // What the server has to say about its options is the whole message.
        const std::string sentence = LastLine(ReadTail(ended.log, kLogTail));
        if (ended.code == kExitBadInput && !sentence.empty()) {
          return absl::InvalidArgumentError(sentence);
        }
        return EndedEarly(ended);
      }
      const uint16_t port = ReadPort(folder_.port_file());
      const uint16_t http_port = report_.options.watch ? ReadPort(folder_.http_port_file()) : 0;
      if (port == 0 || (report_.options.watch && http_port == 0)) continue;
      page_ = absl::StrCat("http://", PageHost(report_.options.http), ":", http_port, "/");
      return port;
    }
    return absl::DeadlineExceededError(
        absl::StrCat("the server did not listen within ", DurationText(kServerStart),
                     " (log: ", folder_.Log("server").string(), ")"));
  }

  absl::Status Wait(absl::Duration step) {
    const int signal = environment_.signals.Wait(step);
    if (Signals::AsksToEnd(signal)) return absl::CancelledError("stopped");
    return absl::OkStatus();
  }

  absl::Status Reap() {
    for (const ChildExit& ended : processes_.Reap()) {
      if (!ended.clean()) return EndedEarly(ended);
      if (!first_clean_exit_.has_value()) first_clean_exit_ = ended.name;
      last_event_ = environment_.clock.Monotonic();
    }
    if (first_clean_exit_.has_value() && processes_.running() > 0 &&
        environment_.clock.Monotonic() - last_event_ > kSilenceAfterExit) {
      return absl::InternalError(absl::StrCat(
          *first_clean_exit_, " ended after round ", reached(), " of ", report_.options.rounds,
          ", and nothing has happened since (log: ", folder_.Log(*first_clean_exit_).string(),
          ")"));
    }
    return absl::OkStatus();
  }

  absl::Status EndedEarly(const ChildExit& ended) const {
    const std::string log = ReadTail(ended.log, kLogTail);
    const std::string what = absl::StrCat(ended.name, " ", DescribeExit(ended));
    const std::string path = ended.log.string();
    if (const std::string error = LastErrorLine(log); !error.empty()) {
      return absl::InternalError(absl::StrCat(what, ": ", error, " (log: ", path, ")"));
    }
    const std::string last = LastLine(log);
    return absl::InternalError(
        absl::StrCat(what, "; its log ", path, last.empty() ? " is empty" : " ends with: ", last));
  }

  absl::Status ReadRounds() {
    SEEDFED_ASSIGN_OR_RETURN(const std::vector<EvaluatedRound> records, feed_.Poll());
    for (const EvaluatedRound& record : records) {
      display_.Row(record);
      report_.rounds.push_back(record);
      last_event_ = environment_.clock.Monotonic();
      rounds_time_ += absl::Seconds(record.seconds);
    }
    return absl::OkStatus();
  }

  // After the training, until the user asks to end.
  absl::Status Watch() {
    display_.End();
    report_.wall_time = Elapsed();
    Summarise();
    SEEDFED_RETURN_IF_ERROR(WriteReport());
    display_.Line(absl::StrCat("Page              ", page_, " until Ctrl-C"));
    while (true) {
      const absl::Status wait = Wait(kStep);
      if (absl::IsCancelled(wait)) return absl::OkStatus();
      for (const ChildExit& ended : processes_.Reap()) {
        return ended.clean() ? absl::OkStatus() : EndedEarly(ended);
      }
      if (!display_.ok()) return absl::CancelledError("nobody reads the output any more");
    }
  }

  absl::Status WriteReport() const {
    if (report_.options.json.empty()) return absl::OkStatus();
    return WriteFileAtomically(report_.options.json, ReportJson(report_));
  }

  absl::Status CheckComplete() const {
    if (reached() == report_.options.rounds) return absl::OkStatus();
    return absl::InternalError(absl::StrCat("the federation ended after round ", reached(), " of ",
                                            report_.options.rounds,
                                            " (log: ", folder_.Log("server").string(), ")"));
  }

  uint32_t reached() const { return report_.rounds.empty() ? 0 : report_.rounds.back().round; }

  void Summarise() {
    display_.Line("");
    const std::string summary = SummaryText(report_);
    for (absl::string_view line : absl::StrSplit(absl::StripSuffix(summary, "\n"), '\n')) {
      display_.Line(line);
    }
    summarised_ = true;
  }

  void Complain(const absl::Status& status) {
    environment_.errors << "seedfed: " << absl::string_view(status.message()) << std::endl;
  }

  int Conclude(const absl::Status& status) {
    std::error_code error;
    if (std::filesystem::exists(folder_.model(), error)) report_.model = folder_.model().string();
    if (absl::IsInvalidArgument(status)) {
      folder_.Discard();
      Complain(status);
      return kExitBadInput;
    }
    if (absl::IsCancelled(status)) {
      display_.Line("Stopped: no process is left.");
    } else if (!status.ok()) {
      Complain(status);
    }
    if (summarised_) {
      // The server writes the model when it stops.
      if (!report_.model.empty()) display_.Line(absl::StrCat("Model             ", report_.model));
      return status.ok() ? kExitOk : kExitFailure;
    }
    report_.wall_time = Elapsed();
    if (introduced_) Summarise();
    if (absl::IsCancelled(status)) return kExitInterrupted;
    if (!status.ok()) return kExitFailure;
    if (const absl::Status written = WriteReport(); !written.ok()) {
      Complain(written);
      return kExitFailure;
    }
    return kExitOk;
  }

  const SimulationEnvironment& environment_;
  Display& display_;
  const RunFolder folder_;
  RoundFeed feed_;
  ProcessGroup processes_;
  RunReport report_;
  const absl::Duration start_;
  absl::Duration last_event_;   // of a process' clean end or a round, on the clock
  absl::Duration rounds_time_;  // sum over report_.rounds
  std::string page_;            // its URL
  bool introduced_ = false;
  bool summarised_ = false;
  std::optional<std::string> first_clean_exit_;
};

}  // namespace

int RunSimulation(const SimulateOptions& options, const SimulationEnvironment& environment,
                  Display& display) {
  const auto refuse = [&](const absl::Status& status) {
    environment.errors << "seedfed: " << absl::string_view(status.message()) << std::endl;
    return kExitBadInput;
  };
  const absl::StatusOr<uint64_t> weights = ModelWeights(options);
  if (!weights.ok()) return refuse(weights.status());
  if (const absl::Status files = CheckFiles(options); !files.ok()) return refuse(files);
  if (const absl::Status loopback = CheckLoopback(); !loopback.ok()) {
    refuse(loopback);
    return kExitFailure;
  }
  absl::StatusOr<RunFolder> folder = RunFolder::Create(options.keep, environment.temporary);
  if (!folder.ok()) return refuse(folder.status());
  return Simulation(options, environment, display, *std::move(folder), *weights).Run();
}

}  // namespace seedfed
