#include "server/http/access_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/server/http/example_credential.h"

namespace seedfed {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Pair;

TEST(RefuseAccess, WithoutCredential_OnlyThisMachinesNames) {
  for (const char* host : {"localhost", "LOCALHOST:7780", "127.0.0.1", "127.0.0.1:7780",
                           "127.9.9.9:1", "[::1]", "[::1]:7780"}) {
    EXPECT_FALSE(RefuseAccess({}, {.host = host}).has_value()) << host;
  }
  for (const char* host :
       {"", "evil.example", "evil.example:7780", "localhost.evil.example", "127.0.0.1.evil.example",
        "10.0.0.1", "[::2]", "[::1", "::1", "localhost:7780:7780", "0.0.0.0", "@localhost"}) {
    const auto refusal = RefuseAccess({}, {.host = host});
    ASSERT_TRUE(refusal.has_value()) << host;
    EXPECT_EQ(refusal->status, 403u);
    EXPECT_THAT(refusal->body, HasSubstr(std::string("the Host of the request is '") + host +
                                         "'; expected localhost, 127.0.0.1 or [::1]"));
  }
}

TEST(RefuseAccess, WithCredential_BearerOrPassword) {
  const std::optional<AdminCredential> credential = ExampleCredential();
  for (const std::string& authorization :
       {std::string("Bearer ") + kExampleToken, std::string("bearer ") + kExampleToken,
        std::string(kExampleBasic)}) {
    EXPECT_FALSE(RefuseAccess(credential, {.host = "any.example", .authorization = authorization}));
  }
}

TEST(RefuseAccess, WithCredential_EverythingElseIs401AndAsksForThePassword) {
  const std::optional<AdminCredential> credential = ExampleCredential();
  for (const std::string& authorization :
       {std::string(), std::string("Bearer"), std::string("Bearer "), std::string("Bearer wrong"),
        std::string("Bearer ") + kExampleToken + " ", std::string(kExampleToken),
        std::string("Basic "), std::string("Basic !!!!"), std::string("Basic b3BlcmF0b3I="),
        std::string("Basic b3BlcmF0b3I6d3Jvbmc="), std::string("Digest ") + kExampleToken}) {
    const auto refusal =
        RefuseAccess(credential, {.host = "localhost", .authorization = authorization});
    ASSERT_TRUE(refusal.has_value()) << authorization;
    EXPECT_EQ(refusal->status, 401u);
    EXPECT_THAT(refusal->fields,
                Contains(Pair("WWW-Authenticate", HasSubstr("Basic realm=\"seedfed\""))));
    EXPECT_THAT(refusal->body, HasSubstr("token"));
    EXPECT_THAT(refusal->body, testing::Not(HasSubstr(kExampleToken)));
  }
}

}  // namespace
}  // namespace seedfed
