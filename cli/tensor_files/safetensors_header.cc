#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/tensor_files/safetensors.h"
#include "common/base/bytes.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr absl::string_view kMetadataKey = "__metadata__";

std::optional<DType> ParseDType(absl::string_view name) {
  for (const DType dtype : {DType::kF16, DType::kBF16, DType::kF32, DType::kF64}) {
    if (name == DTypeName(dtype)) return dtype;
  }
  return std::nullopt;
}

// Takes the JSON text event by event: the memory used grows with the tensors, not with what else
// the text may hold. Every method returns false to stop; then status() says why.
class HeaderEvents final : public nlohmann::json_sax<json> {
 public:
  SafetensorsHeader& header() { return header_; }
  const absl::Status& status() const { return status_; }

  bool start_object(size_t) override {
    if (place_ == Place::kStart) {
      place_ = Place::kTop;
      return true;
    }
    if (place_ != Place::kTop) return Unexpected("an object");
    place_ = key_ == kMetadataKey ? Place::kMetadata : Place::kTensor;
    tensor_ = {};
    tensor_.info.name = key_;
    fields_.clear();
    return true;
  }

  bool end_object() override {
    if (place_ == Place::kTensor) {
      for (const char* field : {"dtype", "shape", "data_offsets"}) {
        if (fields_.count(field) == 0) {
          return Stop(absl::StrCat("tensor ", Quoted(tensor_.info.name), " has no '", field, "'"));
        }
      }
      if (absl::Status valid = CheckTensor(tensor_.info); !valid.ok()) return Stop(valid.message());
      header_.tensors.push_back(std::move(tensor_));
    }
    place_ = Place::kTop;
    return true;
  }

  bool key(std::string& name) override {
    if (place_ == Place::kTensor) {
      field_ = name;
      if (field_ != "dtype" && field_ != "shape" && field_ != "data_offsets") {
        return Stop(absl::StrCat("tensor ", Quoted(tensor_.info.name), " has the unknown field ",
                                 Quoted(field_)));
      }
      if (!fields_.insert(field_).second) return Twice(field_);
    } else {
      key_ = name;
      if (place_ == Place::kTop && !names_.insert(key_).second) return Twice(key_);
    }
    return true;
  }

  bool string(std::string& text) override {
    if (place_ == Place::kMetadata) {
      if (!header_.metadata.emplace(key_, text).second) return Twice(key_);
      return true;
    }
    if (place_ != Place::kTensor || field_ != "dtype") return Unexpected("a string");
    const std::optional<DType> dtype = ParseDType(text);
    if (!dtype.has_value()) {
      return Stop(absl::StrCat("tensor ", Quoted(tensor_.info.name), " has the dtype ",
                               Quoted(text), "; expected F16, BF16, F32 or F64"));
    }
    tensor_.info.dtype = *dtype;
    return true;
  }

  bool start_array(size_t) override {
    if (place_ != Place::kTensor || field_ == "dtype") return Unexpected("a list");
    place_ = Place::kList;
    list_.clear();
    return true;
  }

  bool number_unsigned(uint64_t number) override {
    if (place_ != Place::kList) return Unexpected("a number");
    if (list_.size() == kMostListItems) {
      return Stop(absl::StrCat("the '", field_, "' of tensor ", Quoted(tensor_.info.name),
                               " has more than ", kMostListItems, " numbers"));
    }
    list_.push_back(number);
    return true;
  }

  bool end_array() override {
    place_ = Place::kTensor;
    if (field_ == "shape") {
      tensor_.info.shape = list_;
      return true;
    }
    if (list_.size() != 2 || list_[0] > list_[1]) {
      return Stop(absl::StrCat("the data_offsets of tensor ", Quoted(tensor_.info.name),
                               " are not a start and an end"));
    }
    tensor_.begin = list_[0];
    tensor_.end = list_[1];
    return true;
  }

  bool null() override { return Unexpected("null"); }
  bool boolean(bool) override { return Unexpected("a truth value"); }
  bool number_integer(int64_t) override { return Unexpected("a negative number"); }
  bool number_float(double, const std::string&) override { return Unexpected("a fraction"); }
  bool binary(json::binary_t&) override { return Unexpected("binary data"); }

  bool parse_error(size_t position, const std::string&, const json::exception&) override {
    return Stop(absl::StrCat("the header is not JSON (from its byte ", position, " on)"));
  }

 private:
  enum class Place { kStart, kTop, kMetadata, kTensor, kList };

  static constexpr size_t kMostListItems = 64;

  bool Stop(absl::string_view sentence) {
    status_ = absl::InvalidArgumentError(sentence);
    return false;
  }
  bool Unexpected(absl::string_view what) {
    const std::string where = place_ == Place::kStart ? "first" : absl::StrCat("at ", Quoted(key_));
    return Stop(absl::StrCat("the header has ", what, " ", where, ", where none belongs"));
  }
  bool Twice(absl::string_view name) {
    return Stop(absl::StrCat("the header has ", Quoted(name), " twice"));
  }

  SafetensorsHeader header_;
  absl::Status status_;
  Place place_ = Place::kStart;
  std::string key_;    // of the top object, or of the metadata
  std::string field_;  // of a tensor
  std::vector<uint64_t> list_;
  std::set<std::string> names_, fields_;
  SafetensorsHeader::Tensor tensor_;
};

absl::Status CheckPlaces(const SafetensorsHeader& header, uint64_t data_bytes) {
  uint64_t end = 0;
  for (const SafetensorsHeader::Tensor& tensor : header.tensors) {
    const std::string name = Quoted(tensor.info.name);
    if (tensor.end > data_bytes) {
      return absl::InvalidArgumentError(absl::StrCat(
          "tensor ", name, " ends at byte ", tensor.end, " of the values, but the file ",
          "holds only ", data_bytes, ": it is truncated, or the offset is wrong"));
    }
    if (tensor.end - tensor.begin != tensor.info.bytes()) {
      return absl::InvalidArgumentError(
          absl::StrCat("tensor ", name, " has ", tensor.end - tensor.begin, " bytes; expected ",
                       tensor.info.bytes(), " for ", ShapeText(tensor.info.shape), " values of ",
                       std::string(DTypeName(tensor.info.dtype))));
    }
    if (tensor.begin != end) {
      return absl::InvalidArgumentError(absl::StrCat(
          "tensor ", name, " starts at byte ", tensor.begin, " of the values; expected ", end,
          tensor.begin < end ? ": it overlaps the one before" : ": there is a hole before it"));
    }
    end = tensor.end;
  }
  if (end != data_bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("the last tensor ends at byte ", end, " of the values, but the file holds ",
                     data_bytes, ": it is too long, or a tensor is missing"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SafetensorsHeader> ParseSafetensorsHeader(absl::string_view json_text,
                                                         uint64_t data_bytes) {
  HeaderEvents events;
  if (!json::sax_parse(json_text.begin(), json_text.end(), &events)) return events.status();
  SafetensorsHeader header = std::move(events.header());
  std::sort(header.tensors.begin(), header.tensors.end(),
            [](const SafetensorsHeader::Tensor& a, const SafetensorsHeader::Tensor& b) {
              return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
            });
  SEEDFED_RETURN_IF_ERROR(CheckPlaces(header, data_bytes));
  return header;
}

std::string SafetensorsHeaderBytes(const std::vector<TensorInfo>& tensors,
                                   const Metadata& metadata) {
  ordered_json object = ordered_json::object();
  if (!metadata.empty()) object[std::string(kMetadataKey)] = metadata;
  uint64_t offset = 0;
  for (const TensorInfo& tensor : tensors) {
    // Append, as looking up the key in an ordered object takes the longer the more there are.
    object.get_ref<ordered_json::object_t&>().push_back(
        {tensor.name,
         {{"dtype", std::string(DTypeName(tensor.dtype))},
          {"shape", tensor.shape},
          {"data_offsets", {offset, offset + tensor.bytes()}}}});
    offset += tensor.bytes();
  }
  std::string text = object.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  text.resize((text.size() + 7) / 8 * 8, ' ');
  std::string out;
  AppendLittleEndian(static_cast<uint64_t>(text.size()), out);
  return out + text;
}

}  // namespace seedfed
