#include "tests/fault/proxy.h"

#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <deque>
#include <list>
#include <thread>
#include <utility>

namespace seedfed {
namespace {

using boost::asio::ip::tcp;
using Time = std::chrono::steady_clock::time_point;

constexpr size_t kPiece = 256;  // bytes moved at a time: a quarter of a second at 1 kB/s
constexpr size_t kHeld = size_t{64} << 10;  // bytes held before the sender has to wait

}  // namespace

class Proxy::Impl {
 public:
  Impl(uint16_t server_port, const LinkConditions& conditions)
      : server_(boost::asio::ip::address_v4::loopback(), server_port),
        acceptor_(io_, {boost::asio::ip::address_v4::loopback(), 0}),
        port_(acceptor_.local_endpoint().port()),
        conditions_(conditions) {
    Accept();
    thread_ = std::thread([this] { io_.run(); });
  }

  ~Impl() {
    io_.stop();
    thread_.join();
  }

  uint16_t port() const { return port_; }
  size_t resets() const { return resets_; }

  void Set(const LinkConditions& conditions) {
    boost::asio::post(io_, [this, conditions] {
      conditions_ = conditions;
      for (const auto& weak : links_) {
        if (const auto link = weak.lock()) {
          link->up.Deliver();
          link->down.Deliver();
        }
      }
    });
  }

  void ResetAll() {
    boost::asio::post(io_, [this] {
      for (const auto& weak : links_) {
        if (const auto link = weak.lock()) Reset(*link);
      }
    });
  }

 private:
  struct Link;

  // One direction of a connection. Its Link lives until both directions have ended.
  class Direction {
   public:
    Direction(Impl& proxy, Link& link, tcp::socket& from, tcp::socket& to, bool from_client)
        : proxy_(proxy),
          link_(link),
          from_(from),
          to_(to),
          from_client_(from_client),
          timer_(proxy.io_) {}

    void Read() {
      if (reading_ || ended_ || held_ >= kHeld) return;
      reading_ = true;
      from_.async_read_some(boost::asio::buffer(buffer_),
                            [this, keep = link_.shared_from_this()](auto error, size_t size) {
                              reading_ = false;
                              OnRead(static_cast<bool>(error), size);
                            });
    }

    void Deliver() {
      if (writing_ || proxy_.conditions_.blackhole) return;
      if (queue_.empty()) {
        boost::system::error_code ignored;
        if (ended_) to_.shutdown(tcp::socket::shutdown_send, ignored);
        return;
      }
      const Time due = std::max(queue_.front().first + proxy_.conditions_.delay, free_at_);
      timer_.expires_at(due);
      timer_.async_wait([this, keep = link_.shared_from_this()](auto error) {
        if (!error) Write();
      });
    }

   private:
    void OnRead(bool failed, size_t size) {
      if (failed) {
        ended_ = true;
        return Deliver();
      }
      read_ += size;
      held_ += size;
      queue_.emplace_back(std::chrono::steady_clock::now(), std::string(buffer_.data(), size));
      const size_t limit = proxy_.conditions_.reset_after;
      if (from_client_ && limit != 0 && read_ >= limit) return proxy_.Reset(link_);
      Deliver();
      Read();
    }

    void Write() {
      if (writing_ || queue_.empty() || proxy_.conditions_.blackhole) return;
      writing_ = true;
      boost::asio::async_write(to_, boost::asio::buffer(queue_.front().second),
                               [this, keep = link_.shared_from_this()](auto error, size_t size) {
                                 writing_ = false;
                                 if (error) return proxy_.Close(link_);
                                 held_ -= queue_.front().second.size();
                                 queue_.pop_front();
                                 free_at_ = std::chrono::steady_clock::now();
                                 if (const size_t rate = proxy_.conditions_.bytes_per_second;
                                     rate != 0) {
                                   free_at_ += std::chrono::microseconds(1'000'000 * size / rate);
                                 }
                                 Deliver();
                                 Read();
                               });
    }

    Impl& proxy_;
    Link& link_;
    tcp::socket& from_;
    tcp::socket& to_;
    const bool from_client_;
    boost::asio::steady_timer timer_;
    std::array<char, kPiece> buffer_;
    std::deque<std::pair<Time, std::string>> queue_;  // when it came, bytes
    size_t held_ = 0;                                 // bytes in queue_
    size_t read_ = 0;                                 // bytes in all
    Time free_at_{};                                  // when the link takes the next piece
    bool reading_ = false, writing_ = false;
    bool ended_ = false;  // nothing more comes
  };

  struct Link : std::enable_shared_from_this<Link> {
    explicit Link(Impl& proxy)
        : client(proxy.io_),
          server(proxy.io_),
          up(proxy, *this, client, server, true),
          down(proxy, *this, server, client, false) {}
    tcp::socket client, server;
    Direction up, down;
  };

  void Accept() {
    auto link = std::make_shared<Link>(*this);
    acceptor_.async_accept(link->client, [this, link](auto error) {
      if (error) return;
      links_.remove_if([](const auto& weak) { return weak.expired(); });
      links_.push_back(link);
      link->server.async_connect(server_, [this, link](auto refused) {
        if (refused) return Close(*link);
        link->up.Read();
        link->down.Read();
      });
      Accept();
    });
  }

  void Close(Link& link) {
    boost::system::error_code ignored;
    link.client.close(ignored);
    link.server.close(ignored);
  }

  void Reset(Link& link) {
    if (!link.client.is_open()) return;
    ++resets_;
    boost::system::error_code ignored;
    for (tcp::socket* socket : {&link.client, &link.server}) {
      socket->set_option(boost::asio::socket_base::linger(true, 0), ignored);
    }
    Close(link);
  }

  boost::asio::io_context io_;
  const tcp::endpoint server_;
  tcp::acceptor acceptor_;
  const uint16_t port_;
  LinkConditions conditions_;             // of the thread
  std::list<std::weak_ptr<Link>> links_;  // of the thread
  std::atomic<size_t> resets_ = 0;
  std::thread thread_;
};

Proxy::Proxy(uint16_t server_port, const LinkConditions& conditions)
    : impl_(std::make_unique<Impl>(server_port, conditions)) {}

Proxy::~Proxy() = default;

std::string Proxy::address() const { return "127.0.0.1:" + std::to_string(impl_->port()); }

void Proxy::Set(const LinkConditions& conditions) { impl_->Set(conditions); }

void Proxy::ResetAll() { impl_->ResetAll(); }

size_t Proxy::resets() const { return impl_->resets(); }

}  // namespace seedfed
