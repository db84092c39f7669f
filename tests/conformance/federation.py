"""The calls of seedfed.v1.Federation, repeated as docs/protocol.md, "Calls", says."""

import pathlib
import random
import subprocess
import sys
import tempfile
import time

import grpc

PROTO = pathlib.Path(__file__).resolve().parents[2] / "proto"


def _generate_messages():
    """Runs protoc on the two .proto files and imports what it wrote."""
    with tempfile.TemporaryDirectory() as folder:
        files = sorted(str(path) for path in (PROTO / "seedfed" / "v1").glob("*.proto"))
        subprocess.run(["protoc", f"--proto_path={PROTO}", f"--python_out={folder}", *files],
                       check=True)
        sys.path.insert(0, folder)
        try:
            from seedfed.v1 import federation_pb2
        finally:
            sys.path.remove(folder)
    return federation_pb2


messages = _generate_messages()

ANY_MESSAGE_SIZE = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
REPEAT = {
    grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.ABORTED
}
JOIN_AGAIN = {grpc.StatusCode.FAILED_PRECONDITION, grpc.StatusCode.NOT_FOUND}
CALL_SECONDS = 30


class MustJoin(Exception):
    """The server no longer knows this member."""


class Federation:
    """A member's side of the calls. `give_up`: seconds for which a failing call is repeated."""
    def __init__(self, server, give_up):
        self._channel = grpc.insecure_channel(server, options=ANY_MESSAGE_SIZE)
        self._give_up = give_up
        self.joined = None

    def join(self, client_id, role):
        request = messages.JoinRequest(client_id=client_id,
                                       role=role,
                                       protocol=2,
                                       software="seedfed conformance")
        self.joined = self._unary("Join", request, messages.JoinResponse)
        return self.joined

    def await_round(self, have_round):
        request = messages.AwaitRoundRequest(have_round=have_round, **self._member())
        return self._unary("AwaitRound", request, messages.AwaitRoundResponse,
                           self.joined.poll_ms / 1000)

    def confirm_end(self):
        """Tells the server that this client knows the end. One that is gone need not know."""
        request = messages.AwaitRoundRequest(knows_end=True, **self._member())
        try:
            self._call("AwaitRound", request, messages.AwaitRoundResponse)(request, timeout=5)
        except grpc.RpcError:
            pass

    def submit(self, **update):
        """The outcome; None when another update of this client counts for the round already."""
        request = messages.SubmitUpdateRequest(**update, **self._member())
        try:
            return self._unary("SubmitUpdate", request, messages.SubmitUpdateResponse).outcome
        except grpc.RpcError as error:
            if error.code() == grpc.StatusCode.ALREADY_EXISTS:
                return None
            raise

    def fetch_snapshot(self):
        call = self._channel.unary_stream("/seedfed.v1.Federation/FetchSnapshot",
                                          messages.FetchSnapshotRequest.SerializeToString,
                                          messages.SnapshotChunk.FromString)

        def all_chunks(request, timeout):
            chunks = list(call(request, timeout=timeout))
            data = b"".join(chunk.data for chunk in chunks)
            if not chunks or len(data) != chunks[0].total_bytes:
                raise ValueError(
                    f"the snapshot's chunks hold {len(data)} bytes, not the announced number")
            return data

        return self._repeat(all_chunks, messages.FetchSnapshotRequest(**self._member()),
                            CALL_SECONDS)

    def _member(self):
        return {
            "federation_id": self.joined.federation_id,
            "client_number": self.joined.client_number
        }

    def _unary(self, name, request, response, held_seconds=0.0):
        call = self._call(name, request, response)
        return self._repeat(call, request, held_seconds + CALL_SECONDS)

    def _call(self, name, request, response):
        return self._channel.unary_unary(f"/seedfed.v1.Federation/{name}",
                                         type(request).SerializeToString, response.FromString)

    def _repeat(self, call, request, timeout):
        started, delay = time.monotonic(), 0.1
        while True:
            try:
                return call(request, timeout=timeout)
            except grpc.RpcError as error:
                if error.code() in JOIN_AGAIN and not isinstance(request, messages.JoinRequest):
                    raise MustJoin(error.details()) from error
                if error.code() not in REPEAT or time.monotonic() - started > self._give_up:
                    raise
            time.sleep(delay * random.uniform(0.5, 1))
            delay = min(2 * delay, 10)
