#ifndef SEEDFED_SERVER_HTTP_CONNECTION_H_
#define SEEDFED_SERVER_HTTP_CONNECTION_H_

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <memory>
#include <optional>

#include "server/http/http_message.h"
#include "server/http/http_site.h"

namespace seedfed {

// Reads requests of one peer and answers them, one after the other, within the site's limits of
// time and size. Lives until the peer is gone or has been cut off.
class Connection : public Closable, public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::ip::tcp::socket socket, std::shared_ptr<HttpSite> site);
  ~Connection() override;

  void Start() { AwaitRequest(); }

  // Answers 503 to whatever the peer wants, and closes.
  void TurnAway();

  void Close() override { stream_.close(); }

 private:
  // How an answer is written.
  struct Form {
    unsigned version = 11;  // HTTP/1.1
    bool body = true;
    bool keep_alive = false;
  };

  void AwaitRequest();
  void ReadRequest();
  void OnRequest();
  void OnBadRequest(const boost::system::error_code& error);
  void Write(const HttpResponse& response, const Form& form);
  void OpenStream(const HttpResponse& response, const Form& form);
  void CloseGently();

  boost::beast::tcp_stream stream_;
  const std::shared_ptr<HttpSite> site_;
  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<boost::beast::http::empty_body>> parser_;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_HTTP_CONNECTION_H_
