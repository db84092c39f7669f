#include "cli/predict/idx_reader.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "cli/predict/label_reader.h"
#include "client/data/byte_source.h"
#include "client/data/idx.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

class IdxReader final : public ExampleReader {
 public:
  IdxReader(std::unique_ptr<ByteSource> file, const IdxImagesHeader& header,
            std::unique_ptr<LabelReader> labels)
      : file_(std::move(file)),
        header_(header),
        body_(header.Body(*file_)),
        labels_(std::move(labels)) {}

  bool labelled() const override { return labels_ != nullptr; }
  const std::string& name() const override { return file_->name(); }

  absl::StatusOr<std::optional<Dataset>> Next(size_t most) override {
    const uint64_t images = std::min<uint64_t>(most, body_.left() / header_.image_bytes());
    if (images == 0) return std::nullopt;
    std::vector<uint8_t> pixels(static_cast<size_t>(images * header_.image_bytes()));
    SEEDFED_RETURN_IF_ERROR(body_.Read(pixels));
    std::vector<uint32_t> labels(static_cast<size_t>(images));
    if (labelled()) SEEDFED_RETURN_IF_ERROR(labels_->Read(labels));
    return Dataset::FromImages(name(), labelled() ? labels_->name() : name(), header_.rows,
                               header_.columns, std::move(pixels), std::move(labels));
  }

 private:
  std::unique_ptr<ByteSource> file_;
  const IdxImagesHeader header_;
  IdxBody body_;
  std::unique_ptr<LabelReader> labels_;  // null: none
};

}  // namespace

absl::StatusOr<std::unique_ptr<ExampleReader>> OpenIdxExamples(const std::string& images,
                                                               const std::string& labels) {
  SEEDFED_ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> file, OpenFile(images));
  SEEDFED_ASSIGN_OR_RETURN(const IdxImagesHeader header, ReadIdxImagesHeader(*file));
  SEEDFED_ASSIGN_OR_RETURN(std::unique_ptr<LabelReader> label_reader,
                           OpenLabels(labels, images, header.count));
  return std::make_unique<IdxReader>(std::move(file), header, std::move(label_reader));
}

}  // namespace seedfed
