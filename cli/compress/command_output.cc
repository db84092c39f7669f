#include "cli/compress/command_output.h"

#include <iostream>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"

namespace seedfed {

int Fail(const absl::Status& error) {
  std::cerr << "seedfed: " << error.message() << "\n";
  switch (error.code()) {
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kInternal:
      return kFailed;
    default:
      return kBadInput;
  }
}

absl::StatusOr<CommandOutput> CommandOutput::Create(absl::string_view result,
                                                    const std::string& json, bool quiet) {
  if (!json.empty() && result == json) {
    return absl::InvalidArgumentError(absl::StrCat("both the output and --json are '", result,
                                                   "': only one of them can go there"));
  }
  CommandOutput output;
  output.result_on_stdout_ = result == "-";
  output.quiet_ = quiet || json == "-";
  if (!json.empty()) {
    SEEDFED_ASSIGN_OR_RETURN(output.json_, OutputFile::Create(json));
  }
  return output;
}

absl::Status CommandOutput::Write(absl::string_view text, absl::string_view json) {
  if (json_ != nullptr) {
    SEEDFED_RETURN_IF_ERROR(json_->Write({json.data(), json.size()}));
    SEEDFED_RETURN_IF_ERROR(json_->Commit());
  }
  if (!quiet_) {
    std::ostream& out = result_on_stdout_ ? std::cerr : std::cout;
    out << text;
    out.flush();
  }
  return absl::OkStatus();
}

}  // namespace seedfed
