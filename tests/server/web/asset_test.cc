#include "server/web/asset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>

#include "server/web/embedded_assets.h"

namespace seedfed {
namespace {

using testing::MatchesRegex;
using testing::StartsWith;

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Asset, Slash_IsThePage) {
  const std::optional<Asset> page = FindAsset("/");
  ASSERT_TRUE(page.has_value());
  EXPECT_EQ(page->content_type, "text/html; charset=utf-8");
  EXPECT_THAT(std::string(page->bytes), StartsWith("<!doctype html>"));
  EXPECT_EQ(page->bytes.data(), FindAsset("/index.html")->bytes.data());
}

TEST(Asset, UnknownPath_IsAbsent) {
  for (const char* path :
       {"", "index.html", "//", "/app.js/", "/../app.js", "/APP.JS", "/app.js?"}) {
    EXPECT_FALSE(FindAsset(path).has_value()) << path;
  }
}

TEST(Asset, EveryFile_IsEmbeddedByteForByte) {
  for (const EmbeddedAsset& embedded : EmbeddedAssets()) {
    const std::string path(embedded.path);
    EXPECT_EQ(ReadFile(SEEDFED_WEB_FOLDER + path), embedded.asset.bytes) << path;
    EXPECT_THAT(std::string(embedded.asset.etag), MatchesRegex("\"[0-9a-f]+\"")) << path;
  }
}

TEST(Asset, EveryFileOfTheFolder_IsServedWithItsType) {
  int served = 0;
  for (const auto& entry : std::filesystem::directory_iterator(SEEDFED_WEB_FOLDER)) {
    const std::string extension = entry.path().extension();
    std::string type;
    if (extension == ".html") type = "text/html; charset=utf-8";
    if (extension == ".css") type = "text/css; charset=utf-8";
    if (extension == ".js") type = "text/javascript; charset=utf-8";
    if (extension == ".svg") type = "image/svg+xml";
    if (type.empty()) continue;
    const std::string path = "/" + entry.path().filename().string();
    const std::optional<Asset> asset = FindAsset(path);
    ASSERT_TRUE(asset.has_value()) << path;
    EXPECT_EQ(asset->content_type, type) << path;
    ++served;
  }
  EXPECT_GE(served, 4);
}

// What the page's Content-Security-Policy would refuse, and what would leave the server.
TEST(Asset, NoFile_NamesAnotherOriginOrHasCodeInTheDocument) {
  const std::regex outside("https?://(?!www\\.w3\\.org/)");
  for (const EmbeddedAsset& embedded : EmbeddedAssets()) {
    const std::string text(embedded.asset.bytes);
    EXPECT_FALSE(std::regex_search(text, outside)) << embedded.path;
    EXPECT_EQ(text.find("innerHTML"), std::string::npos) << embedded.path;
  }
  const std::string page(FindAsset("/")->bytes);
  EXPECT_FALSE(std::regex_search(page, std::regex("<style|<script(?! type=\"module\" src=)")));
  EXPECT_FALSE(std::regex_search(page, std::regex("\\s(style|on[a-z]+)=")));
}

TEST(Asset, ThePage_IsSmallerThan100Kilobytes) {
  size_t bytes = 0;
  for (const EmbeddedAsset& embedded : EmbeddedAssets()) bytes += embedded.asset.bytes.size();
  EXPECT_LT(bytes, 100'000u);
}

}  // namespace
}  // namespace seedfed
