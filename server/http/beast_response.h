#ifndef SEEDFED_SERVER_HTTP_BEAST_RESPONSE_H_
#define SEEDFED_SERVER_HTTP_BEAST_RESPONSE_H_

#include <boost/beast/http/message.hpp>

#include "server/http/http_message.h"

namespace seedfed {

// A response of Beast's with the status and the header fields of ours, except those that say where
// its body ends. `version` is 10 or 11.
template <typename Body>
boost::beast::http::response<Body> BeastResponse(const HttpResponse& response, unsigned version) {
  boost::beast::http::response<Body> out(boost::beast::http::int_to_status(response.status),
                                         version);
  if (!response.content_type.empty()) {
    out.set(boost::beast::http::field::content_type, response.content_type);
  }
  for (const auto& [name, value] : response.fields) out.set(name, value);
  return out;
}

}  // namespace seedfed

#endif  // SEEDFED_SERVER_HTTP_BEAST_RESPONSE_H_
