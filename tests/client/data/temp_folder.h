#ifndef SEEDFED_TESTS_CLIENT_DATA_TEMP_FOLDER_H_
#define SEEDFED_TESTS_CLIENT_DATA_TEMP_FOLDER_H_

#include <gtest/gtest.h>
#include <stdlib.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace seedfed {

// A new folder that is removed with everything in it at the end of the test.
class TempFolder {
 public:
  TempFolder() : path_(testing::TempDir() + "seedfed-data-XXXXXX") {
    if (mkdtemp(path_.data()) == nullptr) ADD_FAILURE() << "cannot make a folder at " << path_;
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string Path(const std::string& name) const { return path_ + "/" + name; }

  // Returns the path of the new file.
  std::string Write(const std::string& name, const std::string& contents) const {
    std::ofstream(Path(name), std::ios::binary) << contents;
    return Path(name);
  }

 private:
  std::string path_;
};

// One gzip member.
inline std::string Gzip(const std::string& contents) {
  z_stream stream = {};
  constexpr int kGzipWindow = 15 + 16;
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, contents.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(contents.data()));
  stream.avail_in = static_cast<uInt>(contents.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

inline std::string Sentence(const absl::Status& status) { return std::string(status.message()); }

template <typename T>
std::string Sentence(const absl::StatusOr<T>& result) {
  return Sentence(result.status());
}

}  // namespace seedfed

#endif  // SEEDFED_TESTS_CLIENT_DATA_TEMP_FOLDER_H_
