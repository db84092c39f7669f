#ifndef SEEDFED_SERVER_HTTP_HTTP_LIMITS_H_
#define SEEDFED_SERVER_HTTP_HTTP_LIMITS_H_

#include <chrono>
#include <cstddef>

namespace seedfed {

// What a peer may ask of the HTTP server.
struct HttpLimits {
  size_t connections = 256;  // open at once; a further one is answered 503
  size_t streams = 64;       // of server-sent events, among them
  size_t header_bytes = 8 << 10;
  std::chrono::milliseconds idle = std::chrono::seconds(60);  // until the next request begins
  std::chrono::milliseconds read = std::chrono::seconds(10);  // from there to its header's end
  std::chrono::milliseconds write =
      std::chrono::seconds(30);  // of an answer, or a text of a stream
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_HTTP_HTTP_LIMITS_H_
