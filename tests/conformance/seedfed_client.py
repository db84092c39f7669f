"""A client of a seedfed federation, written from docs/protocol.md, docs/formats.md and proto/ only.

Takes part until the federation is finished and prints one line per round. Exit status: 0 finished;
1 the server's fingerprint, base checksum or words are not what the documents say, or the server
cannot be reached.
"""

import argparse
import pathlib
import sys

import grpc

import federation
import model
import train
import words

messages = federation.messages


class Mismatch(Exception):
    """The server and this client do not agree."""


def spec_of(message):
    layers = tuple(model.Layer(layer.rows, layer.cols, layer.tile) for layer in message.layers)
    return model.Spec(layers, message.codec, message.mode, message.phase_bits, message.gain)


def check(name, round_number, ours, theirs):
    if ours != theirs:
        raise Mismatch(
            f"the {name} after round {round_number} is {ours.hex()} here "
            f"and {theirs.hex()} at the server"
        )


class Client:
    def __init__(self, options):
        self.options = options
        self.calls = federation.Federation(options.server, options.give_up)
        self.evaluate = options.evaluate
        self.images = self.labels = None
        self.state = None
        self.federation_id = b""
        self.report = {}  # round -> what this client did in it

    def join(self):
        role = messages.ROLE_EVALUATE if self.evaluate else messages.ROLE_TRAIN
        joined = self.calls.join(self.options.id, role)
        if joined.federation_id != self.federation_id or joined.round < self.state.round:
            self.federation_id = joined.federation_id
            self.state = model.Model.initial(spec_of(joined.model), joined.key)
            self.report.clear()
            if not self.evaluate:
                self.images, self.labels = train.load(self.options.data)
                if joined.HasField("shard"):
                    self.images, self.labels = train.shard(self.images, self.labels, joined.shard,
                                                           joined.key)

    def run(self):
        self.join()
        trained = 0
        latest = self.calls.joined
        while True:
            try:
                finished = latest.state == messages.FEDERATION_STATE_FINISHED
                if finished and self.state.round == latest.round:
                    self.calls.confirm_end()
                    return
                open_round = self.state.round + 1
                if (not self.evaluate and self.state.round == latest.round and trained < open_round
                        and self.takes_part(open_round)):
                    self.train(open_round)
                    trained = open_round
                latest = self.calls.await_round(self.state.round)
                if latest.snapshot:
                    self.take_snapshot()
                for result in latest.results:
                    self.merge(result)
            except federation.MustJoin:
                self.join()
                latest, trained = self.calls.joined, min(trained, self.state.round)

    def takes_part(self, open_round):
        joined = self.calls.joined
        return train.takes_part(joined.key, joined.training.participation, open_round,
                                joined.client_number)

    def train(self, open_round):
        joined = self.calls.joined
        coordinates, loss, examples = train.train(self.state, joined.training, self.images,
                                                  self.labels, joined.client_number)
        data = self.state.encode(coordinates, open_round, "dither-up", joined.client_number)
        outcome = self.calls.submit(round=open_round, examples=examples, words=data, loss=loss)
        accepted = outcome == messages.SubmitUpdateResponse.OUTCOME_ACCEPTED
        self.report[
            open_round] = f"loss {loss:.4f}, update {'accepted' if accepted else 'not counted'}"

    def merge(self, result):
        if result.round != self.state.round + 1:
            raise Mismatch(f"the server sent round {result.round} after round {self.state.round}")
        self.state.apply(result.words)
        check("fingerprint", result.round, self.state.fingerprint, result.fingerprint)
        check("base checksum", result.round, self.state.base_checksum(), result.base_checksum)
        done = self.report.pop(result.round, "only followed")
        if result.HasField("stats"):
            done = f"loss {result.stats.training_loss:.4f} in {result.stats.updates} updates"
        print(
            f"round {result.round}: {done}, fingerprint {result.fingerprint.hex()[:16]}, "
            "checksum agrees",
            flush=True)

    def take_snapshot(self):
        data = self.calls.fetch_snapshot()
        self.state = model.Model.from_snapshot(self.state.spec, self.state.key, data)
        print(
            f"round {self.state.round}: snapshot, fingerprint {self.state.fingerprint.hex()[:16]}",
            flush=True)


def main():
    parser = argparse.ArgumentParser(description="A trainer of a seedfed federation.")
    parser.add_argument("--server", required=True, metavar="HOST:PORT")
    parser.add_argument("--id", required=True, help="1 to 64 of A-Z a-z 0-9 . _ -")
    parser.add_argument("--data", metavar="DIR", help="folder of the IDX files train-*")
    parser.add_argument("--evaluate",
                        action="store_true",
                        help="only follow the rounds, do not train")
    parser.add_argument("--write-snapshot",
                        metavar="FILE",
                        help="at the end, write the model there")
    parser.add_argument("--give-up",
                        type=float,
                        default=60,
                        metavar="SECONDS",
                        help="end when a call failed for so long (default: 60)")
    options = parser.parse_args()
    if not options.evaluate and not options.data:
        parser.error("--data is needed, except with --evaluate")
    try:
        client = Client(options)
        client.run()
        if options.write_snapshot:
            pathlib.Path(options.write_snapshot).write_bytes(client.state.snapshot())
    except (Mismatch, words.InvalidWords, ValueError, OSError) as error:
        print(f"seedfed_client.py: {error}.", file=sys.stderr)
        return 1
    except grpc.RpcError as error:
        print(f"seedfed_client.py: {error.code().name}: {error.details()}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
