#include "tests/server/core/scenario.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "tests/server/core/command_line.h"

namespace seedfed {

namespace {

const char* Name(FederationState state) {
  switch (state) {
    case FederationState::kCollecting:
      return "collecting";
    case FederationState::kPaused:
      return "paused";
    case FederationState::kFinished:
      return "finished";
  }
  return "";
}

template <size_t N>
std::string Short(const std::array<uint8_t, N>& digest) {
  return ToHex(digest).substr(0, 8);
}

std::string Range(uint32_t first, uint32_t last) {
  return first == last ? absl::StrCat(first) : absl::StrCat(first, "..", last);
}

// Log lines and error sentences with their fingerprints and federation ids cut to 8 hex digits.
std::string Shortened(absl::string_view text) {
  std::string result;
  size_t start = 0;  // of the run of hex digits at the end of `result`
  for (const char c : text) {
    if (!absl::ascii_isxdigit(c)) {
      if (result.size() - start >= 16) result.resize(start + 8);
      start = result.size() + 1;
    }
    result += c;
  }
  if (result.size() - start >= 16) result.resize(start + 8);
  return result;
}

}  // namespace

absl::StatusOr<std::string> Scenario::Run(const std::string& command) {
  output_.clear();
  CommandLine line(command);
  const std::string verb = line.Next("a command");
  absl::Status status;
  if (verb == "rules") {
    status = Rules(line);
  } else if (driver_ == nullptr) {
    status = absl::InvalidArgumentError("a scenario starts with its rules");
  } else if (verb == "join") {
    status = Join(line);
  } else if (verb == "await" || verb == "leave" || verb == "submit" || verb == "snapshot") {
    status = Request(verb, line);
  } else if (verb == "cancel") {
    status = Cancel(line);
  } else if (verb == "wait") {
    status = Wait(line);
  } else if (verb == "durable") {
    status = MakeDurable(line);
  } else if (verb == "hold" || verb == "restart" || verb == "status") {
    status = line.Check();
    if (status.ok() && verb == "hold") driver_->hold = true;
    if (status.ok() && verb == "restart") status = Restart();
    if (status.ok() && verb == "status") Status();
  } else {
    status = absl::InvalidArgumentError("there is no such command");
  }
  if (!status.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("'", command, "': ", status.message()));
  }
  return output_;
}

void Scenario::Start(Recovered recovered, std::optional<Model> model) {
  driver_ = std::make_unique<CoreDriver>(rules_, std::move(recovered), std::move(model));
  driver_->observe = [this](const Effects& effects) { Show(effects); };
}

absl::Status Scenario::Rules(CommandLine& line) {
  RoundRules rules;
  rules.example_cap = 1000;
  line.Get("rounds", rules.rounds);
  line.Get("goal", rules.goal);
  rules.quorum = rules.goal;
  line.Get("quorum", rules.quorum);
  line.Get("min_clients", rules.min_clients);
  line.Get("deadline", rules.deadline);
  line.Get("poll", rules.poll);
  line.Get("cap", rules.example_cap);
  line.Get("snapshot_every", rules.snapshot_every);
  SEEDFED_RETURN_IF_ERROR(line.Check());
  SEEDFED_RETURN_IF_ERROR(ValidateRoundRules(rules));
  *this = Scenario();
  rules_ = rules;
  Start({}, std::nullopt);
  return absl::OkStatus();
}

absl::Status Scenario::Join(CommandLine& line) {
  const bool evaluator = line.Has("evaluate");
  const std::string id = line.Next("a client id");
  SEEDFED_RETURN_IF_ERROR(line.Check());
  Calling("join", id);
  driver_->Join(id, evaluator);
  ShowIfUnanswered();
  return absl::OkStatus();
}

absl::Status Scenario::Request(const std::string& verb, CommandLine& line) {
  const std::string name = line.Next("a client");
  SEEDFED_ASSIGN_OR_RETURN(const uint32_t client, Number(name));
  const bool elsewhere = line.Has("federation=other");
  if (elsewhere) driver_->federation = Blake2b128("other");
  absl::Status status;
  if (verb == "submit") {
    status = Submit(client, name, line);
  } else {
    uint32_t have = 0;
    if (verb == "await") line.Need("have", have);
    status = line.Check();
    if (status.ok()) {
      Calling(verb, name);
      if (verb == "await") driver_->Await(client, have);
      if (verb == "leave") driver_->KnowsTheEnd(client);
      if (verb == "snapshot") driver_->Snapshot(client);
    }
  }
  driver_->federation = TestId();
  if (status.ok()) ShowIfUnanswered();
  return status;
}

absl::Status Scenario::Submit(uint32_t client, const std::string& name, CommandLine& line) {
  if (line.Has("again")) {
    SEEDFED_RETURN_IF_ERROR(line.Check());
    if (!again_.contains(name)) return absl::InvalidArgumentError("nothing was sent before");
    CommandLine before(again_[name]);
    return Submit(client, name, before);
  }
  uint32_t salt = 0, examples = 100, first = 0;
  float loss = 0.5F;
  const std::string round = line.Option("round").value_or("");
  const std::vector<std::string> ends = absl::StrSplit(round, "..");
  uint32_t last = 0;
  if (!CommandLine::Parse(ends.front(), first) || !CommandLine::Parse(ends.back(), last)) {
    line.Fail(absl::StrCat("expected round=N or round=FIRST..LAST, found '", round, "'"));
  }
  line.Get("salt", salt);
  line.Get("examples", examples);
  line.Get("loss", loss);
  const bool truncated = line.Has("short");
  SEEDFED_RETURN_IF_ERROR(line.Check());
  again_[name] = absl::StrCat("round=", last, " salt=", salt, " examples=", examples,
                              " loss=", loss, truncated ? " short" : "");
  for (uint32_t r = first; r <= last; ++r) {
    muted_ = r != last;
    Calling("submit", name);
    std::string words = driver_->Words(client, r, salt);
    if (truncated) words.pop_back();
    driver_->Submit(client, r, words, examples, loss);
  }
  return absl::OkStatus();
}

absl::Status Scenario::Cancel(CommandLine& line) {
  const std::string call = line.Next("a call");
  SEEDFED_RETURN_IF_ERROR(line.Check());
  CallId id = 0;
  if (!CommandLine::Parse(call, id) || unanswered_.erase(id) == 0) {
    return absl::InvalidArgumentError("no such call waits for an answer");
  }
  driver_->Take(driver_->core.Cancelled(id));
  return absl::OkStatus();
}

absl::Status Scenario::Wait(CommandLine& line) {
  const std::string text = line.Next("a time");
  SEEDFED_RETURN_IF_ERROR(line.Check());
  absl::Duration time;
  if (!CommandLine::Parse(text, time)) return absl::InvalidArgumentError("expected a time");
  const absl::Duration end = driver_->now + time;
  while (driver_->core.WakeTime() <= end) {
    driver_->now = std::max(driver_->now, driver_->core.WakeTime());
    const std::string before = std::exchange(output_, "");
    driver_->Take(driver_->core.Wake(driver_->now));
    const std::string at = absl::StrCat("at ", Time(driver_->now), "\n");
    output_ = absl::StrCat(before, output_.empty() ? "" : at, output_);
  }
  driver_->now = end;
  return absl::OkStatus();
}

absl::Status Scenario::MakeDurable(CommandLine& line) {
  if (line.empty()) {
    driver_->hold = false;
    driver_->Flush();
    return absl::OkStatus();
  }
  const std::string count = line.Next("a count");
  SEEDFED_RETURN_IF_ERROR(line.Check());
  uint32_t n = 0;
  if (!CommandLine::Parse(count, n) || n > driver_->held.size()) {
    return absl::InvalidArgumentError(absl::StrCat(driver_->held.size(), " commits are kept back"));
  }
  for (; n > 0; --n) driver_->MakeOneDurable();
  return absl::OkStatus();
}

absl::Status Scenario::Restart() {
  for (const Commit& commit : std::exchange(commits_, {})) {
    if (std::count(driver_->held.begin(), driver_->held.end(), commit.ticket) > 0) {
      Line(absl::StrCat("lost: commit ", commit.ticket));
    } else {
      store_.insert(store_.end(), commit.writes.begin(), commit.writes.end());
    }
  }
  for (const auto& [id, call] : std::exchange(unanswered_, {})) {
    Line(absl::StrCat("lost: call ", id, " ", call.verb, " ", call.client));
  }

  Recovered recovered;
  Model model = *Model::Create(SmallSpec(), TestKey());
  for (const Write& write : store_) {
    if (const auto* client = std::get_if<ClientRecord>(&write)) {
      recovered.clients.push_back(*client);
    } else if (const auto* update = std::get_if<UpdateRecord>(&write)) {
      recovered.open_updates.push_back(*update);
    } else if (const auto* round = std::get_if<RoundRecord>(&write)) {
      SEEDFED_RETURN_IF_ERROR(model.Apply(round->round, round->words));
      recovered.recent_rounds.push_back(*round);
    }
  }
  std::erase_if(recovered.open_updates,
                [&](const UpdateRecord& update) { return update.round <= model.round(); });
  // As the store reads them.
  std::sort(recovered.open_updates.begin(), recovered.open_updates.end(),
            [](const auto& a, const auto& b) { return a.client < b.client; });
  Line(absl::StrCat("recovered: ", recovered.clients.size(), " clients, round ", model.round(),
                    ", ", recovered.open_updates.size(), " updates of the open round"));

  started_ += driver_->now;
  const CallId call = driver_->call;
  Start(std::move(recovered), std::move(model));
  driver_->call = call;
  return absl::OkStatus();
}

void Scenario::Status() {
  const FederationCore& core = driver_->core;
  const absl::Duration wake = core.WakeTime();
  Line(absl::StrCat("last round ", core.round(), ", ", Name(core.state()), ", model of round ",
                    core.model().round(), " ", Short(core.model().fingerprint()), ", ",
                    wake == absl::InfiniteDuration()
                        ? "no wake"
                        : absl::StrCat("next wake at ", Time(std::max(wake, driver_->now)))));
  if (!driver_->held.empty()) Line("kept back: commits " + absl::StrJoin(driver_->held, " "));
  for (const auto& [id, call] : unanswered_) {
    Line(absl::StrCat("waits: call ", id, " ", call.verb, " ", call.client));
  }
  if (core.state() == FederationState::kFinished) {
    const bool known = core.EveryoneKnowsTheEnd(absl::Seconds(10), driver_->now);
    Line(known ? "everyone knows the end" : "not everyone knows the end");
  }
}

absl::StatusOr<uint32_t> Scenario::Number(const std::string& client) const {
  uint32_t number = 0;
  if (const auto found = numbers_.find(client); found != numbers_.end()) return found->second;
  if (CommandLine::Parse(client, number)) return number;
  return absl::InvalidArgumentError(
      absl::StrCat("'", client, "' is neither a number nor an id whose join was answered"));
}

std::string Scenario::NameOf(uint32_t client) const {
  for (const auto& [name, number] : numbers_) {
    if (number == client) return name;
  }
  return absl::StrCat("client ", client);
}

void Scenario::Calling(const std::string& verb, const std::string& client) {
  unanswered_[driver_->call + 1] = {verb, client};
}

void Scenario::ShowIfUnanswered() {
  const auto found = unanswered_.find(driver_->call);
  if (found == unanswered_.end()) return;
  Line(absl::StrCat("call ", found->first, " ", found->second.verb, " ", found->second.client,
                    ": waits"));
}

std::string Scenario::Time(absl::Duration since_start) const {
  return absl::StrCat(absl::ToInt64Seconds(started_ + since_start), "s");
}

void Scenario::Show(const Effects& effects) {
  if (!effects.persist.empty()) commits_.push_back({effects.ticket, effects.persist});
  const std::string before = output_;
  for (const Write& write : effects.persist) ShowWrite(effects.ticket, write);
  for (const Reply& reply : effects.replies) ShowReply(reply);
  for (const Event& event : effects.events) {
    if (event.level == Event::Level::kDebug) continue;
    Line((event.level == Event::Level::kWarning ? "warning: " : "log: ") + Shortened(event.text));
  }
  if (muted_) output_ = before;
}

void Scenario::ShowWrite(uint64_t ticket, const Write& write) {
  const std::string commit = absl::StrCat("commit ", ticket, ": ");
  if (const auto* client = std::get_if<ClientRecord>(&write)) {
    Line(absl::StrCat(commit, client->evaluator ? "evaluator " : "trainer ", client->number, " is ",
                      client->id));
  } else if (const auto* update = std::get_if<UpdateRecord>(&write)) {
    Line(absl::StrCat(commit, "update of ", NameOf(update->client), " for round ", update->round,
                      ", ", update->examples, " examples, words ",
                      Short(Blake2b128(update->words))));
  } else if (const auto* round = std::get_if<RoundRecord>(&write)) {
    Line(absl::StrCat(commit, "round ", round->round, ", ", round->updates, " updates, ",
                      round->examples, " examples, words ", Short(Blake2b128(round->words)),
                      ", fingerprint ", Short(round->fingerprint)));
  } else if (const auto* snapshot = std::get_if<SnapshotRecord>(&write)) {
    Line(absl::StrCat(commit, "snapshot of round ", snapshot->round));
  } else if (const auto* evaluation = std::get_if<EvaluationRecord>(&write)) {
    Line(absl::StrCat(commit, "evaluation of ", NameOf(evaluation->client), " of round ",
                      evaluation->round, ", accuracy ", evaluation->accuracy));
  } else if (const auto* control = std::get_if<ControlRecord>(&write)) {
    Line(absl::StrCat(commit, "control", control->held ? ", held" : "",
                      control->finished ? ", finished" : ""));
  }
}

void Scenario::ShowReply(const Reply& reply) {
  const Call call = unanswered_[reply.call];
  unanswered_.erase(reply.call);
  std::string text = absl::StrCat("call ", reply.call, " ", call.verb, " ", call.client, ": ");
  if (const auto* join = std::get_if<JoinReply>(&reply.content)) {
    numbers_[call.client] = join->client_number;
    absl::StrAppend(&text, "number ", join->client_number, ", last round ", join->round, ", ",
                    Name(join->state));
  } else if (const auto* await = std::get_if<AwaitReply>(&reply.content)) {
    absl::StrAppend(&text, "last round ", await->round, ", ", Name(await->state));
    if (await->results.empty()) {
      absl::StrAppend(&text, await->snapshot ? ", fetch a snapshot" : ", no results");
    } else {
      const RoundRecord& last = *await->results.back();
      absl::StrAppend(&text, ", results ", Range(await->results.front()->round, last.round),
                      await->with_stats ? " with stats" : "", ", fingerprint ",
                      Short(last.fingerprint));
    }
  } else if (const auto* submit = std::get_if<SubmitReply>(&reply.content)) {
    absl::StrAppend(&text, submit->late ? "late" : "accepted", ", last round ", submit->round);
  } else if (const auto* snapshot = std::get_if<SnapshotReply>(&reply.content)) {
    const auto model = Model::FromSnapshot(*snapshot->bytes, SmallSpec(), TestKey());
    absl::StrAppend(&text, model.ok() ? absl::StrCat("snapshot of round ", model->round(), ", ",
                                                     "fingerprint ", Short(model->fingerprint()))
                                      : "a damaged snapshot");
  } else if (const auto* status = std::get_if<absl::Status>(&reply.content)) {
    absl::StrAppend(&text, absl::StatusCodeToString(status->code()), ": ",
                    Shortened(status->message()));
  }
  Line(text);
}

}  // namespace seedfed
