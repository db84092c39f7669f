#include "cli/predict/prediction_file.h"

#include <bit>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/tensor_files/npy.h"
#include "common/base/bytes.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

constexpr size_t kBufferBytes = 1 << 16;

// An output whose bytes are gathered into larger writes.
class BufferedOutput {
 public:
  explicit BufferedOutput(std::unique_ptr<OutputFile> out) : out_(std::move(out)) {}

  std::string& buffer() { return buffer_; }
  OutputFile& file() { return *out_; }

  absl::Status FlushWhenFull() {
    return buffer_.size() < kBufferBytes ? absl::OkStatus() : Flush();
  }
  absl::Status Flush() {
    SEEDFED_RETURN_IF_ERROR(out_->Write(buffer_));
    buffer_.clear();
    return absl::OkStatus();
  }

 private:
  std::unique_ptr<OutputFile> out_;
  std::string buffer_;
};

class CsvFile final : public PredictionFile {
 public:
  CsvFile(std::unique_ptr<OutputFile> out, bool labelled) : out_(std::move(out)) {
    out_.buffer() = labelled ? "index,class,probability,label\n" : "index,class,probability\n";
  }

  absl::Status Add(const Prediction& prediction) override {
    absl::StrAppendFormat(&out_.buffer(), "%d,%d,%.9g", prediction.index,
                          prediction.predicted_class, prediction.probability());
    if (prediction.label) absl::StrAppend(&out_.buffer(), ",", *prediction.label);
    out_.buffer() += '\n';
    return out_.FlushWhenFull();
  }

  absl::Status Finish(const PredictResult& /*result*/, absl::string_view /*end*/) override {
    SEEDFED_RETURN_IF_ERROR(out_.Flush());
    return out_.file().Commit();
  }

 private:
  BufferedOutput out_;
};

class NpyFile final : public PredictionFile {
 public:
  // The header says how many examples there are, which is known only at the end; its length does
  // not depend on it.
  NpyFile(std::unique_ptr<OutputFile> out, size_t classes, std::string placeholder)
      : out_(std::move(out)), classes_(classes), header_bytes_(placeholder.size()) {
    out_.buffer() = std::move(placeholder);
  }

  absl::Status Add(const Prediction& prediction) override {
    for (const float probability : prediction.probabilities) {
      AppendLittleEndian(std::bit_cast<uint32_t>(probability), out_.buffer());
    }
    return out_.FlushWhenFull();
  }

  absl::Status Finish(const PredictResult& result, absl::string_view /*end*/) override {
    SEEDFED_RETURN_IF_ERROR(out_.Flush());
    SEEDFED_ASSIGN_OR_RETURN(const std::string header,
                             NpyHeaderBytes({"", DType::kF32, {result.examples, classes_}}));
    if (header.size() != header_bytes_) {
      return absl::InternalError(absl::StrCat("the header of ", out_.file().name(), " has ",
                                              header.size(), " bytes; expected ", header_bytes_));
    }
    SEEDFED_RETURN_IF_ERROR(out_.file().WriteAt(0, header));
    return out_.file().Commit();
  }

 private:
  BufferedOutput out_;
  const size_t classes_;
  const size_t header_bytes_;
};

class JsonFile final : public PredictionFile {
 public:
  JsonFile(std::unique_ptr<OutputFile> out, absl::string_view head) : out_(std::move(out)) {
    out_.buffer() = absl::StrCat("{", head, ",\"predictions\":[");
  }

  absl::Status Add(const Prediction& prediction) override {
    absl::StrAppendFormat(&out_.buffer(), "%s\n{\"index\":%d,\"class\":%d,\"probability\":%.9g",
                          prediction.index == 0 ? "" : ",", prediction.index,
                          prediction.predicted_class, prediction.probability());
    if (prediction.label) absl::StrAppend(&out_.buffer(), ",\"label\":", *prediction.label);
    out_.buffer() += '}';
    return out_.FlushWhenFull();
  }

  absl::Status Finish(const PredictResult& /*result*/, absl::string_view end) override {
    absl::StrAppend(&out_.buffer(), "],\n", end, "}\n");
    SEEDFED_RETURN_IF_ERROR(out_.Flush());
    return out_.file().Commit();
  }

 private:
  BufferedOutput out_;
};

}  // namespace

absl::StatusOr<PredictionFormat> PredictionFormatOf(absl::string_view path) {
  if (absl::EndsWith(path, ".csv")) return PredictionFormat::kCsv;
  if (absl::EndsWith(path, ".npy")) return PredictionFormat::kNpy;
  if (absl::EndsWith(path, ".json")) return PredictionFormat::kJson;
  return absl::InvalidArgumentError(
      absl::StrCat("the output '", path, "' does not end in .csv, .npy or .json"));
}

absl::StatusOr<std::unique_ptr<PredictionFile>> CreatePredictionFile(
    std::unique_ptr<OutputFile> out, PredictionFormat format, size_t classes, bool labelled,
    absl::string_view head) {
  switch (format) {
    case PredictionFormat::kCsv:
      return std::make_unique<CsvFile>(std::move(out), labelled);
    case PredictionFormat::kNpy: {
      SEEDFED_ASSIGN_OR_RETURN(std::string header, NpyHeaderBytes({"", DType::kF32, {1, classes}}));
      return std::make_unique<NpyFile>(std::move(out), classes, std::move(header));
    }
    case PredictionFormat::kJson:
      return std::make_unique<JsonFile>(std::move(out), head);
  }
  return absl::InternalError("unknown prediction format");
}

}  // namespace seedfed
