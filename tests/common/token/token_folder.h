#ifndef SEEDFED_TESTS_COMMON_TOKEN_TOKEN_FOLDER_H_
#define SEEDFED_TESTS_COMMON_TOKEN_TOKEN_FOLDER_H_

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace seedfed {

// A new folder for token files; it goes away with this object.
class TokenFolder {
 public:
  TokenFolder() : path_(testing::TempDir() + "seedfed-token-XXXXXX") {
    if (mkdtemp(path_.data()) == nullptr) ADD_FAILURE() << "cannot make a folder at " << path_;
  }
  ~TokenFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TokenFolder(const TokenFolder&) = delete;
  TokenFolder& operator=(const TokenFolder&) = delete;

  const std::string& path() const { return path_; }

  std::string Write(const std::string& text, mode_t mode = 0600) const {
    const std::string file = path_ + "/token";
    std::ofstream(file, std::ios::binary) << text;
    EXPECT_EQ(chmod(file.c_str(), mode), 0);
    return file;
  }

 private:
  std::string path_;
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_COMMON_TOKEN_TOKEN_FOLDER_H_
