#ifndef SEEDFED_SERVER_HTTP_HTTP_SITE_H_
#define SEEDFED_SERVER_HTTP_HTTP_SITE_H_

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <set>

#include "common/base/clock.h"
#include "server/admission/admin_credential.h"
#include "server/http/event_feed.h"
#include "server/http/http_limits.h"
#include "server/http/router.h"
#include "server/http/source.h"

namespace seedfed {

// Something that can be cut off: a connection in one of its states.
class Closable {
 public:
  virtual ~Closable() = default;
  virtual void Close() = 0;
};

// What all connections share. Only to be used on its executor, and made as a shared_ptr.
class HttpSite : public std::enable_shared_from_this<HttpSite> {
 public:
  // `source` and `clock` must outlive the last use.
  HttpSite(boost::asio::any_io_executor executor, Source& source, const Clock& clock,
           std::optional<AdminCredential> credential, HttpLimits limits);

  const HttpLimits& limits() const { return limits_; }
  HttpResponse Answer(const HttpRequest& request) { return router_.Answer(request); }

  // Open connections, streams among them.
  void Register(Closable& connection) { connections_.insert(&connection); }
  void Deregister(Closable& connection) { connections_.erase(&connection); }
  size_t connections() const { return connections_.size(); }

  bool TakesStreams() const { return !stopping_ && feed_.streams() < limits_.streams; }
  void AddStream(EventStream& stream);
  void StreamSent(EventStream& stream);
  void RemoveStream(EventStream& stream);

  // Ends the streams in good order; new ones are refused and /readyz answers 503.
  void Stop();
  bool stopping() const { return stopping_; }

  // Cuts all connections off.
  void CloseAll();

 private:
  // Sets the timer to when the feed has something to do.
  void Arm();

  Router router_;
  EventFeed feed_;
  Source& source_;
  const Clock& clock_;
  const HttpLimits limits_;
  boost::asio::steady_timer timer_;
  absl::Duration armed_ = absl::InfiniteDuration();  // when the timer fires
  std::shared_ptr<void> subscription_;               // while there are streams
  std::set<Closable*> connections_;
  bool stopping_ = false;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_HTTP_HTTP_SITE_H_
