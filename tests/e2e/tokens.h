#ifndef SEEDFED_TESTS_E2E_TOKENS_H_
#define SEEDFED_TESTS_E2E_TOKENS_H_

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/e2e/federation.h"

namespace seedfed {

// A file that only its owner can read, put there at once.
inline void WriteSecret(const std::filesystem::path& file, const std::string& text) {
  const std::filesystem::path fresh = file.string() + ".new";
  WriteText(fresh, text);
  ASSERT_EQ(chmod(fresh.c_str(), 0600), 0);
  std::filesystem::rename(fresh, file);
}

// The tokens of a federation's clients, as its operator keeps them.
class Tokens {
 public:
  // What `seedfed token` prints.
  std::string Run(const std::string& action, const std::vector<std::string>& arguments) {
    const std::filesystem::path output = folder_ / ("output" + std::to_string(runs_++));
    Process tool("seedfed", std::vector<std::string>{"token", action, "--file", file()} + arguments,
                 output);
    EXPECT_EQ(tool.Wait(), 0) << tool.Output();
    return tool.Output();
  }

  // A token for the client, in the file that the client reads.
  std::string Give(const std::string& action, const std::string& client) {
    std::string token = Run(action, {"--client", client});
    WriteSecret(Of(client), token);
    token.pop_back();
    return token;
  }

  std::string file() const { return folder_ / "client-tokens"; }
  std::filesystem::path Of(const std::string& client) const { return folder_ / client; }
  const TempFolder& folder() const { return folder_; }

 private:
  TempFolder folder_;
  int runs_ = 0;
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_E2E_TOKENS_H_
