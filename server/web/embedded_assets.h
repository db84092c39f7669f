#ifndef SEEDFED_SERVER_WEB_EMBEDDED_ASSETS_H_
#define SEEDFED_SERVER_WEB_EMBEDDED_ASSETS_H_

#include <span>
#include <string_view>

#include "server/web/asset.h"

namespace seedfed {

struct EmbeddedAsset {
  std::string_view path;  // "/" and the file's name in server/web
  Asset asset;
};

// Every file that CMakeLists.txt names; defined in a source that embed_assets.cmake makes.
std::span<const EmbeddedAsset> EmbeddedAssets();

}  // namespace seedfed

#endif  // SEEDFED_SERVER_WEB_EMBEDDED_ASSETS_H_
