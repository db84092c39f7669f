// A full disk and a read-only folder stop the server with one sentence; nothing acknowledged is
// lost.

#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/fault/fleet.h"

namespace seedfed {
namespace {

// A file system of `size` in memory on `path`, if this process may mount one.
class SmallDisk {
 public:
  SmallDisk(std::filesystem::path path, const std::string& size) : path_(std::move(path)) {
    std::filesystem::create_directory(path_);
    mounted_ = mount("tmpfs", path_.c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0;
  }
  ~SmallDisk() {
    if (mounted_) umount2(path_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool mounted() const { return mounted_; }
  std::string path() const { return path_; }
  bool Resize(const std::string& size) const {
    return mount("tmpfs", path_.c_str(), "tmpfs", MS_REMOUNT, ("size=" + size).c_str()) == 0;
  }

 private:
  const std::filesystem::path path_;
  bool mounted_ = false;
};

TEST(Disk, FullInTheMiddle_ServerStopsWithASentence_AndGoesOnWithRoomToTheSameFingerprint) {
  const TempFolder folder;
  const SmallDisk disk(folder / "disk", "512k");
  if (!disk.mounted()) GTEST_SKIP() << "mounting a small tmpfs needs root";
  const std::vector<std::string> rules =
      kSmallFederation + std::vector<std::string>{"--clients", "2",  "--shards",        "2",
                                                  "--rounds",  "60", "--exit-when-done"};
  const auto server = [&](const std::string& port, const std::string& log) {
    return Process("seedfed-server",
                   std::vector<std::string>{"--listen", "127.0.0.1:" + port, "--http",
                                            "127.0.0.1:0", "--port-file", folder / "port",
                                            "--store", disk.path() + "/store"} +
                       rules,
                   folder / log);
  };
  Process first = server("0", "first.log");
  ASSERT_TRUE(first.WaitForOutput("waiting for")) << first.Output();
  std::string port;
  for (int i = 0; i < 100 && port.empty(); ++i) {
    port = ReadText(folder / "port");
    if (port.empty()) first.Wait(0.05);
  }
  ASSERT_FALSE(port.empty());
  port.pop_back();
  std::vector<Process> clients;
  for (const char* id : {"a", "b"}) {
    clients.emplace_back("seedfed-client",
                         std::vector<std::string>{"--server", "127.0.0.1:" + port, "--id", id,
                                                  "--data", kFashionMnist},
                         folder / (std::string(id) + ".log"));
  }
  ASSERT_EQ(first.Wait(60), 1) << first.Output();
  EXPECT_NE(first.Output().find("no space left on the disk of " + disk.path() + "/store"),
            std::string::npos)
      << first.Output();
  EXPECT_NE(first.Output().find("round 1 complete"), std::string::npos) << first.Output();

  ASSERT_TRUE(disk.Resize("64m"));
  Process second = server(port, "second.log");
  for (Process& client : clients) EXPECT_EQ(client.Wait(120), 0) << client.Output();
  EXPECT_EQ(second.Wait(), 0) << second.Output();
  EXPECT_EQ(second.Output().find("already sent another update"), std::string::npos);
  const std::string expected = Undisturbed(rules);
  EXPECT_NE(second.Output().find("stopped after round 60, fingerprint " + expected),
            std::string::npos)
      << second.Output();
}

TEST(Disk, ReadOnlyFolder_ServerRefusesWithASentence) {
  const TempFolder folder;
  const SmallDisk disk(folder / "disk", "1m");
  if (!disk.mounted()) GTEST_SKIP() << "mounting a small tmpfs needs root";
  ASSERT_EQ(mount("tmpfs", disk.path().c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr), 0);
  Process server("seedfed-server", {"--listen", "127.0.0.1:0", "--store", disk.path() + "/store"},
                 folder / "server.log");
  EXPECT_EQ(server.Wait(30), 2) << server.Output();
  EXPECT_NE(server.Output().find("cannot make the store folder " + disk.path() +
                                 "/store: Read-only file system"),
            std::string::npos)
      << server.Output();
}

}  // namespace
}  // namespace seedfed
