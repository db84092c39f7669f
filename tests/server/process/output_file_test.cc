#include "server/process/output_file.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace seedfed {
namespace {

class OutputFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "seedfed-output-XXXXXX";
    ASSERT_NE(mkdtemp(folder_.data()), nullptr);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }

  std::string folder_;
};

TEST_F(OutputFileTest, Written_ReplacesWhatWasThereAndLeavesNothingElse) {
  const std::string path = folder_ + "/port";
  ASSERT_TRUE(WriteOutputFile(path, "a longer text").ok());
  ASSERT_TRUE(WriteOutputFile(path, std::string("7\0\n", 3)).ok());
  EXPECT_EQ(Read(path), std::string("7\0\n", 3));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

TEST_F(OutputFileTest, NoSuchFolder_NamesThePath) {
  const std::string path = folder_ + "/none/port";
  EXPECT_EQ(WriteOutputFile(path, "7"), absl::UnavailableError("cannot write " + path));
}

}  // namespace
}  // namespace seedfed
