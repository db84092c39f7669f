#ifndef SEEDFED_SERVER_HTTP_LINGERING_CLOSE_H_
#define SEEDFED_SERVER_HTTP_LINGERING_CLOSE_H_

#include <array>
#include <boost/beast/core/tcp_stream.hpp>
#include <cstddef>
#include <memory>

#include "server/http/http_site.h"

namespace seedfed {

// Closes a connection without losing the answer that was just sent: a socket that is closed while
// it still holds unread bytes resets the connection, and the peer may then never see the answer. So
// the peer's bytes are read away first, for a short time.
class LingeringClose : public Closable, public std::enable_shared_from_this<LingeringClose> {
 public:
  LingeringClose(boost::beast::tcp_stream stream, std::shared_ptr<HttpSite> site);
  ~LingeringClose() override;

  void Start();
  void Close() override { stream_.close(); }

 private:
  void Discard();

  boost::beast::tcp_stream stream_;
  const std::shared_ptr<HttpSite> site_;
  std::array<char, 4096> discarded_;
  size_t left_;  // bytes that are still read
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_HTTP_LINGERING_CLOSE_H_
