#ifndef SEEDFED_SERVER_WEB_ASSET_H_
#define SEEDFED_SERVER_WEB_ASSET_H_

#include <optional>
#include <string_view>

namespace seedfed {

// A file of the page, compiled into the program; everything it points to lives as long as that.
struct Asset {
  std::string_view content_type;  // as the header field has it
  std::string_view bytes;
  std::string_view etag;  // of these bytes, with its quotes
};

// The file at the path of a URL, without query: "/" is the page, and all that it loads is next to
// it. Absent when there is none. Safe from any thread.
std::optional<Asset> FindAsset(std::string_view path);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_WEB_ASSET_H_
