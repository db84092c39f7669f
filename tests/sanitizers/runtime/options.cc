// What every program of a sanitizer's build is run with, unless the environment says otherwise
// (ASAN_OPTIONS, UBSAN_OPTIONS, TSAN_OPTIONS). The exit status of a finding is none that the
// programs have themselves.

extern "C" {

const char* __asan_default_options();
const char* __asan_default_options() {
  return "halt_on_error=1:exitcode=66:detect_leaks=1:detect_stack_use_after_return=1:strict_string_"
         "checks=1:"
         "check_initialization_order=1";
}

const char* __ubsan_default_options();
const char* __ubsan_default_options() { return "halt_on_error=1:print_stacktrace=1"; }

// ignore_noninstrumented_modules: gRPC, Abseil, protobuf and the other libraries of Debian are
// built without the sanitizer; what they do to memory by way of the C library is not held against
// us. What their mutexes order is seen.
const char* __tsan_default_options();
const char* __tsan_default_options() {
  return "halt_on_error=1:exitcode=66:second_deadlock_stack=1:ignore_noninstrumented_modules=1:"
         "suppressions=" SEEDFED_TSAN_SUPPRESSIONS;
}
}
