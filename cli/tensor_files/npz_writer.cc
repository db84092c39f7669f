#include "cli/tensor_files/npz_writer.h"

#include <zip.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/tensor_files/npy.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

constexpr size_t kChunkBytes = 1 << 16;
constexpr uint16_t kFirstDosDate = 1 << 5 | 1;  // 1980-01-01, the first that zip knows

// libzip works through callbacks, which cannot hand on a sentence: the first failure waits here.
struct Failure {
  absl::Status status;

  int Record(absl::Status failed, zip_error_t* error) {
    status = std::move(failed);
    zip_error_set(error, ZIP_ER_INTERNAL, 0);
    return -1;
  }
};

// What libzip writes the archive to.
struct Sink {
  OutputFile& out;
  Failure& failure;
  uint64_t offset = 0;
  zip_error_t error;

  zip_int64_t Run(void* data, zip_uint64_t length, zip_source_cmd_t command) {
    switch (command) {
      case ZIP_SOURCE_SUPPORTS:
        return ZIP_SOURCE_SUPPORTS_WRITABLE;
      case ZIP_SOURCE_STAT:
        zip_stat_init(static_cast<zip_stat_t*>(data));
        static_cast<zip_stat_t*>(data)->valid = ZIP_STAT_SIZE;
        static_cast<zip_stat_t*>(data)->size = out.size();
        return sizeof(zip_stat_t);
      case ZIP_SOURCE_WRITE: {
        const absl::Status written =
            out.WriteAt(offset, {static_cast<const char*>(data), static_cast<size_t>(length)});
        if (!written.ok()) return failure.Record(written, &error);
        offset += length;
        return static_cast<zip_int64_t>(length);
      }
      case ZIP_SOURCE_SEEK_WRITE: {
        const zip_int64_t place =
            zip_source_seek_compute_offset(offset, out.size(), data, length, &error);
        if (place < 0) return -1;
        offset = static_cast<uint64_t>(place);
        return 0;
      }
      case ZIP_SOURCE_TELL_WRITE:
        return static_cast<zip_int64_t>(offset);
      case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&error, data, length);
      case ZIP_SOURCE_OPEN:
      case ZIP_SOURCE_CLOSE:
      case ZIP_SOURCE_FREE:
      case ZIP_SOURCE_BEGIN_WRITE:
      case ZIP_SOURCE_COMMIT_WRITE:
      case ZIP_SOURCE_ROLLBACK_WRITE:
      case ZIP_SOURCE_REMOVE:
        return 0;
      default:  // nothing is read back
        zip_error_set(&error, ZIP_ER_OPNOTSUPP, 0);
        return -1;
    }
  }
};

// One tensor as an .npy file, which libzip reads when it comes to write the entry.
struct Entry {
  TensorReader& source;
  Failure& failure;
  size_t index;
  std::string header;
  uint64_t value_bytes;
  zip_error_t error;
  std::string pending;   // bytes that are read and not handed on
  size_t handed_on = 0;  // of `pending`
  uint64_t left = 0;     // values that are not read, bytes

  absl::Status Fill() {
    handed_on = 0;
    pending.resize(static_cast<size_t>(std::min<uint64_t>(left, kChunkBytes)));
    left -= pending.size();
    return source.Read(pending);
  }

  zip_int64_t Run(void* data, zip_uint64_t length, zip_source_cmd_t command) {
    switch (command) {
      case ZIP_SOURCE_OPEN: {
        const absl::Status selected = source.Select(index);
        if (!selected.ok()) return failure.Record(selected, &error);
        pending = header;
        handed_on = 0;
        left = value_bytes;
        return 0;
      }
      case ZIP_SOURCE_READ: {
        if (handed_on == pending.size() && left > 0) {
          const absl::Status filled = Fill();
          if (!filled.ok()) return failure.Record(filled, &error);
        }
        const size_t part =
            static_cast<size_t>(std::min<uint64_t>(length, pending.size() - handed_on));
        std::memcpy(data, pending.data() + handed_on, part);
        handed_on += part;
        return static_cast<zip_int64_t>(part);
      }
      case ZIP_SOURCE_CLOSE:
        pending = std::string();
        handed_on = 0;
        return 0;
      case ZIP_SOURCE_STAT:
        zip_stat_init(static_cast<zip_stat_t*>(data));
        static_cast<zip_stat_t*>(data)->valid = ZIP_STAT_SIZE;
        static_cast<zip_stat_t*>(data)->size = header.size() + value_bytes;
        return sizeof(zip_stat_t);
      case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&error, data, length);
      case ZIP_SOURCE_SUPPORTS:
        return ZIP_SOURCE_SUPPORTS_READABLE;
      case ZIP_SOURCE_FREE:
        return 0;
      default:
        zip_error_set(&error, ZIP_ER_OPNOTSUPP, 0);
        return -1;
    }
  }
};

template <typename T>
zip_int64_t Callback(void* state, void* data, zip_uint64_t length, zip_source_cmd_t command) {
  return static_cast<T*>(state)->Run(data, length, command);
}

absl::Status LibraryError(const OutputFile& out, zip_t* archive) {
  return absl::InternalError(
      absl::StrCat("cannot write ", out.name(), ": ", zip_strerror(archive)));
}

absl::Status AddEntry(zip_t* archive, Entry& entry, const OutputFile& out) {
  const std::string name = absl::StrCat(entry.source.tensors()[entry.index].name, ".npy");
  zip_source_t* source = zip_source_function(archive, Callback<Entry>, &entry);
  if (source == nullptr) return LibraryError(out, archive);
  const zip_int64_t place = zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
  if (place < 0) {
    zip_source_free(source);
    return LibraryError(out, archive);
  }
  const auto number = static_cast<zip_uint64_t>(place);
  if (zip_set_file_compression(archive, number, ZIP_CM_STORE, 0) != 0 ||
      zip_file_set_dostime(archive, number, 0, kFirstDosDate, 0) != 0) {
    return LibraryError(out, archive);
  }
  return absl::OkStatus();
}

struct DiscardArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};

}  // namespace

absl::Status WriteNpz(TensorReader& source, OutputFile& out) {
  Failure failure;
  Sink sink = {out, failure};
  zip_error_init(&sink.error);
  std::vector<std::unique_ptr<Entry>> entries;  // libzip holds their addresses until the end
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* target = zip_source_function_create(Callback<Sink>, &sink, &error);
  if (target == nullptr) return absl::InternalError("cannot make a zip archive");
  std::unique_ptr<zip_t, DiscardArchive> archive(
      zip_open_from_source(target, ZIP_CREATE | ZIP_TRUNCATE, &error));
  if (archive == nullptr) {
    zip_source_free(target);
    return absl::InternalError(
        absl::StrCat("cannot write ", out.name(), ": ", zip_error_strerror(&error)));
  }
  for (size_t i = 0; i < source.tensors().size(); ++i) {
    const TensorInfo& tensor = source.tensors()[i];
    if (tensor.name.find('\0') != std::string::npos) {
      return absl::InvalidArgumentError(absl::StrCat("the tensor name ", Quoted(tensor.name),
                                                     " cannot be the name of an .npz entry"));
    }
    SEEDFED_ASSIGN_OR_RETURN(std::string header, NpyHeaderBytes(tensor));
    entries.push_back(
        std::unique_ptr<Entry>(new Entry{source, failure, i, std::move(header), tensor.bytes()}));
    zip_error_init(&entries.back()->error);
    SEEDFED_RETURN_IF_ERROR(AddEntry(archive.get(), *entries.back(), out));
  }
  if (zip_close(archive.get()) != 0) {
    if (!failure.status.ok()) return failure.status;
    return LibraryError(out, archive.get());
  }
  archive.release();  // zip_close() has freed it
  return absl::OkStatus();
}

}  // namespace seedfed
