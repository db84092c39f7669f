"""The model: layout, rotation codes, base, merge, fingerprint, snapshot.

docs/formats.md, "Model", "Rotation codes and phases" and "Model state".
"""

import hashlib
import math
import struct
from dataclasses import dataclass, field

import numpy as np
import xxhash

import fixed
import philox
import words

ENSEMBLE, SINGLE, DENSE = 1, 2, 3
ROLLING, PURE = 1, 2

_COS = {
    2: [11585, -11585, -11585, 11585],
    4: [
        16069, 13623, 9102, 3196, -3196, -9102, -13623, -16069, -16069, -13623, -9102, -3196, 3196,
        9102, 13623, 16069
    ],
}
_SIN = {
    2: [11585, 11585, -11585, -11585],
    4: [
        3196, 9102, 13623, 16069, 16069, 13623, 9102, 3196, -3196, -9102, -13623, -16069, -16069,
        -13623, -9102, -3196
    ],
}
PHASE_ONE = 2**14  # cosines and sines are Q1.14


def phase_numbers(codes, positions, bits):
    """The phase numbers of the first positions of the tiles with these codes, a row per code."""
    blocks = np.arange(-(-positions * bits // 128))
    lanes = philox.philox(blocks[np.newaxis, :], 0, 0, 0, np.asarray(codes)[:, np.newaxis], 0)
    shifts = np.arange(0, 32, bits, dtype=np.uint32)
    numbers = (lanes[..., np.newaxis] >> shifts) & np.uint32(2**bits - 1)
    return numbers.reshape(len(codes), -1)[:, :positions]


@dataclass(frozen=True)
class Layer:
    rows: int
    cols: int
    tile: int

    @property
    def tile_rows(self):
        return -(-self.rows // self.tile)

    @property
    def tile_cols(self):
        return -(-self.cols // self.tile)

    @property
    def tiles(self):
        return self.tile_rows * self.tile_cols

    def spread(self, per_tile):
        """One value per tile, laid out as one value per weight."""
        grid = np.asarray(per_tile).reshape(self.tile_rows, self.tile_cols)
        return grid.repeat(self.tile, axis=0).repeat(self.tile, axis=1)[:self.rows, :self.cols]

    def gather(self, per_weight):
        """The sum of each tile's weights."""
        by_rows = np.add.reduceat(per_weight, np.arange(0, self.rows, self.tile), axis=0)
        return np.add.reduceat(by_rows, np.arange(0, self.cols, self.tile), axis=1).reshape(-1)


@dataclass(frozen=True)
class Spec:
    layers: tuple
    codec: int
    mode: int
    phase_bits: int
    gain: float

    def spec_bytes(self):
        head = struct.pack("<IIIIdI", 1, self.codec, self.mode, self.phase_bits, self.gain,
                           len(self.layers))
        return head + b"".join(struct.pack("<III", *(l.rows, l.cols, l.tile)) for l in self.layers)

    def layer_gain(self, l):
        return self.gain / math.sqrt(self.layers[l].cols)

    def unit(self, l):
        return self.layer_gain(l) * 2.0**-24

    def layer_bytes(self, l):
        layer = self.layers[l]
        return {
            ENSEMBLE: 16 * words.ensemble_words(layer.tiles),
            SINGLE: 16 * layer.tiles,
            DENSE: 4 * layer.rows * layer.cols
        }[self.codec]

    def update_bytes(self):
        return sum(self.layer_bytes(l) for l in range(len(self.layers)))


@dataclass
class Model:
    """The model after `round`.

    `base` is one int64 array per layer; `points` are the decoded words, in pure mode only.
    """

    spec: Spec
    key: bytes
    round: int = 0
    base: list = field(default_factory=list)
    points: list = field(default_factory=list)
    words: bytes = b""  # pure mode: the words of the round
    fingerprint: bytes = b""

    @classmethod
    def initial(cls, spec, key):
        model = cls(spec, key)
        base_key = philox.sub_key(key, "base")
        if spec.mode == PURE:
            radius = min(int(np.rint(2 / spec.gain * 2.0**30)), words.SINGLE_RADIUS_LIMIT)
            for l, layer in enumerate(spec.layers):
                turns = philox.indexed(layer.tiles, l, 1, 0, base_key)
                u, v = fixed.to_cartesian(np.full(layer.tiles, radius), turns)
                model.words += words.encode_single(u, v, model.codes(l, 0))
            model._set_pure(model.words)
        else:
            amplitude = min(int(np.rint(2.449489742783178 / spec.gain * 2.0**24)), 2**31 - 1)
            for l, layer in enumerate(spec.layers):
                x = philox.indexed(layer.rows * layer.cols, l, 0, 0, base_key).astype(np.uint64)
                scaled = ((x * np.uint64(2 * amplitude + 1)) >> np.uint64(32)).astype(
                    np.int64) - amplitude
                weights = scaled.reshape(layer.rows, layer.cols)
                weights[:, -1] = 0
                model.base.append(weights)
        base_hash = hashlib.blake2b(model._base_bytes(), digest_size=16).digest()
        content = b"seedfed.v1.model" + spec.spec_bytes() + base_hash
        model.fingerprint = hashlib.blake2b(content, digest_size=32).digest()
        return model

    @classmethod
    def from_snapshot(cls, spec, key, data):
        head, spec_bytes = struct.Struct("<8sII32s"), spec.spec_bytes()
        start = head.size + len(spec_bytes)
        if len(data) < start + 16 or hashlib.blake2b(data[:-16],
                                                     digest_size=16).digest() != data[-16:]:
            raise words.InvalidWords("the snapshot is cut short or its checksum is wrong")
        magic, version, round_number, fingerprint = head.unpack_from(data)
        if magic != b"SEEDSNAP" or version != 1 or data[head.size:start] != spec_bytes:
            raise words.InvalidWords("the snapshot is of another format, version or model")
        body = data[start:-16]
        model = cls(spec, key, round_number, fingerprint=fingerprint)
        if spec.mode == PURE:
            model._set_pure(body)
            return model
        sizes = [layer.rows * layer.cols for layer in spec.layers]
        if len(body) != 4 * sum(sizes):
            raise words.InvalidWords(
                f"the snapshot holds {len(body)} bytes of weights, not {4 * sum(sizes)}")
        parts = np.split(np.frombuffer(body, dtype="<i4").astype(np.int64), np.cumsum(sizes)[:-1])
        model.base = [part.reshape(l.rows, l.cols) for part, l in zip(parts, spec.layers)]
        return model

    def snapshot(self):
        body = self.words if self.spec.mode == PURE else self._base_bytes()
        content = (struct.pack("<8sII32s", b"SEEDSNAP", 1, self.round, self.fingerprint) +
                   self.spec.spec_bytes() + body)
        return content + hashlib.blake2b(content, digest_size=16).digest()

    def codes(self, l, round_number):
        """The rotation codes of a layer's tiles in a round."""
        n = 0 if self.spec.mode == PURE else round_number
        return philox.indexed(self.spec.layers[l].tiles, l, n, 0, philox.sub_key(
            self.key, "codes")) >> np.uint32(12)

    def phases(self, l, round_number):
        """Cosine and sine of every weight of a layer, Q1.14, as int64."""
        layer, bits = self.spec.layers[l], self.spec.phase_bits
        numbers = phase_numbers(self.codes(l, round_number), layer.tile**2, bits)
        grid = numbers.reshape(layer.tile_rows, layer.tile_cols, layer.tile,
                               layer.tile).transpose(0, 2, 1, 3)
        grid = grid.reshape(layer.tile_rows * layer.tile, -1)[:layer.rows, :layer.cols]
        return np.array(_COS[bits])[grid], np.array(_SIN[bits])[grid]

    def decode(self, data, round_number):
        """Per layer: (u, v), or with dense the changes of the weights in units."""
        if len(data) != self.spec.update_bytes():
            raise words.InvalidWords(
                f"{len(data)} bytes of words, expected {self.spec.update_bytes()}")
        decoded, start = [], 0
        for l, layer in enumerate(self.spec.layers):
            part = data[start:start + self.spec.layer_bytes(l)]
            start += len(part)
            if self.spec.codec == ENSEMBLE:
                decoded.append(words.decode_ensemble(part, layer.tiles))
            elif self.spec.codec == SINGLE:
                decoded.append(words.decode_single(part, self.codes(l, round_number)))
            else:
                decoded.append(
                    words.decode_dense(part, self.spec.unit(l)).reshape(layer.rows, layer.cols))
        return decoded

    def encode(self, coordinates, round_number, purpose, stream):
        """The words of an update; `coordinates` as decode() returns them."""
        out = []
        for l, values in enumerate(coordinates):
            if self.spec.codec == ENSEMBLE:
                key = philox.sub_key(self.key, purpose)
                out.append(
                    words.encode_ensemble(
                        *values, *words.dither(len(values[0]), l, round_number, stream, key)))
            elif self.spec.codec == SINGLE:
                out.append(words.encode_single(*values, self.codes(l, round_number)))
            else:
                out.append(words.encode_dense(values, self.spec.unit(l)))
        return b"".join(out)

    def apply(self, data):
        """Makes this the model after the next round, whose averaged words are `data`."""
        round_number = self.round + 1
        if self.spec.mode == PURE:
            self._set_pure(data)
        else:
            self.base = self._merged(self.base, self.decode(data, round_number), round_number)
        self.round = round_number
        content = self.fingerprint + struct.pack("<I", round_number) + data
        self.fingerprint = hashlib.blake2b(content, digest_size=32).digest()

    def base_checksum(self):
        return xxhash.xxh3_128(self._base_bytes()).digest()

    def _base_bytes(self):
        return b"".join(weights.astype("<i4").tobytes() for weights in self.base)

    def _set_pure(self, data):
        self.points = self.decode(data, 0)
        self.words = data
        zero = [np.zeros((layer.rows, layer.cols), dtype=np.int64) for layer in self.spec.layers]
        self.base = self._merged(zero, self.points, 0)

    def _merged(self, base, decoded, round_number):
        merged = []
        for l, (weights, change) in enumerate(zip(base, decoded)):
            if self.spec.codec != DENSE:
                layer, (cos, sin) = self.spec.layers[l], self.phases(l, round_number)
                change = fixed.round_shift(
                    layer.spread(change[0]) * cos + layer.spread(change[1]) * sin, 20)
            merged.append(fixed.saturate32(weights + change))
        return merged
