#ifndef SEEDFED_SERVER_HTTP_GZIP_H_
#define SEEDFED_SERVER_HTTP_GZIP_H_

#include <string>
#include <string_view>

namespace seedfed {

// `bytes` as a gzip stream, compressed fast rather than well.
std::string Gzip(std::string_view bytes);

// Whether an Accept-Encoding header field takes gzip.
bool AcceptsGzip(std::string_view accept_encoding);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_HTTP_GZIP_H_
