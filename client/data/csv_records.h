#ifndef SEEDFED_CLIENT_DATA_CSV_RECORDS_H_
#define SEEDFED_CLIENT_DATA_CSV_RECORDS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/data/byte_source.h"

namespace seedfed {

// The longest record accepted, line ends included, so that a file without any cannot fill the
// memory.
inline constexpr size_t kMaxCsvRecordBytes = size_t{4} << 20;

// Cuts a stream into the records and fields of RFC 4180, one record in memory at a time. Lines may
// end in LF or CR LF, the last one in nothing; a UTF-8 byte order mark at the start and empty lines
// are skipped; a field in double quotes may contain commas, line ends and doubled quotes.
// Not thread safe.
class CsvRecords {
 public:
  // `source` must outlive this.
  explicit CsvRecords(ByteSource& source);

  // Moves to the next record; false at the end. Fails with InvalidArgument and the position when
  // quotes are misplaced or a record is too long; must not be called again after that.
  absl::StatusOr<bool> Next();

  // Of the current record; the views are valid until Next.
  std::span<const std::string_view> fields() const { return fields_; }
  size_t line() const { return line_; }  // counts from 1; where the record starts

 private:
  absl::StatusOr<bool> ReadRecord();
  absl::Status SplitRecord();
  absl::Status ErrorAtField(const char* problem) const;

  ByteSource& source_;
  std::vector<uint8_t> buffer_;
  std::span<const uint8_t> pending_;  // the part of buffer_ not yet consumed
  std::string record_;
  std::vector<std::string_view> fields_;
  size_t line_ = 0;
  size_t next_line_ = 1;
};

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_DATA_CSV_RECORDS_H_
