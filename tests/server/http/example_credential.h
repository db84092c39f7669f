#ifndef SEEDFED_TESTS_SERVER_HTTP_EXAMPLE_CREDENTIAL_H_
#define SEEDFED_TESTS_SERVER_HTTP_EXAMPLE_CREDENTIAL_H_

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <string>

#include "server/admission/admin_credential.h"

namespace seedfed {

inline constexpr char kExampleToken[] = "correct:horse/battery+staple";
// Basic, user "operator", the token as password.
inline constexpr char kExampleBasic[] =
    "Basic b3BlcmF0b3I6Y29ycmVjdDpob3JzZS9iYXR0ZXJ5K3N0YXBsZQ==";

inline AdminCredential ExampleCredential() {
  std::string path = testing::TempDir() + "seedfed-token-XXXXXX";
  const int file = mkstemp(path.data());
  const std::string token = kExampleToken;
  EXPECT_EQ(write(file, token.data(), token.size()), static_cast<ssize_t>(token.size()));
  close(file);
  const auto credential = AdminCredential::Load(path);
  EXPECT_TRUE(credential.ok()) << credential.status();
  unlink(path.c_str());
  return *credential;
}

}  // namespace seedfed

#endif  // SEEDFED_TESTS_SERVER_HTTP_EXAMPLE_CREDENTIAL_H_
