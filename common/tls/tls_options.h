#ifndef SEEDFED_COMMON_TLS_TLS_OPTIONS_H_
#define SEEDFED_COMMON_TLS_TLS_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <string>

#include "absl/status/status.h"

namespace seedfed {

inline constexpr char kSystemAuthorities[] = "system";  // those that the machine trusts

// How a program that calls a server encrypts. Without `ca` it does not.
struct TlsOptions {
  std::string ca;           // PEM file of who signs the server's certificate, or kSystemAuthorities
  std::string certificate;  // PEM file; empty: shows none
  std::string key;          // PEM file, with `certificate`
  std::string name;         // expected in the server's certificate; empty: the host called

  friend bool operator==(const TlsOptions&, const TlsOptions&) = default;
};

// Adds --tls-ca, --tls-cert, --tls-key and --tls-name, or the environment's SEEDFED_TLS_CA and so
// on. `options` must outlive the command.
void AddTlsOptions(CLI::App& command, TlsOptions& options);

// InvalidArgument, with one sentence, for options that do not go together. Looks at no file.
absl::Status CheckTlsOptions(const TlsOptions& options);

// A sentence for whoever has a token sent to `server` (HOST:PORT) without encryption, beyond this
// machine; empty when that is not so.
std::string WarningOfClearToken(const std::string& server, const TlsOptions& options);

}  // namespace seedfed

#endif  // SEEDFED_COMMON_TLS_TLS_OPTIONS_H_
