#include "cli/tensor_files/tensor_writer.h"

#include <algorithm>
#include <array>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/tensor_files/npy.h"
#include "cli/tensor_files/npz_writer.h"
#include "cli/tensor_files/safetensors.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

constexpr std::array<FileFormat, 3> kFormats = {FileFormat::kNpy, FileFormat::kNpz,
                                                FileFormat::kSafetensors};
constexpr size_t kChunkBytes = 1 << 18;

absl::Status CopyValues(TensorReader& source, size_t index, OutputFile& out) {
  SEEDFED_RETURN_IF_ERROR(source.Select(index));
  uint64_t left = source.tensors()[index].bytes();
  std::vector<char> chunk(static_cast<size_t>(std::min<uint64_t>(left, kChunkBytes)));
  while (left > 0) {
    const auto part =
        std::span(chunk).first(static_cast<size_t>(std::min<uint64_t>(left, chunk.size())));
    SEEDFED_RETURN_IF_ERROR(source.Read(part));
    SEEDFED_RETURN_IF_ERROR(out.Write(part));
    left -= part.size();
  }
  return absl::OkStatus();
}

absl::Status WriteNpy(TensorReader& source, OutputFile& out) {
  if (source.tensors().size() != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat(out.name(), ": there are ", source.tensors().size(),
                     " tensors, and an .npy file holds one; write .npz or .safetensors"));
  }
  SEEDFED_ASSIGN_OR_RETURN(const std::string header, NpyHeaderBytes(source.tensors()[0]));
  SEEDFED_RETURN_IF_ERROR(out.Write(header));
  return CopyValues(source, 0, out);
}

absl::Status WriteSafetensors(TensorReader& source, OutputFile& out) {
  const std::string header = SafetensorsHeaderBytes(source.tensors(), source.metadata());
  if (header.size() > kMostSafetensorsHeaderBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("the header of ", out.name(), " would have ", header.size(),
                     " bytes; a .safetensors file allows ", kMostSafetensorsHeaderBytes));
  }
  SEEDFED_RETURN_IF_ERROR(out.Write(header));
  for (size_t i = 0; i < source.tensors().size(); ++i) {
    SEEDFED_RETURN_IF_ERROR(CopyValues(source, i, out));
  }
  return absl::OkStatus();
}

}  // namespace

absl::string_view FormatName(FileFormat format) {
  switch (format) {
    case FileFormat::kNpy:
      return "npy";
    case FileFormat::kNpz:
      return "npz";
    case FileFormat::kSafetensors:
      return "safetensors";
  }
  return "unknown";
}

absl::StatusOr<FileFormat> ParseFormat(absl::string_view name) {
  for (const FileFormat format : kFormats) {
    if (name == FormatName(format)) return format;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("format '", name, "' is not npy, npz or safetensors"));
}

absl::StatusOr<FileFormat> FormatOfPath(absl::string_view path) {
  for (const FileFormat format : kFormats) {
    if (absl::EndsWith(path, absl::StrCat(".", FormatName(format)))) return format;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("the output '", path,
                   "' does not end in .npy, .npz or .safetensors; name one with --format"));
}

absl::Status WriteTensors(TensorReader& source, FileFormat format, OutputFile& out) {
  switch (format) {
    case FileFormat::kNpy:
      return WriteNpy(source, out);
    case FileFormat::kNpz:
      return WriteNpz(source, out);
    case FileFormat::kSafetensors:
      return WriteSafetensors(source, out);
  }
  return absl::InternalError("unknown file format");
}

}  // namespace seedfed
