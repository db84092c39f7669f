#include "server/http/http_server.h"

#include <boost/asio/post.hpp>
#include <utility>

#include "common/base/status.h"
#include "server/http/http_site.h"
#include "server/http/listener.h"
#include "server/listen/acceptor.h"

namespace seedfed {

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(
    const boost::asio::any_io_executor& executor, const HostPort& listen, bool any_port,
    Source& source, const Clock& clock, std::optional<AdminCredential> credential,
    HttpLimits limits) {
  HostPort address = listen;
  auto acceptor = OpenAcceptor(executor, address);
  if (!acceptor.ok() && any_port) {
    address.port = 0;
    acceptor = OpenAcceptor(executor, address);
  }
  SEEDFED_RETURN_IF_ERROR(acceptor.status());
  address.port = acceptor->local_endpoint().port();
  auto site = std::make_shared<HttpSite>(executor, source, clock, std::move(credential), limits);
  auto listener = std::make_shared<Listener>(*std::move(acceptor), site);
  boost::asio::post(executor, [listener] { listener->Start(); });
  return std::unique_ptr<HttpServer>(
      new HttpServer(std::move(address), std::move(site), std::move(listener)));
}

HttpServer::HttpServer(HostPort address, std::shared_ptr<HttpSite> site,
                       std::shared_ptr<Listener> listener)
    : address_(std::move(address)), site_(std::move(site)), listener_(std::move(listener)) {}

HttpServer::~HttpServer() {
  listener_->Close();
  site_->CloseAll();
}

void HttpServer::Stop() { site_->Stop(); }

}  // namespace seedfed
