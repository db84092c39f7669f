#include "common/terminal/screen.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace seedfed {
namespace {

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

}  // namespace seedfed
