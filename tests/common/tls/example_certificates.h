#ifndef SEEDFED_TESTS_COMMON_TLS_EXAMPLE_CERTIFICATES_H_
#define SEEDFED_TESTS_COMMON_TLS_EXAMPLE_CERTIFICATES_H_

#include <filesystem>
#include <string>

namespace seedfed {

// What deploy/dev-certs.sh makes, in a folder that goes away with this object: a CA, a server
// certificate, and those of client-1 and client-2.
class ExampleCertificates {
 public:
  // `date`, such as "2020-01-01", is what the script takes for today: its CA is valid for ten
  // years, the other certificates for one. Empty: today.
  explicit ExampleCertificates(const std::string& date = "");
  ~ExampleCertificates();
  ExampleCertificates(const ExampleCertificates&) = delete;
  ExampleCertificates& operator=(const ExampleCertificates&) = delete;

  // Of a file in the folder: "ca.pem", "server.key", "clients/client-1.pem".
  std::string operator/(const std::string& name) const { return folder_ / name; }

  // Makes new keys and certificates of the same CA.
  void Renew() const;

  // "bash .../deploy/dev-certs.sh", for Run.
  static std::string Script();

  // Runs a shell command in the folder; it must succeed.
  void Run(const std::string& command) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_COMMON_TLS_EXAMPLE_CERTIFICATES_H_
