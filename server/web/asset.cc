#include "server/web/asset.h"

#include "server/web/embedded_assets.h"

namespace seedfed {

std::optional<Asset> FindAsset(std::string_view path) {
  if (path == "/") path = "/index.html";
  for (const EmbeddedAsset& embedded : EmbeddedAssets()) {
    if (embedded.path == path) return embedded.asset;
  }
  return std::nullopt;
}

}  // namespace seedfed
