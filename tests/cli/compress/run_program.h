#ifndef SEEDFED_TESTS_CLI_COMPRESS_RUN_PROGRAM_H_
#define SEEDFED_TESTS_CLI_COMPRESS_RUN_PROGRAM_H_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "tests/cli/temp_folder.h"

namespace seedfed {

struct ProgramResult {
  int exit_code = -1;  // or 128 + the signal that ended it
  std::string out;
  std::string err;
  uint64_t max_rss = 0;  // largest resident set, bytes
};

// Where the program's streams are when not at a file that is read afterwards.
struct ProgramStreams {
  std::string input = "/dev/null";  // path
  int error = -1;                   // descriptor
};

// Runs build/bin/seedfed to its end.
inline ProgramResult RunSeedfed(std::vector<std::string> arguments, ProgramStreams streams = {}) {
  const TempFolder folder;
  const std::string out = folder / "out", err = folder / "err";
  arguments.insert(arguments.begin(), SEEDFED_PROGRAM);
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  constexpr int kWrite = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, streams.input.c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), kWrite, 0600);
  if (streams.error >= 0) {
    posix_spawn_file_actions_adddup2(&actions, streams.error, 2);
  } else {
    posix_spawn_file_actions_addopen(&actions, 2, err.c_str(), kWrite, 0600);
  }
  ProgramResult result;
  pid_t pid = 0;
  const int error = posix_spawn(&pid, SEEDFED_PROGRAM, &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    ADD_FAILURE() << "cannot start " << SEEDFED_PROGRAM;
    return result;
  }
  int status = 0;
  rusage usage = {};
  wait4(pid, &status, 0, &usage);
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.max_rss = static_cast<uint64_t>(usage.ru_maxrss) * 1024;
  result.out = ReadFile(out);
  result.err = ReadFile(err);
  return result;
}

}  // namespace seedfed

#endif  // SEEDFED_TESTS_CLI_COMPRESS_RUN_PROGRAM_H_
