#include "server/monitor/client_counts.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace seedfed {
namespace {

constexpr size_t kSoftwareBytes = 64;
constexpr size_t kDefaultClients = 1000;
constexpr size_t kMostClients = 10000;

}  // namespace

void ClientCounts::SetSoftware(uint32_t client, std::string software) {
  software.resize(std::min(software.size(), kSoftwareBytes));
  counts_[client].software = std::move(software);
}

void ClientCounts::Observe(const Event& event) {
  if (!event.client) return;
  if (event.kind == EventKind::kUpdateAccepted) {
    Counts& counts = counts_[event.client->number];
    const auto& update = std::get<UpdateDetails>(event.details);
    ++counts.rounds;
    counts.examples += update.examples;
    counts.bytes_up += update.request_bytes;
    counts.last_round = event.round;
    counts.last_loss = update.loss;
  } else if (event.kind == EventKind::kEvaluated) {
    Counts& counts = counts_[event.client->number];
    const auto& evaluation = std::get<EvaluationRecord>(event.details);
    ++counts.rounds;
    counts.examples += evaluation.examples;
    counts.last_round = event.round;
    counts.last_loss = evaluation.loss;
  } else if (event.kind == EventKind::kUpdateLate) {
    ++counts_[event.client->number].late;
  } else if (event.kind == EventKind::kUpdateRefused) {
    ++counts_[event.client->number].refused;
  }
}

void ClientCounts::Fill(const ClientRecord& record, const FederationCore& core, absl::Duration now,
                        v1::Client& client) const {
  client.set_id(record.id);
  client.set_number(record.number);
  client.set_role(record.evaluator ? "evaluator" : "trainer");
  if (const auto seen = core.members().LastSeen(record.number)) {
    client.set_seen(absl::ToDoubleSeconds(now - *seen));
    client.set_live(now - *seen <= core.rules().deadline);
  }
  const auto found = counts_.find(record.number);
  if (found == counts_.end()) return;
  const Counts& counts = found->second;
  client.set_software(counts.software);
  client.set_rounds(counts.rounds);
  client.set_late(counts.late);
  client.set_refused(counts.refused);
  client.set_examples(counts.examples);
  client.set_bytes_up(counts.bytes_up);
  client.set_last_round(counts.last_round);
  if (counts.last_round != 0) client.set_last_loss(counts.last_loss);
}

v1::ListClientsResponse ClientCounts::List(const v1::ListClientsRequest& request,
                                           const FederationCore& core, absl::Duration now) const {
  const Members& members = core.members();
  std::vector<uint32_t> numbers;
  numbers.reserve(members.by_id().size());
  for (const auto& [id, number] : members.by_id()) numbers.push_back(number);

  const size_t limit =
      request.limit() == 0 ? kDefaultClients : std::min<size_t>(request.limit(), kMostClients);
  const size_t begin = std::min<size_t>(request.offset(), numbers.size());
  const size_t end = std::min(begin + limit, numbers.size());
  // Equal ones stay in the order of their ids.
  const auto sort_by = [&](const auto& key) {
    std::stable_sort(numbers.begin(), numbers.end(),
                     [&key](uint32_t a, uint32_t b) { return key(a) > key(b); });
  };
  if (request.sort() == "seen") {
    sort_by([&members](uint32_t number) {
      return members.LastSeen(number).value_or(-absl::InfiniteDuration());
    });
  } else if (request.sort() == "late") {
    sort_by([this](uint32_t number) {
      const auto found = counts_.find(number);
      return found == counts_.end() ? 0U : found->second.late;
    });
  }
  v1::ListClientsResponse response;
  response.set_total(static_cast<uint32_t>(numbers.size()));
  for (size_t i = begin; i < end; ++i) {
    Fill(*members.Find(numbers[i]), core, now, *response.add_clients());
  }
  return response;
}

}  // namespace seedfed
