#ifndef SEEDFED_TESTS_CLI_COMMAND_OUTCOME_H_
#define SEEDFED_TESTS_CLI_COMMAND_OUTCOME_H_

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <utility>

namespace seedfed {

struct CommandOutcome {
  int code;
  std::string out;
  std::string err;
};

// Runs the subcommand that `add` adds to an application, in this process.
inline CommandOutcome RunCommand(std::function<int()> (*add)(CLI::App&),
                                 const std::string& command_line) {
  CLI::App app;
  const std::function<int()> run = add(app);
  app.parse(command_line);
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int code = run();
  std::string out = testing::internal::GetCapturedStdout();
  return {code, std::move(out), testing::internal::GetCapturedStderr()};
}

}  // namespace seedfed

#endif  // SEEDFED_TESTS_CLI_COMMAND_OUTCOME_H_
