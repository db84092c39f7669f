#include "client/data/idx.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <span>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

constexpr uint32_t kImagesMagic = 0x00000803;
constexpr uint32_t kLabelsMagic = 0x00000801;
constexpr size_t kImagesHeaderBytes = 16;
constexpr size_t kLabelsHeaderBytes = 8;

uint32_t BigEndian32(const uint8_t* bytes) {
  return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 | uint32_t{bytes[2]} << 8 | bytes[3];
}

// `what` is "image" or "label".
absl::Status ReadHeader(ByteSource& source, const char* what, uint32_t magic,
                        std::span<uint8_t> header) {
  SEEDFED_ASSIGN_OR_RETURN(const size_t got, source.Read(header));
  if (got == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(source.name(), " is empty, expected an IDX ", what, " file"));
  }
  const uint32_t found = got >= 4 ? BigEndian32(header.data()) : 0;
  if (got >= 4 && found != magic) {
    const char* hint = found == kImagesMagic   ? " (it is an IDX image file)"
                       : found == kLabelsMagic ? " (it is an IDX label file)"
                                               : "";
    return absl::InvalidArgumentError(
        absl::StrFormat("%s is not an IDX %s file: its magic number is 0x%08x, expected 0x%08x%s",
                        source.name(), what, found, magic, hint));
  }
  if (got < header.size()) {
    return absl::InvalidArgumentError(absl::StrCat(source.name(), " is truncated: it has ", got,
                                                   " bytes, the header of an IDX ", what,
                                                   " file has ", header.size()));
  }
  return absl::OkStatus();
}

// All of a body. Memory grows with the bytes that arrive.
absl::StatusOr<std::vector<uint8_t>> ReadAll(IdxBody body) {
  constexpr uint64_t kFirstStep = 1 << 20;
  std::vector<uint8_t> bytes;
  while (body.left() > 0) {
    const size_t have = bytes.size();
    const uint64_t step = std::min(body.left(), std::max<uint64_t>(have, kFirstStep));
    bytes.resize(have + static_cast<size_t>(step));
    SEEDFED_RETURN_IF_ERROR(body.Read(std::span(bytes).subspan(have)));
  }
  return bytes;
}

std::string Contents(const IdxImagesHeader& images) {
  return absl::StrCat(images.count, " images of ", images.rows, "x", images.columns);
}

absl::StatusOr<std::string> FindFile(const std::string& folder, const std::string& name) {
  for (const char* suffix : {"", ".gz"}) {
    const std::filesystem::path path = std::filesystem::path(folder) / (name + suffix);
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored)) return path.string();
  }
  return absl::NotFoundError(absl::StrCat(folder, " has neither ", name, " nor ", name, ".gz"));
}

}  // namespace

absl::Status IdxBody::Read(std::span<uint8_t> out) {
  SEEDFED_ASSIGN_OR_RETURN(const size_t got, source_.Read(out));
  done_ += got;
  if (got < out.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat(source_.name(), " is truncated: its header announces ", contents_, ", ",
                     bytes_, " bytes, but only ", done_, " follow"));
  }
  if (left() > 0) return absl::OkStatus();
  uint8_t extra = 0;
  SEEDFED_ASSIGN_OR_RETURN(const size_t after, source_.Read(std::span(&extra, 1)));
  if (after == 0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(source_.name(), " has bytes left over after the ",
                                                 contents_, " that its header announces"));
}

IdxBody IdxImagesHeader::Body(ByteSource& source) const {
  return IdxBody(source, count * image_bytes(), Contents(*this));
}

IdxBody IdxLabelsHeader::Body(ByteSource& source) const {
  return IdxBody(source, count, absl::StrCat(count, " labels"));
}

absl::StatusOr<IdxImagesHeader> ReadIdxImagesHeader(ByteSource& source) {
  std::array<uint8_t, kImagesHeaderBytes> header = {};
  SEEDFED_RETURN_IF_ERROR(ReadHeader(source, "image", kImagesMagic, header));
  const IdxImagesHeader images = {BigEndian32(&header[4]), BigEndian32(&header[8]),
                                  BigEndian32(&header[12])};
  const uint64_t image_size = images.image_bytes();
  if (images.count == 0 || image_size == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(source.name(), " holds no images: its header announces ", Contents(images)));
  }
  if (image_size > kMaxIdxPixels || images.count > kMaxIdxPixels / image_size) {
    return absl::InvalidArgumentError(
        absl::StrCat(source.name(), " is too large: its header announces ", Contents(images),
                     ", more than ", kMaxIdxPixels, " bytes"));
  }
  return images;
}

absl::StatusOr<IdxLabelsHeader> ReadIdxLabelsHeader(ByteSource& source) {
  std::array<uint8_t, kLabelsHeaderBytes> header = {};
  SEEDFED_RETURN_IF_ERROR(ReadHeader(source, "label", kLabelsMagic, header));
  const IdxLabelsHeader labels = {BigEndian32(&header[4])};
  if (labels.count == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(source.name(), " holds no labels: its header announces 0 labels"));
  }
  return labels;
}

absl::StatusOr<IdxImages> ReadIdxImages(ByteSource& source) {
  SEEDFED_ASSIGN_OR_RETURN(const IdxImagesHeader header, ReadIdxImagesHeader(source));
  SEEDFED_ASSIGN_OR_RETURN(std::vector<uint8_t> pixels, ReadAll(header.Body(source)));
  return IdxImages{header.count, header.rows, header.columns, std::move(pixels)};
}

absl::StatusOr<std::vector<uint32_t>> ReadIdxLabels(ByteSource& source) {
  SEEDFED_ASSIGN_OR_RETURN(const IdxLabelsHeader header, ReadIdxLabelsHeader(source));
  SEEDFED_ASSIGN_OR_RETURN(const std::vector<uint8_t> body, ReadAll(header.Body(source)));
  return std::vector<uint32_t>(body.begin(), body.end());
}

absl::StatusOr<Dataset> LoadIdx(const std::string& images_path, const std::string& labels_path) {
  SEEDFED_ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> images_file, OpenFile(images_path));
  SEEDFED_ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> labels_file, OpenFile(labels_path));
  SEEDFED_ASSIGN_OR_RETURN(std::vector<uint32_t> labels, ReadIdxLabels(*labels_file));
  SEEDFED_ASSIGN_OR_RETURN(IdxImages images, ReadIdxImages(*images_file));
  return Dataset::FromImages(images_path, labels_path, images.rows, images.columns,
                             std::move(images.pixels), std::move(labels));
}

absl::StatusOr<IdxPaths> FindIdxFiles(const std::string& folder, Split split) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(folder, error);
  if (status.type() == std::filesystem::file_type::not_found) {
    return absl::NotFoundError(absl::StrCat(folder, " does not exist"));
  }
  if (error)
    return absl::InvalidArgumentError(
        absl::StrCat("cannot examine ", folder, ": ", error.message()));
  if (status.type() != std::filesystem::file_type::directory) {
    return absl::InvalidArgumentError(
        absl::StrCat(folder, " is not a directory, expected a folder of IDX files"));
  }
  const std::string prefix = split == Split::kTrain ? "train" : "t10k";
  IdxPaths paths;
  SEEDFED_ASSIGN_OR_RETURN(paths.images, FindFile(folder, prefix + "-images-idx3-ubyte"));
  SEEDFED_ASSIGN_OR_RETURN(paths.labels, FindFile(folder, prefix + "-labels-idx1-ubyte"));
  return paths;
}

absl::StatusOr<Dataset> LoadIdxFolder(const std::string& folder, Split split) {
  SEEDFED_ASSIGN_OR_RETURN(const IdxPaths paths, FindIdxFiles(folder, split));
  return LoadIdx(paths.images, paths.labels);
}

}  // namespace seedfed
