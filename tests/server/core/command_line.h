#ifndef SEEDFED_TESTS_SERVER_CORE_COMMAND_LINE_H_
#define SEEDFED_TESTS_SERVER_CORE_COMMAND_LINE_H_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "common/base/status.h"

namespace seedfed {

// A verb, arguments by position, and name=value options in any order after them. What is missing or
// of a wrong form is remembered as the line's error.
class CommandLine {
 public:
  explicit CommandLine(const std::string& text)
      : words_(absl::StrSplit(text, ' ', absl::SkipEmpty())) {}

  std::string Next(const std::string& what) {
    if (words_.empty()) {
      Fail(absl::StrCat("expected ", what));
      return "";
    }
    return Take(words_.begin());
  }
  bool Has(const std::string& flag) {
    const auto found = std::find(words_.begin(), words_.end(), flag);
    if (found == words_.end()) return false;
    Take(found);
    return true;
  }
  bool empty() const { return words_.empty(); }

  std::optional<std::string> Option(const std::string& name) {
    const auto found = std::find_if(words_.begin(), words_.end(), [&](const std::string& word) {
      return word.starts_with(name + "=");
    });
    if (found == words_.end()) return std::nullopt;
    return Take(found).substr(name.size() + 1);
  }
  template <typename T>
  void Get(const std::string& name, T& value) {
    const std::optional<std::string> text = Option(name);
    if (text && !Parse(*text, value)) Fail(absl::StrCat("'", *text, "' is no ", name));
  }
  template <typename T>
  void Need(const std::string& name, T& value) {
    const std::string text = Option(name).value_or("");
    if (!Parse(text, value)) Fail(absl::StrCat("expected ", name, "=..., found '", text, "'"));
  }
  static bool Parse(const std::string& text, uint32_t& value) {
    return absl::SimpleAtoi(text, &value);
  }
  static bool Parse(const std::string& text, uint64_t& value) {
    return absl::SimpleAtoi(text, &value);
  }
  static bool Parse(const std::string& text, float& value) {
    return absl::SimpleAtof(text, &value);
  }
  static bool Parse(const std::string& text, absl::Duration& value) {
    return absl::ParseDuration(text, &value);
  }

  void Fail(const std::string& error) {
    if (error_.empty()) error_ = error;
  }
  // To be called when every known argument has been taken.
  absl::Status Check() {
    if (!words_.empty()) Fail(absl::StrCat("'", words_[0], "' means nothing here"));
    return error_.empty() ? absl::OkStatus() : absl::InvalidArgumentError(error_);
  }

 private:
  std::string Take(std::vector<std::string>::iterator word) {
    std::string taken = std::move(*word);
    words_.erase(word);
    return taken;
  }

  std::vector<std::string> words_;
  std::string error_;
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_SERVER_CORE_COMMAND_LINE_H_
