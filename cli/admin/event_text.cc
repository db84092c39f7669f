#include "cli/admin/event_text.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"

namespace seedfed {

std::string EventText(const v1::Event& event, absl::TimeZone zone) {
  const absl::Time time = absl::FromUnixMillis(std::llround(event.time() * 1000));
  std::string line = absl::StrCat(absl::FormatTime("%Y-%m-%d %H:%M:%E3S", time, zone), " ",
                                  event.level(), " ", event.text());
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return absl::StrCat(line, "\n");
}

}  // namespace seedfed
