#include "cli/simulate/display.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace seedfed {
namespace {

// Carriage return and "erase to the end of the line" (ECMA-48).
constexpr absl::string_view kClearLine = "\r\x1b[K";
constexpr absl::string_view kBold = "\x1b[1m";
constexpr absl::string_view kPlain = "\x1b[0m";

absl::string_view Variable(const char* name) {
  const char* value = getenv(name);
  return value == nullptr ? "" : value;
}

bool LocaleIsUtf8() {
  absl::string_view locale = Variable("LC_ALL");
  if (locale.empty()) locale = Variable("LC_CTYPE");
  if (locale.empty()) locale = Variable("LANG");
  const std::string lower = absl::AsciiStrToLower(locale);
  return absl::StrContains(lower, "utf-8") || absl::StrContains(lower, "utf8");
}

}  // namespace

Screen ScreenOf(int fd) {
  Screen screen;
  const absl::string_view terminal = Variable("TERM");
  screen.live = isatty(fd) != 0 && !terminal.empty() && terminal != "dumb";
  screen.color = screen.live && Variable("NO_COLOR").empty();
  screen.utf8 = LocaleIsUtf8();
  if (screen.live) {
    screen.columns = [fd]() -> size_t {
      winsize size = {};
      // Terminals without a known size report 0.
      return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
    };
  }
  return screen;
}

void Display::ClearBar() {
  if (bar_shown_) out_ << kClearLine;
  bar_shown_ = false;
}

void Display::Line(absl::string_view line) {
  ClearBar();
  out_ << line << '\n';
  out_.flush();
}

void Display::Row(const RoundRecord& record) {
  if (!table_.has_value()) {
    table_.emplace(screen_.columns());
    const std::string header = table_->Header();
    Line(screen_.color ? absl::StrCat(kBold, header, kPlain) : header);
  }
  Line(table_->Row(record));
}

void Display::Update(const Progress& progress) {
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
