#ifndef SEEDFED_SERVER_HTTP_LISTENER_H_
#define SEEDFED_SERVER_HTTP_LISTENER_H_

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "server/http/http_site.h"

namespace seedfed {

// Accepts connections for a site until it is closed.
class Listener : public std::enable_shared_from_this<Listener> {
 public:
  Listener(boost::asio::ip::tcp::acceptor acceptor, std::shared_ptr<HttpSite> site);

  void Start() { Accept(); }
  void Close();

 private:
  void Accept();
  void Admit(boost::asio::ip::tcp::socket socket);
  void AcceptLater();

  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  const std::shared_ptr<HttpSite> site_;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_HTTP_LISTENER_H_
