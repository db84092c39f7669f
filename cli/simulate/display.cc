#include "cli/simulate/display.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"

namespace seedfed {
namespace {

constexpr absl::string_view kBold = "\x1b[1m";
constexpr absl::string_view kPlain = "\x1b[0m";

}  // namespace

void Display::ClearBar() {
  if (bar_shown_) out_ << kClearLine;
  bar_shown_ = false;
}

void Display::Line(absl::string_view line) {
  ClearBar();
  out_ << line << '\n';
  out_.flush();
}

void Display::Row(const EvaluatedRound& record) {
  if (!table_.has_value()) {
    table_.emplace(screen_.columns());
    const std::string header = table_->Header();
    Line(screen_.color ? absl::StrCat(kBold, header, kPlain) : header);
  }
  Line(table_->Row(record));
}

void Display::Update(const SimulationProgress& progress) {
  if (!screen_.live) return;
  // One column stays free: a character in the last one makes some terminals wrap.
  const size_t width = std::max<size_t>(2, screen_.columns()) - 1;
  out_ << kClearLine
       << ProgressLine(progress, width, {.utf8 = screen_.utf8, .color = screen_.color});
  out_.flush();
  bar_shown_ = true;
}

void Display::End() {
  ClearBar();
  out_.flush();
}

}  // namespace seedfed
