#ifndef SEEDFED_COMMON_TERMINAL_SCREEN_H_
#define SEEDFED_COMMON_TERMINAL_SCREEN_H_

#include <cstddef>
#include <functional>

#include "absl/strings/string_view.h"

namespace seedfed {

// Carriage return and "erase to the end of the line" (ECMA-48).
inline constexpr absl::string_view kClearLine = "\r\x1b[K";

// What the output can show.
struct Screen {
  bool live = false;   // a terminal: the last line is a progress bar, redrawn in place; else plain
                       // lines only
  bool color = false;  // SGR sequences; live only
  bool utf8 = false;
  std::function<size_t()> columns = [] { return size_t{80}; };  // the width now
};

// The screen behind a file descriptor. Live when it is a terminal that is not "dumb" (TERM);
// colours unless NO_COLOR is set and not empty; block characters in a UTF-8 locale (LC_ALL,
// LC_CTYPE, LANG).
Screen ScreenOf(int fd);

}  // namespace seedfed

#endif  // SEEDFED_COMMON_TERMINAL_SCREEN_H_
