#ifndef SEEDFED_SERVER_ADMISSION_UPDATE_ROOM_H_
#define SEEDFED_SERVER_ADMISSION_UPDATE_ROOM_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace seedfed {

// Bounds the bytes of the updates that have come and are not answered yet: they wait for the
// round's rules and for the disk, and clients can be quicker than both. Thread-safe.
class UpdateRoom {
 public:
  // Counts its bytes while any copy lives, perhaps longer than the room.
  using Place = std::shared_ptr<const void>;

  explicit UpdateRoom(uint64_t most_bytes)
      : most_bytes_(most_bytes), bytes_(std::make_shared<std::atomic<uint64_t>>(0)) {}

  // For an update of so many bytes. Null when there is no room; alone in the room every update has.
  Place Take(size_t bytes);

  // Of the updates in the room.
  uint64_t bytes() const { return *bytes_; }

  uint64_t most_bytes() const { return most_bytes_; }

 private:
  const uint64_t most_bytes_;
  const std::shared_ptr<std::atomic<uint64_t>> bytes_;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_ADMISSION_UPDATE_ROOM_H_
