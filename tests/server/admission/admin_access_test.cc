#include "server/admission/admin_access.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/common/token/token_folder.h"

namespace seedfed {
namespace {

TEST(IsLocalPeer, LoopbackAndUnixSockets_AreLocal) {
  for (const char* peer : {"ipv4:127.0.0.1:3333", "ipv4:127.8.9.1:1", "ipv6:%5B::1%5D:4444",
                           "ipv6:[::1]:4444", "ipv6:%5B::ffff:127.0.0.1%5D:4444",
                           "unix:", "unix:/run/seedfed.sock", "unix-abstract:seedfed"}) {
    EXPECT_TRUE(IsLocalPeer(peer)) << peer;
  }
}

TEST(IsLocalPeer, AnythingElse_IsNot) {
  for (const char* peer :
       {"ipv4:10.0.0.5:3333", "ipv4:192.168.1.1:3333", "ipv4:0.0.0.0:3333", "ipv4:1127.0.0.1:3333",
        "ipv4:127.0.0.1.example.org:3333", "ipv4:127.0.0.1", "ipv6:%5Bfe80::1%251%5D:4444",
        "ipv6:%5B2001:db8::1%5D:4444", "ipv6:%5B::ffff:10.0.0.5%5D:4444", "ipv6:", "ipv4:", "",
        "unknown", "dns:localhost:3333", "vsock:1:2", "127.0.0.1:3333"}) {
    EXPECT_FALSE(IsLocalPeer(peer)) << peer;
  }
}

TEST(CheckAdminAccess, WithoutACredential_LocalPeersOnly) {
  EXPECT_TRUE(CheckAdminAccess(std::nullopt, "ipv4:127.0.0.1:3333", std::nullopt).ok());
  // A token that nobody asks for does no harm and no good.
  EXPECT_TRUE(CheckAdminAccess(std::nullopt, "unix:", "Bearer whatever").ok());
  for (const auto& authorization :
       {std::optional<std::string_view>(), std::optional<std::string_view>("Bearer whatever")}) {
    const absl::Status status = CheckAdminAccess(std::nullopt, "ipv4:10.0.0.5:3333", authorization);
    EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
    EXPECT_EQ(status.message(),
              "the server takes admin calls from its own machine only; set its admin.token_file to "
              "take them from elsewhere");
  }
}

TEST(CheckAdminAccess, WithACredential_ItsTokenFromAnywhere) {
  const TokenFolder folder;
  const auto loaded = AdminCredential::Load(folder.Write("correct-horse-battery\n"));
  ASSERT_TRUE(loaded.ok());
  const std::optional<AdminCredential> credential = *loaded;
  for (const char* peer : {"ipv4:127.0.0.1:3333", "ipv4:10.0.0.5:3333", "unix:"}) {
    EXPECT_TRUE(CheckAdminAccess(credential, peer, "Bearer correct-horse-battery").ok()) << peer;
    EXPECT_TRUE(CheckAdminAccess(credential, peer, "bearer correct-horse-battery").ok()) << peer;
    const absl::Status missing = CheckAdminAccess(credential, peer, std::nullopt);
    EXPECT_EQ(missing.code(), absl::StatusCode::kUnauthenticated);
    EXPECT_EQ(missing.message(), "the server's admin calls need its admin token");
    for (const char* wrong :
         {"", "Bearer", "Bearer ", "correct-horse-battery", "Basic correct-horse-battery",
          "Bearer correct-horse-batterz", "Bearer  correct-horse-battery"}) {
      const absl::Status status = CheckAdminAccess(credential, peer, wrong);
      EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated) << wrong;
      EXPECT_EQ(status.message(), "the admin token is not this server's") << wrong;
    }
  }
}

}  // namespace
}  // namespace seedfed
