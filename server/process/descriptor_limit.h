#ifndef SEEDFED_SERVER_PROCESS_DESCRIPTOR_LIMIT_H_
#define SEEDFED_SERVER_PROCESS_DESCRIPTOR_LIMIT_H_

#include <cstdint>

namespace seedfed {

// Lets this process open up to `wanted` files, as far as its hard limit allows. Returns how many it
// may open.
uint64_t RaiseDescriptorLimit(uint64_t wanted);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_PROCESS_DESCRIPTOR_LIMIT_H_
