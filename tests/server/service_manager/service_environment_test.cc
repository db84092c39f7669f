#include "server/service_manager/service_environment.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace seedfed {
namespace {

constexpr int64_t kProcess = 4711;

absl::StatusOr<ServiceEnvironment> Read(const std::map<std::string, std::string>& variables) {
  return ReadServiceEnvironment(
      [&](const char* name) -> const char* {
        const auto found = variables.find(name);
        return found == variables.end() ? nullptr : found->second.c_str();
      },
      kProcess);
}

TEST(ServiceEnvironment, NothingSet_NobodyListens) {
  const absl::StatusOr<ServiceEnvironment> environment = Read({});
  ASSERT_TRUE(environment.ok());
  EXPECT_EQ(environment->notify_socket, "");
  EXPECT_EQ(environment->watchdog, absl::ZeroDuration());
}

TEST(ServiceEnvironment, SocketOnly_NoWatchdog) {
  const absl::StatusOr<ServiceEnvironment> environment =
      Read({{"NOTIFY_SOCKET", "/run/systemd/notify"}});
  ASSERT_TRUE(environment.ok());
  EXPECT_EQ(environment->notify_socket, "/run/systemd/notify");
  EXPECT_EQ(environment->watchdog, absl::ZeroDuration());
}

TEST(ServiceEnvironment, Watchdog_IsInMicroseconds) {
  const absl::StatusOr<ServiceEnvironment> environment = Read(
      {{"NOTIFY_SOCKET", "@seedfed"}, {"WATCHDOG_USEC", "30000000"}, {"WATCHDOG_PID", "4711"}});
  ASSERT_TRUE(environment.ok());
  EXPECT_EQ(environment->notify_socket, "@seedfed");
  EXPECT_EQ(environment->watchdog, absl::Seconds(30));
}

TEST(ServiceEnvironment, WatchdogOfAnotherProcess_IsNone) {
  const absl::StatusOr<ServiceEnvironment> environment =
      Read({{"NOTIFY_SOCKET", "/n"}, {"WATCHDOG_USEC", "30000000"}, {"WATCHDOG_PID", "1"}});
  ASSERT_TRUE(environment.ok());
  EXPECT_EQ(environment->watchdog, absl::ZeroDuration());
}

TEST(ServiceEnvironment, OtherKindOfSocket_SaysWhatIsExpected) {
  EXPECT_EQ(Read({{"NOTIFY_SOCKET", "vsock:2:1234"}}).status().message(),
            "NOTIFY_SOCKET is 'vsock:2:1234'; expected the absolute path of a unix socket, or @ "
            "and its abstract name, of at most 107 bytes");
  EXPECT_FALSE(Read({{"NOTIFY_SOCKET", "/" + std::string(107, 'x')}}).ok());
  EXPECT_TRUE(Read({{"NOTIFY_SOCKET", "/" + std::string(106, 'x')}}).ok());
}

TEST(ServiceEnvironment, WatchdogNotANumber_SaysWhatIsExpected) {
  for (const std::string value : {"0", "-1", "soon", ""}) {
    EXPECT_EQ(Read({{"NOTIFY_SOCKET", "/n"}, {"WATCHDOG_USEC", value}}).status().message(),
              "WATCHDOG_USEC is '" + value + "'; expected a number of microseconds above 0");
  }
  EXPECT_EQ(Read({{"NOTIFY_SOCKET", "/n"}, {"WATCHDOG_USEC", "1"}, {"WATCHDOG_PID", "me"}})
                .status()
                .message(),
            "WATCHDOG_PID is 'me'; expected the number of a process");
}

}  // namespace
}  // namespace seedfed
