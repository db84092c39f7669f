#ifndef SEEDFED_TESTS_CLI_TEMP_FOLDER_H_
#define SEEDFED_TESTS_CLI_TEMP_FOLDER_H_

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace seedfed {

// A new folder that is removed with everything in it at the end of the test.
class TempFolder {
 public:
  TempFolder() {
    std::string path = testing::TempDir() + "seedfed-cli-XXXXXX";
    if (mkdtemp(path.data()) == nullptr) ADD_FAILURE() << "cannot make a folder at " << path;
    path_ = path;
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

  std::filesystem::path Write(const std::string& name, const std::string& contents) const {
    std::ofstream(path_ / name, std::ios::binary) << contents;
    return path_ / name;
  }

  // An executable /bin/sh script.
  std::filesystem::path WriteScript(const std::string& name, const std::string& body) const {
    const std::filesystem::path path = Write(name, "#!/bin/sh\n" + body);
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
  }

 private:
  std::filesystem::path path_;
};

inline std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
}

}  // namespace seedfed

#endif  // SEEDFED_TESTS_CLI_TEMP_FOLDER_H_
