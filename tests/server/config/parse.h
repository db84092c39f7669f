#ifndef SEEDFED_TESTS_SERVER_CONFIG_PARSE_H_
#define SEEDFED_TESTS_SERVER_CONFIG_PARSE_H_

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/config/server_config.h"

namespace seedfed {

inline absl::StatusOr<ServerCommand> RunFlags(const std::vector<std::string>& arguments) {
  std::vector<const char*> argv = {"seedfed-server"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  return ParseServerFlags(static_cast<int>(argv.size()), argv.data());
}

// The configuration, which these flags must give.
inline ServerConfig Parse(const std::vector<std::string>& arguments) {
  const absl::StatusOr<ServerCommand> command = RunFlags(arguments);
  EXPECT_TRUE(command.ok()) << command.status();
  return command.ok() ? command->config : ServerConfig();
}

// The sentence of the InvalidArgument that these flags must give.
inline std::string Refusal(const std::vector<std::string>& arguments) {
  const absl::StatusOr<ServerCommand> command = RunFlags(arguments);
  EXPECT_EQ(command.status().code(), absl::StatusCode::kInvalidArgument) << command.status();
  return std::string(command.status().message());
}

// A file that is removed at the end of the test.
class TempFile {
 public:
  explicit TempFile(const std::string& text) : path_(testing::TempDir() + "seedfed-config-XXXXXX") {
    if (mkstemp(path_.data()) < 0) ADD_FAILURE() << "cannot make a file at " << path_;
    std::ofstream(path_) << text;
  }
  ~TempFile() { std::remove(path_.c_str()); }
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_SERVER_CONFIG_PARSE_H_
