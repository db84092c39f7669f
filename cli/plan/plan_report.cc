#include "cli/plan/plan_report.h"

#include <functional>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/layout/quantity.h"
#include "cli/layout/text_table.h"
#include "cli/plan/link_plan.h"
#include "common/terminal/text.h"

namespace seedfed {
namespace {

using nlohmann::ordered_json;

constexpr double kFp32Bytes = 4;

// Everything about one codec. Sums over rounds and clients may pass 2^64, so they are doubles.
struct Column {
  CodecSizes sizes;
  double fp32_bytes;
  double run_client;  // bytes both ways
  double run_server;
  LorawanRound sf7;
  LorawanRound sf12;
};

std::vector<Column> Columns(const PlanRequest& request) {
  std::vector<Column> columns;
  for (const Codec codec : request.codecs) {
    const CodecSizes sizes = ComputeSizes(request, codec);
    const double run_client =
        2 * static_cast<double>(sizes.update_bytes) * static_cast<double>(request.rounds);
    columns.push_back({sizes, kFp32Bytes * static_cast<double>(request.weights), run_client,
                       run_client * request.clients,
                       PlanLorawanRound(sizes.update_bytes, kLorawanSf7),
                       PlanLorawanRound(sizes.update_bytes, kLorawanSf12)});
  }
  return columns;
}

// A table whose rows are filled by a function of the codec's column.
class Sheet {
 public:
  explicit Sheet(const std::vector<Column>& columns)
      : columns_(columns), table_([&] {
          std::vector<TextTable::Align> align(columns.size() + 1, TextTable::Align::kRight);
          align[0] = TextTable::Align::kLeft;
          return align;
        }()) {}

  void Row(std::string title, const std::function<std::string(const Column&)>& cell) {
    std::vector<std::string> cells = {std::move(title)};
    for (const Column& column : columns_) cells.push_back(cell(column));
    table_.Row(std::move(cells));
  }
  void Heading(const std::string& text) {
    table_.Heading("");
    table_.Heading(text);
  }
  std::string Text() const { return table_.Text(); }

 private:
  const std::vector<Column>& columns_;
  TextTable table_;
};

std::string Count(uint64_t number, Codec codec) {
  return codec == Codec::kDense ? "-" : WithSeparators(number);
}

void AddSizes(const PlanRequest& request, Sheet& sheet) {
  sheet.Row("", [](const Column& c) { return std::string(CodecName(c.sizes.codec)); });
  sheet.Row("Tiles", [](const Column& c) { return Count(c.sizes.tiles, c.sizes.codec); });
  sheet.Row("Words of an update",
            [](const Column& c) { return Count(c.sizes.words, c.sizes.codec); });
  sheet.Row("Bytes of an update",
            [](const Column& c) { return WithSeparators(c.sizes.update_bytes); });
  sheet.Row("Smaller than fp32", [](const Column& c) {
    return RoundRatio(c.fp32_bytes, static_cast<double>(c.sizes.update_bytes));
  });

  sheet.Heading("A round");
  const auto one_way = [](const Column& c) {
    return RoundBytes(static_cast<double>(c.sizes.update_bytes));
  };
  const auto all = [&](const Column& c) {
    return RoundBytes(static_cast<double>(c.sizes.update_bytes) * request.clients);
  };
  sheet.Row("  a client sends", one_way);
  sheet.Row("  a client receives", one_way);
  sheet.Row("  the server receives", all);
  sheet.Row("  the server sends", all);

  sheet.Heading("The whole run, both ways");
  sheet.Row("  a client", [](const Column& c) { return RoundBytes(c.run_client); });
  sheet.Row("  the server", [](const Column& c) { return RoundBytes(c.run_server); });

  sheet.Heading("Memory");
  sheet.Row("  a client that trains",
            [](const Column& c) { return RoundBytes(static_cast<double>(c.sizes.client_memory)); });
  sheet.Row("  the server",
            [](const Column& c) { return RoundBytes(static_cast<double>(c.sizes.server_memory)); });
}

void AddLorawan(const PlanRequest& request, const LorawanRate& rate,
                const LorawanRound Column::*round, Sheet& sheet) {
  sheet.Heading(absl::StrCat("LoRaWAN ", rate.name, ", ", rate.payload_bytes,
                             " bytes a message, 1 % duty cycle"));
  sheet.Row("  messages up a round",
            [&](const Column& c) { return WithSeparators((c.*round).up.messages); });
  sheet.Row("  air time up a round",
            [&](const Column& c) { return RoundDuration((c.*round).up.air_time); });
  sheet.Row("  air time down a round",
            [&](const Column& c) { return RoundDuration((c.*round).down.air_time); });
  sheet.Row("  time of a round",
            [&](const Column& c) { return RoundDuration((c.*round).elapsed); });
  sheet.Row("  time of the run",
            [&](const Column& c) { return RoundDuration((c.*round).elapsed * request.rounds); });
}

void AddLink(const PlanRequest& request, const std::string& title, double kbps, Sheet& sheet) {
  sheet.Heading(absl::StrCat(title, " at ", kbps, " kbit/s"));
  sheet.Row("  time of a round, both ways", [&](const Column& c) {
    return RoundDuration(2 * LinkTime(c.sizes.update_bytes, kbps));
  });
  sheet.Row("  time of the run", [&](const Column& c) {
    return RoundDuration(2 * LinkTime(c.sizes.update_bytes, kbps) * request.rounds);
  });
}

std::string HeadText(const PlanRequest& request) {
  std::string text = absl::StrCat(
      request.layers.empty() ? "" : DescribeLayers(request.layers) + ": ",
      WithSeparators(request.weights), request.weights == 1 ? " weight" : " weights", ", ",
      RoundBytes(kFp32Bytes * static_cast<double>(request.weights)), " as fp32\n");
  absl::StrAppend(&text, "tile ", absl::StrJoin(request.tiles, ","), ", ", request.phase_bits,
                  " phase bits, ", WithSeparators(request.clients),
                  request.clients == 1 ? " client, " : " clients, ", WithSeparators(request.rounds),
                  request.rounds == 1 ? " round\n" : " rounds\n");
  return text;
}

std::string NotesText(const PlanRequest& request) {
  std::string text = R"(
Only words are counted, not the protocol's fields and headers. A LoRaWAN
downlink is one multicast for all clients. Memory is without examples and
activations.
)";
  if (request.layers.empty()) {
    absl::StrAppend(&text,
                    "A number of weights has no shapes: all tiles are taken as full, and as those\n"
                    "of one layer.\n");
  }
  if (request.weights > kMaxWeights) {
    absl::StrAppend(&text, "One federation trains at most ", WithSeparators(kMaxWeights),
                    " weights; this plan is beyond that.\n");
  }
  return text;
}

ordered_json Bytes(double number) {
  constexpr double kExact = 9007199254740992;  // 2^53
  if (number <= kExact) return static_cast<uint64_t>(number);
  return number;
}

ordered_json LorawanJson(const LorawanRound& round, uint32_t rounds) {
  return {{"messages_up", round.up.messages},
          {"messages_down", round.down.messages},
          {"air_seconds_up", absl::ToDoubleSeconds(round.up.air_time)},
          {"air_seconds_down", absl::ToDoubleSeconds(round.down.air_time)},
          {"round_seconds", absl::ToDoubleSeconds(round.elapsed)},
          {"run_seconds", absl::ToDoubleSeconds(round.elapsed) * rounds}};
}

ordered_json LinkJson(uint64_t bytes, double kbps, uint32_t rounds) {
  const absl::Duration time = LinkTime(bytes, kbps);
  return {{"seconds_up", absl::ToDoubleSeconds(time)},
          {"seconds_down", absl::ToDoubleSeconds(time)},
          {"run_seconds", 2 * absl::ToDoubleSeconds(time) * rounds}};
}

ordered_json ColumnJson(const PlanRequest& request, const Column& column) {
  const CodecSizes& sizes = column.sizes;
  const bool dense = sizes.codec == Codec::kDense;
  const auto update = static_cast<double>(sizes.update_bytes);
  const uint64_t sbd_up = Messages(sizes.update_bytes, kSbdBytesUp);
  const uint64_t sbd_down = Messages(sizes.update_bytes, kSbdBytesDown);
  ordered_json links = {
      {"lorawan_sf7", LorawanJson(column.sf7, request.rounds)},
      {"lorawan_sf12", LorawanJson(column.sf12, request.rounds)},
      {"iridium_sbd",
       {{"messages_up", sbd_up},
        {"messages_down", sbd_down},
        {"run_messages", Bytes(static_cast<double>(sbd_up + sbd_down) * request.rounds)}}},
      {"nbiot", LinkJson(sizes.update_bytes, request.nbiot_kbps, request.rounds)}};
  if (request.link_kbps.has_value()) {
    links["link"] = LinkJson(sizes.update_bytes, *request.link_kbps, request.rounds);
  }
  return {
      {"codec", std::string(CodecName(sizes.codec))},
      {"tiles", dense ? ordered_json() : ordered_json(sizes.tiles)},
      {"words", dense ? ordered_json() : ordered_json(sizes.words)},
      {"update_bytes", sizes.update_bytes},
      {"ratio_to_fp32", column.fp32_bytes / update},
      {"round",
       {{"client_up_bytes", sizes.update_bytes},
        {"client_down_bytes", sizes.update_bytes},
        {"server_in_bytes", Bytes(update * request.clients)},
        {"server_out_bytes", Bytes(update * request.clients)}}},
      {"run",
       {{"client_bytes", Bytes(column.run_client)},
        {"server_bytes", Bytes(column.run_server)},
        {"fp32_server_bytes", Bytes(2 * column.fp32_bytes * request.rounds * request.clients)}}},
      {"memory", {{"client_bytes", sizes.client_memory}, {"server_bytes", sizes.server_memory}}},
      {"links", std::move(links)}};
}

}  // namespace

std::string PlanText(const PlanRequest& request) {
  const std::vector<Column> columns = Columns(request);
  Sheet sheet(columns);
  AddSizes(request, sheet);
  AddLorawan(request, kLorawanSf7, &Column::sf7, sheet);
  AddLorawan(request, kLorawanSf12, &Column::sf12, sheet);
  sheet.Heading(
      absl::StrCat("Iridium SBD, ", kSbdBytesUp, " bytes a message up, ", kSbdBytesDown, " down"));
  sheet.Row("  messages up a round", [](const Column& c) {
    return WithSeparators(Messages(c.sizes.update_bytes, kSbdBytesUp));
  });
  sheet.Row("  messages down a round", [](const Column& c) {
    return WithSeparators(Messages(c.sizes.update_bytes, kSbdBytesDown));
  });
  AddLink(request, "NB-IoT", request.nbiot_kbps, sheet);
  if (request.link_kbps.has_value()) AddLink(request, "A link", *request.link_kbps, sheet);
  return absl::StrCat(HeadText(request), "\n", sheet.Text(), NotesText(request));
}

std::string PlanJson(const PlanRequest& request) {
  ordered_json plans = ordered_json::array();
  for (const Column& column : Columns(request)) plans.push_back(ColumnJson(request, column));
  const ordered_json layers =
      request.layers.empty() ? ordered_json() : ordered_json(DescribeLayers(request.layers));
  const ordered_json document = {
      {"model",
       {{"layers", layers},
        {"weights", request.weights},
        {"fp32_bytes", Bytes(kFp32Bytes * static_cast<double>(request.weights))}}},
      {"tile", absl::StrJoin(request.tiles, ",")},
      {"phase_bits", request.phase_bits},
      {"clients", request.clients},
      {"rounds", request.rounds},
      {"assumptions",
       {{"nbiot_kbps", request.nbiot_kbps},
        {"link_kbps",
         request.link_kbps.has_value() ? ordered_json(*request.link_kbps) : ordered_json()},
        {"lorawan_duty_cycle", kLorawanDutyCycle}}},
      {"plans", std::move(plans)}};
  return document.dump(2) + "\n";
}

}  // namespace seedfed
