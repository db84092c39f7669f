#include "cli/admin/admin_connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>
#include <thread>

#include "tests/cli/admin/fake_admin.h"
#include "tests/cli/temp_folder.h"

namespace seedfed {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr double kLong = 20;

std::string Sentence(const absl::Status& status) { return std::string(status.message()); }

v1::Event EventOf(uint64_t id) {
  v1::Event event;
  event.set_id(id);
  return event;
}

TEST(AdminConnection, Open_AsksForTheStatus) {
  FakeAdmin server;
  server.status.set_round(7);
  const auto connection = AdminConnection::Open({server.address(), "", kLong});
  ASSERT_TRUE(connection.ok()) << connection.status();
  EXPECT_EQ(connection->opening_status().round(), 7U);
  EXPECT_EQ(server.authorization(), "");
}

TEST(AdminConnection, TokenFile_GoesIntoEveryCall) {
  FakeAdmin server;
  const TempFolder folder;
  const std::string file = folder.Write("token", "correct-horse-battery\n");
  ASSERT_EQ(chmod(file.c_str(), 0600), 0);
  auto connection = AdminConnection::Open({server.address(), file, kLong});
  ASSERT_TRUE(connection.ok()) << connection.status();
  EXPECT_EQ(server.authorization(), "Bearer correct-horse-battery");
  ASSERT_TRUE(connection->Stop().ok());
  EXPECT_EQ(server.authorization(), "Bearer correct-horse-battery");
}

TEST(AdminConnection, BadAddressOrTokenFile_RefusedBeforeAnyCall) {
  EXPECT_EQ(Sentence(AdminConnection::Open({"nowhere", "", kLong}).status()),
            "--server: address 'nowhere' has no port; expected HOST:PORT, such as 127.0.0.1:7733");
  EXPECT_EQ(Sentence(AdminConnection::Open({"127.0.0.1:1", "/none", kLong}).status()),
            "the admin token file /none cannot be opened: No such file or directory");
}

TEST(AdminConnection, NobodyListens_SaysSo) {
  const absl::Status status = AdminConnection::Open({"127.0.0.1:1", "", kLong}).status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_EQ(Sentence(status),
            "cannot reach 127.0.0.1:1: Connection refused; does seedfed-server run there?");
}

TEST(AdminConnection, UnknownHost_SaysSo) {
  const absl::Status status = AdminConnection::Open({"no-such-host.invalid:1", "", kLong}).status();
  EXPECT_THAT(Sentence(status), StartsWith("no-such-host.invalid:1 is unavailable: DNS"));
}

TEST(AdminConnection, ServerThatNeverAnswers_TimesOut) {
  FakeAdmin server;
  server.mute = true;
  const absl::Status status = AdminConnection::Open({server.address(), "", 0.2}).status();
  EXPECT_EQ(Sentence(status), server.address() + " did not answer within 0.2 s");
  server.Die();
}

TEST(AdminConnection, AnotherProtocol_NamesBothVersions) {
  FakeAdmin server;
  server.status.set_version("9.1.0");
  server.status.set_protocol(9);
  const absl::Status status = AdminConnection::Open({server.address(), "", kLong}).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(Sentence(status), HasSubstr(" runs version 9.1.0 with protocol 9; this tool is "));
}

TEST(AdminConnection, Stream_BringsEveryMessageThenEnds) {
  FakeAdmin server;
  for (uint64_t id = 1; id <= 1000; ++id) server.events.push_back(EventOf(id));
  auto connection = AdminConnection::Open({server.address(), "", kLong});
  ASSERT_TRUE(connection.ok()) << connection.status();
  uint64_t last = 0;
  const absl::Status status = connection->WatchEvents({}, [&](const v1::Event& event) {
    EXPECT_EQ(event.id(), ++last);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(last, 1000U);
}

TEST(AdminConnection, StreamWhoseReaderRefuses_EndsWithItsError) {
  FakeAdmin server;
  for (uint64_t id = 1; id <= 10; ++id) server.events.push_back(EventOf(id));
  auto connection = AdminConnection::Open({server.address(), "", kLong});
  ASSERT_TRUE(connection.ok()) << connection.status();
  v1::WatchEventsRequest request;
  request.set_follow(true);
  const absl::Status status = connection->WatchEvents(request, [](const v1::Event& event) {
    return event.id() < 3 ? absl::OkStatus() : absl::OutOfRangeError("enough");
  });
  EXPECT_EQ(status, absl::OutOfRangeError("enough"));
}

TEST(AdminConnection, FollowedStream_MayBeSilentLongerThanTheTimeout) {
  FakeAdmin server;
  server.events.push_back(EventOf(1));
  auto connection = AdminConnection::Open({server.address(), "", 0.2});
  ASSERT_TRUE(connection.ok()) << connection.status();
  v1::WatchEventsRequest request;
  request.set_follow(true);
  std::thread killer;
  const absl::Status status = connection->WatchEvents(request, [&](const v1::Event&) {
    killer = std::thread([&] {
      absl::SleepFor(absl::Milliseconds(600));
      server.Die();
    });
    return absl::OkStatus();
  });
  killer.join();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
}

TEST(AdminConnection, StreamOfAServerThatNeverAnswers_TimesOut) {
  FakeAdmin server;
  auto connection = AdminConnection::Open({server.address(), "", 0.2});
  ASSERT_TRUE(connection.ok()) << connection.status();
  server.mute = true;
  for (const bool follow : {false, true}) {
    v1::WatchEventsRequest request;
    request.set_follow(follow);
    const absl::Status status =
        connection->WatchEvents(request, [](const v1::Event&) { return absl::OkStatus(); });
    EXPECT_EQ(Sentence(status), server.address() + " did not answer within 0.2 s");
  }
  server.Die();
}

}  // namespace
}  // namespace seedfed
