#ifndef SEEDFED_COMMON_LOG_STANDARD_STREAMS_H_
#define SEEDFED_COMMON_LOG_STANDARD_STREAMS_H_

namespace seedfed {

// Makes it safe to write to standard output and standard error, whatever they are: a reader that
// has gone makes the write fail instead of ending the process, and descriptors 0 to 2 that were
// closed lead to /dev/null, so that no file or socket of ours gets their number and with it the
// log. To be called first in main, before any file is opened.
void SecureStandardStreams();

}  // namespace seedfed

#endif  // SEEDFED_COMMON_LOG_STANDARD_STREAMS_H_
