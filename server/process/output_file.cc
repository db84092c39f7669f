#include "server/process/output_file.h"

#include <cstdio>
#include <fstream>

#include "absl/strings/str_cat.h"

namespace seedfed {

absl::Status WriteOutputFile(const std::string& path, const std::string& bytes) {
  const std::string partial = absl::StrCat(path, ".part");
  std::ofstream file(partial, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file || std::rename(partial.c_str(), path.c_str()) != 0) {
    return absl::UnavailableError(absl::StrCat("cannot write ", path));
  }
  return absl::OkStatus();
}

}  // namespace seedfed
