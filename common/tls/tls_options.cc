#include "common/tls/tls_options.h"

namespace seedfed {

void AddTlsOptions(CLI::App& command, TlsOptions& options) {
  command
      .add_option(
          "--tls-ca", options.ca,
          "Encrypt, and expect a server certificate that this CA has signed: a PEM file, or\n"
          "system for the CAs this machine trusts (default: no encryption)")
      ->envname("SEEDFED_TLS_CA")
      ->type_name("FILE");
  command
      .add_option("--tls-cert", options.certificate,
                  "PEM file of the certificate to show to a server that asks for one")
      ->envname("SEEDFED_TLS_CERT")
      ->type_name("FILE");
  command.add_option("--tls-key", options.key, "PEM file of the key of --tls-cert")
      ->envname("SEEDFED_TLS_KEY")
      ->type_name("FILE");
  command
      .add_option("--tls-name", options.name,
                  "Name in the server's certificate, where it is not the host of --server")
      ->envname("SEEDFED_TLS_NAME")
      ->type_name("NAME");
}

}  // namespace seedfed
