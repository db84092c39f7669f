#include "server/http/connection.h"

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/http/beast_response.h"
#include "server/http/event_stream_connection.h"
#include "server/http/lingering_close.h"

namespace seedfed {
namespace {

namespace http = boost::beast::http;

constexpr size_t kPart = 4096;  // bytes read ahead

template <typename Fields>
std::string Field(const Fields& fields, http::field name) {
  const auto value = fields[name];
  return std::string(value.data(), value.size());
}

HttpResponse Busy(absl::string_view what) {
  HttpResponse response = HttpError(503, absl::StrCat("the server has ", what, " already"));
  response.fields.emplace_back("Retry-After", "1");
  return response;
}

}  // namespace

Connection::Connection(boost::asio::ip::tcp::socket socket, std::shared_ptr<HttpSite> site)
    : stream_(std::move(socket)),
      site_(std::move(site)),
      buffer_(site_->limits().header_bytes + kPart) {
  site_->Register(*this);
}

Connection::~Connection() { site_->Deregister(*this); }

void Connection::TurnAway() {
  Write(Busy(absl::StrCat(site_->limits().connections, " open connections")), {});
}

void Connection::AwaitRequest() {
  if (buffer_.size() > 0) return ReadRequest();
  stream_.expires_after(site_->limits().idle);
  stream_.async_read_some(
      buffer_.prepare(kPart),
      [self = shared_from_this()](const boost::system::error_code& error, size_t size) {
        if (error) return;  // the peer has closed, or was idle for too long
        self->buffer_.commit(size);
        self->ReadRequest();
      });
}

void Connection::ReadRequest() {
  parser_.emplace();
  parser_->header_limit(static_cast<uint32_t>(site_->limits().header_bytes));
  stream_.expires_after(site_->limits().read);
  http::async_read_header(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](const boost::system::error_code& error, size_t) {
        error ? self->OnBadRequest(error) : self->OnRequest();
      });
}

void Connection::OnBadRequest(const boost::system::error_code& error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return Write(HttpError(431, absl::StrCat("the header of the request is longer than ",
                                             site_->limits().header_bytes, " bytes")),
                 {});
  }
  const bool malformed = error.category() == make_error_code(http::error::bad_method).category() &&
                         error != http::error::end_of_stream &&
                         error != http::error::partial_message;
  if (malformed) Write(HttpError(400, absl::StrCat("not an HTTP request: ", error.message())), {});
}

void Connection::OnRequest() {
  const auto& header = parser_->get();
  const bool has_body = parser_->chunked() || parser_->content_length().value_or(0) > 0;
  Form form = {.version = header.version(),
               .body = header.method() != http::verb::head,
               .keep_alive = header.keep_alive() && !has_body && !site_->stopping()};
  if (header.count(http::field::host) > 1) {
    form.keep_alive = false;
    return Write(HttpError(400, "the request has more than one Host"), form);
  }
  const auto target = header.target();
  const auto method = header.method_string();
  const HttpResponse response =
      site_->Answer({.method = std::string(method.data(), method.size()),
                     .target = std::string(target.data(), target.size()),
                     .host = Field(header, http::field::host),
                     .authorization = Field(header, http::field::authorization),
                     .if_none_match = Field(header, http::field::if_none_match),
                     .accept_encoding = Field(header, http::field::accept_encoding)});
  if (response.event_stream && form.body) return OpenStream(response, form);
  Write(response, form);
}

void Connection::Write(const HttpResponse& response, const Form& form) {
  auto message = std::make_shared<http::response<http::string_body>>(
      BeastResponse<http::string_body>(response, form.version));
  message->keep_alive(form.keep_alive);
  if (form.body) message->body() = response.body;
  if (response.status != 304 && !response.event_stream) {
    message->content_length(response.body.size());
  }
  stream_.expires_after(site_->limits().write);
  http::async_write(stream_, *message,
                    [self = shared_from_this(), message, keep_alive = form.keep_alive](
                        const boost::system::error_code& error, size_t) {
                      if (error) return;
                      keep_alive ? self->AwaitRequest() : self->CloseGently();
                    });
}

void Connection::OpenStream(const HttpResponse& response, const Form& form) {
  if (!site_->TakesStreams()) {
    return Write(site_->stopping()
                     ? HttpError(503, "the server is stopping")
                     : Busy(absl::StrCat(site_->limits().streams, " open streams of events")),
                 form);
  }
  std::make_shared<EventStreamConnection>(std::move(stream_), site_)->Start(response, form.version);
}

void Connection::CloseGently() {
  std::make_shared<LingeringClose>(std::move(stream_), site_)->Start();
}

}  // namespace seedfed
