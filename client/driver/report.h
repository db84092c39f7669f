#ifndef SEEDFED_CLIENT_DRIVER_REPORT_H_
#define SEEDFED_CLIENT_DRIVER_REPORT_H_

#include <cstdio>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/core/session_types.h"
#include "client/core/trainer.h"

namespace seedfed {

// The JSON object of one evaluated round, without the line's end:
//   {"round":3,"accuracy":0.81,"loss":0.53,"bytes_up":4101,"bytes_down":4016,"seconds":1.25,"fingerprint":"..","base_checksum":".."}
// bytes_up: of one update's request, mean; bytes_down: averaged words that a client received;
// seconds: length of the round. What the server did not say is null.
std::string EvaluationLine(const action::Evaluate& round, const Evaluation& evaluation);

// The JSON object of one round of training:
//   {"round":3,"outcome":"accepted","loss":0.61,"examples":2000,"bytes":4016,"seconds":0.41}
// outcome: "accepted" or "late"; bytes: of the update's words; seconds: spent training.
std::string TrainingLine(const RoundUpdate& update, SubmitOutcome outcome, absl::Duration training);

// A file of lines, each handed to the system as it is written. Not thread-safe.
class LineFile {
 public:
  // Truncates the file; "-" is standard output. InvalidArgument when it cannot be written.
  static absl::StatusOr<LineFile> Open(const std::string& path);

  // Internal, naming the file, when the line could not be written.
  absl::Status Write(const std::string& line);

 private:
  LineFile(std::string path, std::FILE* file, bool owned)
      : path_(std::move(path)), file_(file, Closer{owned}) {}

  struct Closer {
    bool owned;
    void operator()(std::FILE* file) const {
      if (owned) std::fclose(file);
    }
  };

  std::string path_;
  std::unique_ptr<std::FILE, Closer> file_;
};

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_DRIVER_REPORT_H_
