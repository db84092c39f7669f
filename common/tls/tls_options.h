#ifndef SEEDFED_COMMON_TLS_TLS_OPTIONS_H_
#define SEEDFED_COMMON_TLS_TLS_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <string>

namespace seedfed {

// How a program that calls a server encrypts. Without `ca` it does not.
struct TlsOptions {
  std::string ca;           // PEM file of who signs the server's certificate, or "system"
  std::string certificate;  // PEM file; empty: shows none
  std::string key;          // PEM file, with `certificate`
  std::string name;         // expected in the server's certificate; empty: the host called

  friend bool operator==(const TlsOptions&, const TlsOptions&) = default;
};

// Adds --tls-ca, --tls-cert, --tls-key and --tls-name, or the environment's SEEDFED_TLS_CA and so
// on. `options` must outlive the command.
void AddTlsOptions(CLI::App& command, TlsOptions& options);

}  // namespace seedfed

#endif  // SEEDFED_COMMON_TLS_TLS_OPTIONS_H_
