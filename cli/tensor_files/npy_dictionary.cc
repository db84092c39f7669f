#include "cli/tensor_files/npy_dictionary.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "cli/tensor_files/tensor.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

// Takes the dictionary apart from left to right. Spaces may stand between any two parts.
class Parser {
 public:
  explicit Parser(absl::string_view text) : rest_(text) {}

  absl::StatusOr<NpyDictionary> Run() {
    if (!Take('{')) return Malformed("there is no '{'");
    while (!Take('}')) {
      const std::optional<std::string> key = String();
      if (!key.has_value()) return Malformed("there is no key in quotes");
      if (!Take(':')) return Malformed(absl::StrCat("there is no ':' behind ", Quoted(*key)));
      if (!seen_.insert(*key).second) {
        return Malformed(absl::StrCat("the key ", Quoted(*key), " stands twice"));
      }
      SEEDFED_RETURN_IF_ERROR(Value(*key));
      if (!Take(',') && Peek() != '}') {
        return Malformed(absl::StrCat("there is no ',' behind the value of ", Quoted(*key)));
      }
    }
    for (const char* key : {"descr", "fortran_order", "shape"}) {
      if (seen_.count(key) == 0) return Malformed(absl::StrCat("the key '", key, "' is missing"));
    }
    Skip();
    if (!rest_.empty()) return Malformed("something stands behind the '}'");
    return std::move(result_);
  }

 private:
  static absl::Status Malformed(absl::string_view why) {
    return absl::InvalidArgumentError(absl::StrCat("the NumPy header is malformed: ", why));
  }

  void Skip() { rest_ = absl::StripLeadingAsciiWhitespace(rest_); }

  // The next character, '\0' at the end.
  char Peek() {
    Skip();
    return rest_.empty() ? '\0' : rest_.front();
  }

  bool Take(char expected) {
    if (Peek() != expected) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // A string in single or double quotes; none of the keys and types has escapes.
  std::optional<std::string> String() {
    const char quote = Peek();
    if (quote != '\'' && quote != '"') return std::nullopt;
    const size_t end = rest_.find(quote, 1);
    if (end == absl::string_view::npos) return std::nullopt;
    std::string text(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    return text;
  }

  absl::Status Value(absl::string_view key) {
    if (key == "descr") return Description();
    if (key == "fortran_order") return Order();
    if (key == "shape") return Shape();
    return Malformed(absl::StrCat("the key ", Quoted(key), " is unknown"));
  }

  absl::Status Description() {
    if (Peek() == '[') {
      return absl::InvalidArgumentError(
          "the array holds structured values; expected '<f2', '<f4' or '<f8'");
    }
    std::optional<std::string> text = String();
    if (!text.has_value()) return Malformed("the value of 'descr' is not a string");
    result_.description = *std::move(text);
    return absl::OkStatus();
  }

  absl::Status Order() {
    Skip();
    if (absl::ConsumePrefix(&rest_, "True")) {
      result_.fortran_order = true;
    } else if (!absl::ConsumePrefix(&rest_, "False")) {
      return Malformed("the value of 'fortran_order' is not True or False");
    }
    return absl::OkStatus();
  }

  absl::Status Shape() {
    const absl::Status not_a_tuple = Malformed("the value of 'shape' is not a tuple of sizes");
    if (!Take('(')) return not_a_tuple;
    while (!Take(')')) {
      Skip();
      const size_t digits = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
      uint64_t size = 0;
      if (!absl::SimpleAtoi(rest_.substr(0, digits), &size)) return not_a_tuple;
      result_.shape.push_back(size);
      rest_.remove_prefix(digits);
      absl::ConsumePrefix(&rest_, "L");  // as Python 2 wrote large numbers
      if (!Take(',') && Peek() != ')') return not_a_tuple;
    }
    return absl::OkStatus();
  }

  absl::string_view rest_;
  std::set<std::string> seen_;
  NpyDictionary result_;
};

}  // namespace

absl::StatusOr<NpyDictionary> ParseNpyDictionary(absl::string_view text) {
  return Parser(text).Run();
}

}  // namespace seedfed
