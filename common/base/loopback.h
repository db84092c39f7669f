#ifndef SEEDFED_COMMON_BASE_LOOPBACK_H_
#define SEEDFED_COMMON_BASE_LOOPBACK_H_

#include <string>

namespace seedfed {

// Whether `host` is "localhost" or an address of the loopback interface, an IPv6 one without
// brackets; false for any other name. Asks nobody.
bool IsLoopbackHost(const std::string& host);

}  // namespace seedfed

#endif  // SEEDFED_COMMON_BASE_LOOPBACK_H_
