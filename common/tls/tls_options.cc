#include "common/tls/tls_options.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/loopback.h"

namespace seedfed {
namespace {

// An empty value must not turn encryption off.
std::string RefuseEmpty(const std::string& value) {
  return value.empty() ? "the value is empty" : "";
}

}  // namespace

void AddTlsOptions(CLI::App& command, TlsOptions& options) {
  command
      .add_option(
          "--tls-ca", options.ca,
          "Encrypt, and expect a server certificate that this CA has signed: a PEM file, or\n"
          "system for the CAs this machine trusts (default: no encryption)")
      ->envname("SEEDFED_TLS_CA")
      ->check(RefuseEmpty, "")
      ->type_name("FILE");
  command
      .add_option("--tls-cert", options.certificate,
                  "PEM file of the certificate to show to a server that asks for one")
      ->envname("SEEDFED_TLS_CERT")
      ->check(RefuseEmpty, "")
      ->type_name("FILE");
  command.add_option("--tls-key", options.key, "PEM file of the key of --tls-cert")
      ->envname("SEEDFED_TLS_KEY")
      ->check(RefuseEmpty, "")
      ->type_name("FILE");
  command
      .add_option("--tls-name", options.name,
                  "Name in the server's certificate, where it is not the host of --server")
      ->envname("SEEDFED_TLS_NAME")
      ->check(RefuseEmpty, "")
      ->type_name("NAME");
}

absl::Status CheckTlsOptions(const TlsOptions& options) {
  if (options.certificate.empty() != options.key.empty()) {
    return absl::InvalidArgumentError(
        options.key.empty() ? "--tls-cert is given without --tls-key, the certificate's key"
                            : "--tls-key is given without --tls-cert, the key's certificate");
  }
  if (!options.ca.empty()) return absl::OkStatus();
  for (const auto& [flag, value] :
       {std::pair("--tls-cert", &options.certificate), std::pair("--tls-name", &options.name)}) {
    if (!value->empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(flag, " is given without --tls-ca, the file of who signs the server's ",
                       "certificate, or system"));
    }
  }
  return absl::OkStatus();
}

std::string WarningOfClearToken(const std::string& server, const TlsOptions& options) {
  std::string host = server.substr(0, server.rfind(':'));
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  if (!options.ca.empty() || IsLoopbackHost(host)) return "";
  return absl::StrCat("the token goes to ", server,
                      " without encryption: whoever sees the packets has it; pass the CA of the "
                      "server's certificate: --tls-ca");
}

}  // namespace seedfed
