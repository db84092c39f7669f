#ifndef SEEDFED_TESTS_FAULT_MOVED_DATE_H_
#define SEEDFED_TESTS_FAULT_MOVED_DATE_H_

#include <array>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/e2e/process.h"

namespace seedfed {

// Where Debian's package has it, or nothing.
inline std::string Libfaketime() {
  std::error_code ignored;
  for (const auto& folder : std::filesystem::directory_iterator("/usr/lib", ignored)) {
    const auto library = folder.path() / "faketime/libfaketimeMT.so.1";
    if (std::filesystem::exists(library, ignored)) return library;
  }
  return "";
}

// The date of the processes that are started while this object lives.
class MovedDate {
 public:
  // Why there can be none here, or nothing.
  static std::string Unavailable() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return "a sanitizer must be the first library that a process loads";
#else
    return Libfaketime().empty() ? "needs the package faketime" : "";
#endif
  }

  MovedDate() {
    MoveTo(0);
    for (const auto& [name, value] :
         std::map<std::string, std::string>{{"FAKETIME_TIMESTAMP_FILE", file_},
                                            {"FAKETIME_NO_CACHE", "1"},
                                            {"FAKETIME_DONT_FAKE_MONOTONIC", "1"},
                                            {"LD_PRELOAD", Libfaketime()}}) {
      setenv(name.c_str(), value.c_str(), 1);
      names_.push_back(name);
    }
  }
  ~MovedDate() {
    for (const std::string& name : names_) unsetenv(name.c_str());
  }
  MovedDate(const MovedDate&) = delete;
  MovedDate& operator=(const MovedDate&) = delete;

  // From now on the date is so many days after the real one. Gives it as the logs write it.
  std::string MoveTo(int days) {
    const std::string next = folder_ / "next";
    WriteText(next, (days < 0 ? "" : "+") + std::to_string(days) + "d\n");
    std::filesystem::rename(next, file_);  // at once: a file half written is never read
    const time_t date = time(nullptr) + time_t{days} * 24 * 60 * 60;
    tm local = {};
    std::array<char, 16> text = {};
    strftime(text.data(), text.size(), "%Y-%m-%d", localtime_r(&date, &local));
    return text.data();
  }

 private:
  const TempFolder folder_;
  const std::string file_ = folder_ / "date";
  std::vector<std::string> names_;
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_FAULT_MOVED_DATE_H_
