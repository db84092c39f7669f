#ifndef SEEDFED_COMMON_BASE_VERSION_H_
#define SEEDFED_COMMON_BASE_VERSION_H_

namespace seedfed {

// The version of this software, such as "1.2.0".
const char* Version();

}  // namespace seedfed

#endif  // SEEDFED_COMMON_BASE_VERSION_H_
