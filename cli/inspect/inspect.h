#ifndef SEEDFED_CLI_INSPECT_INSPECT_H_
#define SEEDFED_CLI_INSPECT_INSPECT_H_

#include <cstdint>
#include <istream>
#include <optional>
#include <string>

#include "absl/status/statusor.h"

namespace seedfed {

// As written on the command line.
struct InspectOptions {
  std::string input;  // a word, a file, a folder, or "-" for standard input
  std::string codec;  // empty: all readings
  std::string model;  // of an update's bytes: "784-256-128-10"; empty: not an update
  std::string tile = "8";
  std::optional<uint32_t> word;  // show this word of the update
  uint32_t rounds = 10;          // of a store's history; 0: all
  bool show_key = false;
  bool json = false;
};

struct Inspection {
  std::string text;   // of what was asked for, or a JSON document, with its last end of line
  bool valid = true;  // false: a server would refuse the words
};

// Looks at `options.input`, and says what it is and what it holds. What a file is follows from its
// first bytes: a model snapshot, a words file, a seed file, a server's store (its database or its
// folder), or else words as text; with a model, an update's bytes. Errors are one sentence that
// names the input.
absl::StatusOr<Inspection> Inspect(const InspectOptions& options, std::istream& standard_input);

}  // namespace seedfed

#endif  // SEEDFED_CLI_INSPECT_INSPECT_H_
