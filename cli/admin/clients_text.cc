#include "cli/admin/clients_text.h"

#include <algorithm>
#include <array>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "cli/layout/age.h"
#include "cli/layout/quantity.h"
#include "cli/layout/text_table.h"
#include "common/terminal/text.h"

namespace seedfed {
namespace {

using Align = TextTable::Align;

constexpr size_t kShortestId = 8;

struct Column {
  const char* title;
  Align align;
  int importance;  // columns of low importance go first where there is no room
  std::string (*text)(const v1::Client&);
};

constexpr int kAlways = 3;

constexpr std::array<Column, 12> kColumns = {{
    {"id", Align::kLeft, kAlways, [](const v1::Client& c) { return c.id(); }},
    {"role", Align::kLeft, 1, [](const v1::Client& c) { return c.role(); }},
    {"live", Align::kLeft, kAlways,
     [](const v1::Client& c) { return std::string(c.live() ? "yes" : "no"); }},
    {"heard of", Align::kRight, kAlways,
     [](const v1::Client& c) {
       return c.has_seen() ? AgeText(absl::Seconds(c.seen())) : std::string("never");
     }},
    {"rounds", Align::kRight, kAlways,
     [](const v1::Client& c) { return WithSeparators(c.rounds()); }},
    {"late", Align::kRight, kAlways, [](const v1::Client& c) { return WithSeparators(c.late()); }},
    {"refused", Align::kRight, kAlways,
     [](const v1::Client& c) { return WithSeparators(c.refused()); }},
    {"last", Align::kRight, 2,
     [](const v1::Client& c) {
       return c.last_round() == 0 ? std::string("-") : WithSeparators(c.last_round());
     }},
    {"loss", Align::kRight, 2,
     [](const v1::Client& c) {
       return c.has_last_loss() ? absl::StrFormat("%.4f", c.last_loss()) : std::string("-");
     }},
    {"examples", Align::kRight, 1,
     [](const v1::Client& c) { return WithSeparators(static_cast<uint64_t>(c.examples())); }},
    {"bytes up", Align::kRight, 1, [](const v1::Client& c) { return RoundBytes(c.bytes_up()); }},
    {"software", Align::kLeft, 0, [](const v1::Client& c) { return c.software(); }},
}};

std::string Cut(const std::string& id, size_t longest) {
  return id.size() <= longest ? id : absl::StrCat(id.substr(0, longest - 2), "..");
}

std::string Table(const v1::ListClientsResponse& response, int importance, size_t longest_id) {
  std::vector<Align> aligns;
  std::vector<std::string> titles;
  for (const Column& column : kColumns) {
    if (column.importance < importance) continue;
    aligns.push_back(column.align);
    titles.push_back(column.title);
  }
  TextTable table(std::move(aligns));
  table.Row(std::move(titles));
  for (const v1::Client& client : response.clients()) {
    std::vector<std::string> cells;
    for (const Column& column : kColumns) {
      if (column.importance >= importance) cells.push_back(column.text(client));
    }
    cells.front() = Cut(client.id(), longest_id);
    table.Row(std::move(cells));
  }
  return table.Text();
}

size_t LongestLine(absl::string_view text) {
  size_t longest = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    longest = std::max(longest, line.size());
  }
  return longest;
}

}  // namespace

std::string ClientsText(const v1::ListClientsResponse& response, size_t width) {
  size_t longest_id = 2;
  for (const v1::Client& client : response.clients()) {
    longest_id = std::max(longest_id, client.id().size());
  }
  std::string text;
  for (int importance = 0; importance <= kAlways; ++importance) {
    text = Table(response, importance, longest_id);
    if (LongestLine(text) <= width) return text;
  }
  const size_t excess = LongestLine(text) - width;
  const size_t shorter = longest_id > excess ? longest_id - excess : 0;
  return Table(response, kAlways, std::min(longest_id, std::max(shorter, kShortestId)));
}

}  // namespace seedfed
