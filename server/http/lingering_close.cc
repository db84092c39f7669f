#include "server/http/lingering_close.h"

#include <boost/asio/buffer.hpp>
#include <chrono>
#include <utility>

namespace seedfed {
namespace {

constexpr std::chrono::seconds kTime(2);
constexpr size_t kMostBytes = 1 << 20;

}  // namespace

LingeringClose::LingeringClose(boost::beast::tcp_stream stream, std::shared_ptr<HttpSite> site)
    : stream_(std::move(stream)), site_(std::move(site)), left_(kMostBytes) {
  site_->Register(*this);
}

LingeringClose::~LingeringClose() { site_->Deregister(*this); }

void LingeringClose::Start() {
  boost::system::error_code error;
  stream_.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, error);
  if (error) return;
  stream_.expires_after(kTime);
  Discard();
}

void LingeringClose::Discard() {
  stream_.async_read_some(
      boost::asio::buffer(discarded_),
      [self = shared_from_this()](const boost::system::error_code& error, size_t size) {
        if (error || size >= self->left_) return;
        self->left_ -= size;
        self->Discard();
      });
}

}  // namespace seedfed
