#ifndef SEEDFED_CLI_SIMULATE_DISPLAY_H_
#define SEEDFED_CLI_SIMULATE_DISPLAY_H_

#include <optional>
#include <ostream>
#include <utility>

#include "absl/strings/string_view.h"
#include "cli/simulate/round_feed.h"
#include "cli/simulate/table.h"
#include "common/terminal/screen.h"

namespace seedfed {

// Writes the table of rounds, with a progress bar under it on a live screen.
class Display {
 public:
  // `out` must outlive the object.
  Display(std::ostream& out, Screen screen) : out_(out), screen_(std::move(screen)) {}

  // A whole line, above the bar.
  void Line(absl::string_view line);

  // A row of the table; its header comes before the first one.
  void Row(const EvaluatedRound& record);

  // Redraws the bar; nothing on a screen that is not live.
  void Update(const SimulationProgress& progress);

  // Removes the bar.
  void End();

  // False once the output could not be written: nobody reads it any more.
  bool ok() const { return out_.good(); }

 private:
  void ClearBar();

  std::ostream& out_;
  Screen screen_;
  std::optional<RoundTable> table_;
  bool bar_shown_ = false;
};

}  // namespace seedfed

#endif  // SEEDFED_CLI_SIMULATE_DISPLAY_H_
