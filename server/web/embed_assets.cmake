# cmake -DASSETS=FILE;... -DOUTPUT=FILE.cc -P embed_assets.cmake
# Writes the definition of seedfed::EmbeddedAssets() (server/web/embedded_assets.h).

set(type_html "text/html; charset=utf-8")
set(type_css "text/css; charset=utf-8")
set(type_js "text/javascript; charset=utf-8")
set(type_svg "image/svg+xml")

set(arrays "")
set(rows "")
set(number 0)
foreach(path ${ASSETS})
  get_filename_component(name ${path} NAME)
  get_filename_component(extension ${path} LAST_EXT)
  string(SUBSTRING ${extension} 1 -1 extension)
  if(NOT DEFINED type_${extension})
    message(FATAL_ERROR "embed_assets.cmake: ${name} has no known content type: expected .html, .css, .js or .svg")
  endif()
  file(READ ${path} bytes HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  file(SHA256 ${path} hash)
  string(SUBSTRING ${hash} 0 16 hash)
  string(APPEND arrays "constexpr unsigned char kBytes${number}[] = {${bytes}};\n")
  string(APPEND rows
         "    {\"/${name}\", {\"${type_${extension}}\", Text(kBytes${number}), \"\\\"${hash}\\\"\"}},\n")
  math(EXPR number "${number} + 1")
endforeach()

file(WRITE ${OUTPUT} "// Made by server/web/embed_assets.cmake.
#include \"server/web/embedded_assets.h\"

namespace seedfed {
namespace {

${arrays}
template <size_t N>
std::string_view Text(const unsigned char (&bytes)[N]) {
  return {reinterpret_cast<const char*>(bytes), N};
}

}  // namespace

std::span<const EmbeddedAsset> EmbeddedAssets() {
  static const EmbeddedAsset assets[] = {
${rows}  };
  return assets;
}

}  // namespace seedfed
")
