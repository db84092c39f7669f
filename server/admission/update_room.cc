#include "server/admission/update_room.h"

namespace seedfed {

UpdateRoom::Place UpdateRoom::Take(size_t bytes) {
  const uint64_t before = bytes_->fetch_add(bytes);
  if (before > 0 && before + bytes > most_bytes_) {
    bytes_->fetch_sub(bytes);
    return nullptr;
  }
  return Place(bytes_.get(), [room = bytes_, bytes](const void*) { room->fetch_sub(bytes); });
}

}  // namespace seedfed
