#include "server/http/event_stream_connection.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/chunk_encode.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/write.hpp>
#include <utility>

#include "server/http/beast_response.h"
#include "server/http/lingering_close.h"

namespace seedfed {
namespace {

namespace http = boost::beast::http;

// The serializer refers to the message, so they stay in one place.
struct StreamHeader {
  StreamHeader(const HttpResponse& response, unsigned version)
      : message(BeastResponse<http::empty_body>(response, version)), serializer(message) {}

  http::response<http::empty_body> message;
  http::response_serializer<http::empty_body> serializer;
};

}  // namespace

EventStreamConnection::EventStreamConnection(boost::beast::tcp_stream stream,
                                             std::shared_ptr<HttpSite> site)
    : stream_(std::move(stream)), site_(std::move(site)) {
  site_->Register(*this);
}

EventStreamConnection::~EventStreamConnection() {
  Close();
  site_->Deregister(*this);
}

void EventStreamConnection::Close() {
  if (std::exchange(joined_, false)) site_->RemoveStream(*this);
  stream_.close();
}

void EventStreamConnection::Start(const HttpResponse& response, unsigned version) {
  const auto header = std::make_shared<StreamHeader>(response, version);
  chunked_ = version >= 11;
  header->message.keep_alive(false);
  header->message.chunked(chunked_);
  header->message.set("X-Accel-Buffering", "no");  // a proxy must pass every text on at once
  stream_.expires_after(site_->limits().write);
  http::async_write_header(
      stream_, header->serializer,
      [self = shared_from_this(), header](const boost::system::error_code& error, size_t) {
        if (!error) self->Join();
      });
}

void EventStreamConnection::Join() {
  // Others may have joined since the header was begun.
  if (!site_->TakesStreams()) return SendEnd();
  stream_.expires_never();
  WatchForHangUp();
  joined_ = true;
  site_->AddStream(*this);
}

void EventStreamConnection::WatchForHangUp() {
  stream_.async_read_some(
      boost::asio::buffer(discarded_),
      [self = shared_from_this()](const boost::system::error_code& error, size_t) {
        if (error) return self->Close();
        self->WatchForHangUp();
      });
}

void EventStreamConnection::Send(std::shared_ptr<const std::string> text) {
  sending_ = true;
  stream_.expires_after(site_->limits().write);
  const boost::asio::const_buffer bytes = boost::asio::buffer(*text);
  auto done = [self = shared_from_this(), text](const boost::system::error_code& error, size_t) {
    self->OnSent(error);
  };
  if (chunked_) {
    boost::asio::async_write(stream_, http::make_chunk(bytes), std::move(done));
  } else {
    boost::asio::async_write(stream_, bytes, std::move(done));
  }
}

void EventStreamConnection::OnSent(const boost::system::error_code& error) {
  sending_ = false;
  if (error) return Close();
  if (ending_) return SendEnd();
  if (joined_) site_->StreamSent(*this);
}

void EventStreamConnection::End() {
  joined_ = false;
  ending_ = true;
  if (!sending_) SendEnd();
}

void EventStreamConnection::SendEnd() {
  stream_.expires_after(site_->limits().write);
  auto done = [self = shared_from_this()](const boost::system::error_code&, size_t) {
    self->Close();
  };
  if (chunked_) {
    boost::asio::async_write(stream_, http::make_chunk_last(), std::move(done));
  } else {
    boost::asio::post(stream_.get_executor(), [done = std::move(done)]() mutable { done({}, 0); });
  }
}

}  // namespace seedfed
