#ifndef SEEDFED_SERVER_HTTP_EVENT_STREAM_CONNECTION_H_
#define SEEDFED_SERVER_HTTP_EVENT_STREAM_CONNECTION_H_

#include <array>
#include <boost/beast/core/tcp_stream.hpp>
#include <memory>
#include <string>

#include "server/http/http_message.h"
#include "server/http/http_site.h"

namespace seedfed {

// A connection whose answer is the stream of server-sent events. A peer that does not take a text
// within the limit for writing is cut off.
class EventStreamConnection : public Closable,
                              public EventStream,
                              public std::enable_shared_from_this<EventStreamConnection> {
 public:
  EventStreamConnection(boost::beast::tcp_stream stream, std::shared_ptr<HttpSite> site);
  ~EventStreamConnection() override;

  // Sends the header of `response`, then joins the feed. `version` is 10 or 11.
  void Start(const HttpResponse& response, unsigned version);

  void Close() override;

 private:
  void Send(std::shared_ptr<const std::string> text) override;
  void End() override;

  void Join();
  void WatchForHangUp();
  void OnSent(const boost::system::error_code& error);
  void SendEnd();

  boost::beast::tcp_stream stream_;
  const std::shared_ptr<HttpSite> site_;
  bool chunked_ = true;  // else the end of the connection ends the stream
  bool joined_ = false;
  bool sending_ = false;
  bool ending_ = false;
  std::array<char, 512> discarded_;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_HTTP_EVENT_STREAM_CONNECTION_H_
