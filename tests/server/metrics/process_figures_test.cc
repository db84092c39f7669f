#include "server/metrics/process_figures.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "prometheus/text_serializer.h"
#include "tests/server/metrics/samples.h"

namespace seedfed {
namespace {

class ProcFolder : public ::testing::Test {
 protected:
  ProcFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "seedfed-proc-XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    path_ = name;
  }
  ~ProcFolder() override { std::filesystem::remove_all(path_); }

  void Write(const std::string& name, const std::string& text) {
    std::ofstream(path_ / name) << text;
  }

  std::filesystem::path path_;
};

TEST_F(ProcFolder, Stat_IsReadBehindAnAwkwardName) {
  Write("stat", "7 (a ) b (c) S 1 7 7 0 -1 4194304 100 0 0 0 250 150 0 0 20 0 3 0 12345 1 2 3\n");
  EXPECT_EQ(ReadProcessFigures(path_).cpu_seconds, 400.0 / sysconf(_SC_CLK_TCK));
}

TEST_F(ProcFolder, Statm_CountsResidentPages) {
  Write("statm", "9000 2500 700 10 0 800 0\n");
  EXPECT_EQ(ReadProcessFigures(path_).resident_bytes, 2500.0 * sysconf(_SC_PAGESIZE));
}

TEST_F(ProcFolder, Limits_HasTheSoftLimit) {
  Write("limits",
        "Limit                     Soft Limit           Hard Limit           Units     \n"
        "Max processes             128                  256                  processes \n"
        "Max open files            1024                 524288               files     \n");
  EXPECT_EQ(ReadProcessFigures(path_).max_fds, 1024);
}

TEST_F(ProcFolder, UnlimitedFiles_AreNoFigure) {
  Write("limits", "Max open files            unlimited            unlimited            files\n");
  EXPECT_FALSE(ReadProcessFigures(path_).max_fds);
}

TEST_F(ProcFolder, WhatCannotBeRead_IsAbsentFromTheExposition) {
  Write("stat", "no name here");
  Write("statm", "pages");
  std::vector<prometheus::MetricFamily> families;
  AppendProcessFamilies(ReadProcessFigures(path_), families);
  EXPECT_TRUE(families.empty());
}

TEST(ProcessFigures, OfThisProcess_ArePlausible) {
  const ProcessFigures before = ReadProcessFigures();
  const int file = open("/dev/null", O_RDONLY);
  const ProcessFigures after = ReadProcessFigures();
  close(file);
  EXPECT_GE(before.cpu_seconds.value(), 0);
  EXPECT_GT(before.resident_bytes.value(), 100'000);
  EXPECT_EQ(after.open_fds.value(), before.open_fds.value() + 1);
  std::vector<prometheus::MetricFamily> families;
  AppendProcessFamilies(after, families);
  const Samples samples = ParseSamples(prometheus::TextSerializer().Serialize(families));
  EXPECT_TRUE(samples.contains("process_cpu_seconds_total"));
  EXPECT_EQ(samples.at("process_open_fds"), after.open_fds.value());
}

}  // namespace
}  // namespace seedfed
