#ifndef SEEDFED_CLI_TOKEN_CLIENT_TOKEN_STORE_H_
#define SEEDFED_CLI_TOKEN_CLIENT_TOKEN_STORE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/admission/client_token_file.h"

namespace seedfed {

// Changes a file of client tokens (its format: server/admission/client_token_file.h). A change is
// made whole or not at all, one after the other when several programs make some. Errors:
// InvalidArgument and FailedPrecondition for what is wrong with the file or the wish, Unavailable
// when the file cannot be written.

// A token that was just made. It is nowhere else.
struct NewClientToken {
  std::string token;  // "sft_" and 32 random bytes in base64url
  absl::Time expires;
};

// Makes the file where there is none. AlreadyExists when the client has a good token.
absl::StatusOr<NewClientToken> AddClientToken(const std::string& path, const std::string& client,
                                              absl::Time expires, absl::Time now);

// A second token for the client, whose others are good until now + `overlap` at most. NotFound when
// it has none.
absl::StatusOr<NewClientToken> RotateClientToken(const std::string& path, const std::string& client,
                                                 absl::Time expires, absl::Duration overlap,
                                                 absl::Time now);

// Takes all tokens of the client out of the file; the result is how many. NotFound when it has
// none.
absl::StatusOr<size_t> RevokeClientTokens(const std::string& path, const std::string& client);

absl::StatusOr<std::vector<ClientToken>> ListClientTokens(const std::string& path);

}  // namespace seedfed

#endif  // SEEDFED_CLI_TOKEN_CLIENT_TOKEN_STORE_H_
