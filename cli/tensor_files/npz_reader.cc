#include "cli/tensor_files/npz_reader.h"

#include <unistd.h>
#include <zip.h>

#include <array>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "cli/tensor_files/npy.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

// Deflate's best: 258 bytes of two bits. Source: zlib.net/zlib_tech.html.
constexpr uint64_t kMostDeflateRatio = 1032;

struct DiscardArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
using Archive = std::unique_ptr<zip_t, DiscardArchive>;

struct CloseEntry {
  void operator()(zip_file_t* entry) const { zip_fclose(entry); }
};

// The unpacked bytes of an entry. `archive` must outlive the object.
class EntrySource final : public ByteReader {
 public:
  // `where` names the entry in error sentences.
  static absl::StatusOr<std::unique_ptr<EntrySource>> Open(zip_t* archive, uint64_t index,
                                                           std::string where) {
    zip_file_t* entry = zip_fopen_index(archive, index, 0);
    if (entry == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat(where, ": cannot be unpacked: ", zip_strerror(archive)));
    }
    return std::unique_ptr<EntrySource>(new EntrySource(entry, std::move(where)));
  }

  absl::Status Read(std::span<char> out) override {
    while (!out.empty()) {
      const zip_int64_t got = zip_fread(entry_.get(), out.data(), out.size());
      if (got <= 0) return Damaged(got);
      out = out.subspan(static_cast<size_t>(got));
    }
    return absl::OkStatus();
  }

  // OK at the end of the entry. The checksum is compared only when the end is read.
  absl::Status ReadEnd() {
    char extra;
    const zip_int64_t got = zip_fread(entry_.get(), &extra, 1);
    if (got == 0) return absl::OkStatus();
    if (got > 0) return absl::InvalidArgumentError(absl::StrCat(where_, ": the entry is too long"));
    return Damaged(got);
  }

 private:
  EntrySource(zip_file_t* entry, std::string where) : entry_(entry), where_(std::move(where)) {}

  absl::Status Damaged(zip_int64_t got) const {
    return absl::InvalidArgumentError(absl::StrCat(
        where_, ": the entry is truncated or damaged",
        got < 0 ? absl::StrCat(": ", zip_file_strerror(entry_.get())) : std::string()));
  }

  std::unique_ptr<zip_file_t, CloseEntry> entry_;
  const std::string where_;
};

std::string WhereOf(const InputFile& file, absl::string_view entry) {
  return absl::StrCat(file.name(), ": entry ", Quoted(entry));
}

class NpzReader final : public TensorReader {
 public:
  struct Entry {
    uint64_t index = 0;
    NpyHeader header;
  };

  NpzReader(std::unique_ptr<InputFile> file, Archive archive)
      : file_(std::move(file)), archive_(std::move(archive)) {}

  // Takes the entry into the list of tensors.
  absl::Status Add(uint64_t index) {
    zip_stat_t status;
    constexpr zip_uint64_t kNeeded = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;
    if (zip_stat_index(archive_.get(), index, 0, &status) != 0 ||
        (status.valid & kNeeded) != kNeeded) {
      return file_->Bad(
          absl::StrCat("entry number ", index, " of the archive has no name or size"));
    }
    const absl::string_view entry_name = status.name;
    absl::string_view name = entry_name;
    const std::string where = WhereOf(*file_, entry_name);
    if (!absl::ConsumeSuffix(&name, ".npy")) {
      return absl::InvalidArgumentError(absl::StrCat(where, " is not an .npy file"));
    }
    if (status.comp_size > file_->size() || status.size / kMostDeflateRatio > status.comp_size) {
      return absl::InvalidArgumentError(
          absl::StrCat(where, ": the entry cannot unpack to ", status.size, " bytes"));
    }
    SEEDFED_ASSIGN_OR_RETURN(const std::unique_ptr<EntrySource> source,
                             EntrySource::Open(archive_.get(), index, where));
    SEEDFED_ASSIGN_OR_RETURN(NpyHeader header, ReadNpyHeader(*source, where));
    TensorInfo tensor = {std::string(name), header.dtype, header.shape};
    if (const absl::Status valid = CheckNpyTensor(header, tensor); !valid.ok()) {
      return file_->Bad(valid.message());
    }
    if (status.size != header.bytes + tensor.bytes()) {
      return absl::InvalidArgumentError(absl::StrCat(where, ": the entry has ", status.size,
                                                     " bytes; expected ",
                                                     header.bytes + tensor.bytes()));
    }
    if (!names_.insert(tensor.name).second) {
      return file_->Bad(absl::StrCat("the tensor ", Quoted(name), " stands twice"));
    }
    entries_.push_back({index, std::move(header)});
    tensors_.push_back(std::move(tensor));
    return absl::OkStatus();
  }

  const std::vector<TensorInfo>& tensors() const override { return tensors_; }
  const Metadata& metadata() const override { return metadata_; }
  absl::string_view format() const override { return "npz"; }

  absl::Status Select(size_t index) override {
    const Entry& entry = entries_[index];
    SEEDFED_ASSIGN_OR_RETURN(
        std::unique_ptr<EntrySource> source,
        EntrySource::Open(archive_.get(), entry.index,
                          WhereOf(*file_, absl::StrCat(tensors_[index].name, ".npy"))));
    std::string skipped(entry.header.bytes, '\0');
    SEEDFED_RETURN_IF_ERROR(source->Read(skipped));
    left_ = tensors_[index].bytes();
    source_ = source.get();
    values_.emplace(entry.header, std::move(source));
    return absl::OkStatus();
  }

  absl::Status Read(std::span<char> out) override {
    SEEDFED_RETURN_IF_ERROR(values_->Read(out));
    left_ -= out.size();
    return left_ == 0 && !out.empty() ? source_->ReadEnd() : absl::OkStatus();
  }

 private:
  std::unique_ptr<InputFile> file_;
  Archive archive_;
  std::vector<Entry> entries_;
  std::vector<TensorInfo> tensors_;
  std::set<std::string> names_;
  Metadata metadata_;
  std::optional<NpyValues> values_;
  EntrySource* source_ = nullptr;  // owned by values_
  uint64_t left_ = 0;              // bytes of the selected tensor
};

}  // namespace

absl::StatusOr<std::unique_ptr<TensorReader>> OpenNpz(std::unique_ptr<InputFile> file) {
  const int fd = dup(file->fd());
  int code = 0;
  Archive archive(fd < 0 ? nullptr : zip_fdopen(fd, 0, &code));
  if (archive == nullptr) {
    if (fd >= 0) close(fd);
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string why = zip_error_strerror(&error);
    zip_error_fini(&error);
    return file->Bad(absl::StrCat("the zip archive is truncated or damaged: ", why));
  }
  const zip_int64_t entries = zip_get_num_entries(archive.get(), 0);
  auto reader = std::make_unique<NpzReader>(std::move(file), std::move(archive));
  for (zip_int64_t i = 0; i < entries; ++i) {
    SEEDFED_RETURN_IF_ERROR(reader->Add(static_cast<uint64_t>(i)));
  }
  return reader;
}

}  // namespace seedfed
