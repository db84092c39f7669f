#ifndef SEEDFED_TESTS_COMMON_TLS_SMALL_SERVER_H_
#define SEEDFED_TESTS_COMMON_TLS_SMALL_SERVER_H_

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <future>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "common/tls/tls_options.h"
#include "tests/common/tls/example_certificates.h"

namespace seedfed {

inline constexpr char kServed[] = "Method not found";  // the answer of a server without services

// A server that answers every call in the same way.
class SmallServer {
 public:
  explicit SmallServer(std::shared_ptr<grpc::ServerCredentials> credentials) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", std::move(credentials), &port_);
    builder.RegisterCallbackGenericService(&service_);
    server_ = builder.BuildAndStart();
    address_ = "127.0.0.1:" + std::to_string(port_);
  }
  ~SmallServer() { server_->Shutdown(std::chrono::system_clock::now()); }

  const std::string& address() const { return address_; }
  uint16_t port() const { return static_cast<uint16_t>(port_); }

 private:
  grpc::CallbackGenericService service_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
  std::string address_;
};

// What a call comes to: kServed, or what gRPC says.
inline std::string CallOn(const std::shared_ptr<grpc::Channel>& channel) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  const grpc::Slice empty;
  const grpc::ByteBuffer request(&empty, 1);
  grpc::ByteBuffer response;
  std::promise<grpc::Status> done;
  stub.UnaryCall(&context, "/any/Call", grpc::StubOptions(), &request, &response,
                 [&done](grpc::Status status) { done.set_value(std::move(status)); });
  const grpc::Status status = done.get_future().get();
  if (status.error_code() == grpc::StatusCode::UNIMPLEMENTED) return kServed;
  return status.error_message();
}

// Of a server that shows the certificate of `files`.
inline std::shared_ptr<grpc::ServerCredentials> Tls(const ExampleCertificates& files, bool mutual) {
  grpc::SslServerCredentialsOptions options(
      mutual ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY
             : GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
  const auto read = [](const std::string& path) {
    std::ifstream file(path);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  options.pem_key_cert_pairs.push_back({read(files / "server.key"), read(files / "server.pem")});
  options.pem_root_certs = read(files / "ca.pem");
  return grpc::SslServerCredentials(options);
}

// Of one who trusts the CA of `ca`, and shows the certificate of client-1 of `own`.
inline TlsOptions With(const ExampleCertificates& ca) { return {.ca = ca / "ca.pem"}; }

inline TlsOptions With(const ExampleCertificates& ca, const ExampleCertificates& own) {
  return {.ca = ca / "ca.pem",
          .certificate = own / "clients/client-1.pem",
          .key = own / "clients/client-1.key"};
}

}  // namespace seedfed

#endif  // SEEDFED_TESTS_COMMON_TLS_SMALL_SERVER_H_
