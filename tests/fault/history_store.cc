// Makes a store with the history of a long federation, for measurements of restarts and sizes.
//
//   seedfed_history_store FOLDER MODEL ROUNDS CLIENTS

#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "tests/fault/history.h"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  uint32_t rounds = 0, clients = 0;
  if (arguments.size() != 4 || !absl::SimpleAtoi(arguments[2], &rounds) ||
      !absl::SimpleAtoi(arguments[3], &clients)) {
    std::fputs("usage: seedfed_history_store FOLDER MODEL ROUNDS CLIENTS\n", stderr);
    return 2;
  }
  const auto words = seedfed::MakeHistory(arguments[0], arguments[1], rounds, clients);
  if (!words.ok()) {
    std::fprintf(stderr, "seedfed_history_store: %s\n",
                 std::string(words.status().message()).c_str());
    return 1;
  }
  std::printf("%u rounds, %zu bytes of words\n", rounds, *words);
  return 0;
}
