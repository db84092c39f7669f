#ifndef SEEDFED_SERVER_CONFIG_TOML_TEXT_H_
#define SEEDFED_SERVER_CONFIG_TOML_TEXT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace seedfed {

// The line, counted from 1, of the first byte that is not ASCII and neither in a string nor in a
// comment, where TOML allows none; a byte order mark at the start does not count. Nothing after a
// quote that may not begin a string counts as one: three quotes that do not follow an equals sign,
// or a quote in the middle of something else, such as a number. What a backslash escapes in a
// string is not in it. For such text toml++ 3.3 runs into code that it declares unreachable, which
// is undefined behaviour.
std::optional<size_t> LineOfForeignByte(std::string_view toml);

// The same text, byte order mark aside, with '?' for every byte that is not ASCII: no key, number
// or escape has one. So it is TOML only if what it stands for is in strings and comments, surely:
// LineOfForeignByte has the better sentence, but guesses in broken text.
std::string WithoutForeignBytes(std::string_view toml);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_CONFIG_TOML_TEXT_H_
