#ifndef SEEDFED_SERVER_PROCESS_GRPC_LOG_H_
#define SEEDFED_SERVER_PROCESS_GRPC_LOG_H_

namespace seedfed {

// From now on gRPC's own messages go to our log, at level debug: they repeat what strangers send,
// byte for byte, and anybody can cause any number of them. Thread-safe.
void TakeOverGrpcLog();

}  // namespace seedfed

#endif  // SEEDFED_SERVER_PROCESS_GRPC_LOG_H_
