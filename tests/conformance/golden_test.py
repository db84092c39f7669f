"""Checks this client's arithmetic against every value in the `golden` blocks of docs/formats.md."""

import pathlib
import re
import struct
import unittest

import numpy as np

import fixed
import model
import philox
import train
import words

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "formats.md"
KEY = bytes(range(16))
SPECS = {
    "ensemble":
        model.Spec((model.Layer(13, 21, 4), model.Layer(5, 14, 4)), model.ENSEMBLE, model.ROLLING,
                   2, 8.0),
    "single":
        model.Spec((model.Layer(3, 7, 4),), model.SINGLE, model.ROLLING, 4, 8.0),
    "pure":
        model.Spec((model.Layer(3, 7, 4),), model.SINGLE, model.PURE, 4, 8.0),
    "dense":
        model.Spec((model.Layer(3, 7, 4),), model.DENSE, model.ROLLING, 4, 8.0),
}


def read_page():
    """name -> value of every line of every golden block."""
    values = {}
    for block in re.findall(r"```golden\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S):
        for line in block.splitlines():
            name, value = line.split(" = ")
            assert name not in values, f"docs/formats.md gives {name} twice"
            values[name] = value
    return values


def hex_words(numbers):
    return " ".join(f"{int(n):08x}" for n in numbers)


def points_text(u, v):
    return " ".join(f"{int(a)},{int(b)}" for a, b in zip(np.atleast_1d(u), np.atleast_1d(v)))


def mean(pairs):
    """RHE of the weighted mean of (coordinate, weight) pairs."""
    return str(int(fixed.round_divide(sum(c * w for c, w in pairs), sum(w for _, w in pairs))))


def basics():
    yield "key.decimal_258", philox.key_from_text("258").hex()
    for purpose in ("base", "codes", "dither-up", "dither-down", "sampling", "sharding", "cohort"):
        yield f"subkey.{purpose}", hex_words(philox.sub_key(KEY, purpose))
    yield "cohort.round3_quarter", " ".join(str(c) for c in range(40) if train.takes_part(KEY, 0.25, 3, c))
    ones = [0xFFFFFFFF] * 6
    pi = [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344, 0xA4093822, 0x299F31D0]
    for name, arguments in (("zero", [0] * 6), ("ones", ones), ("pi", pi)):
        yield f"philox.{name}", hex_words(philox.philox(*arguments))

    def stream():
        return philox.Stream((1, 2), 3, 4, 5)

    numbers = stream()
    yield "stream.next", hex_words(numbers.next() for _ in range(5))
    numbers = stream()
    yield "stream.below_3000000000", " ".join(str(numbers.below(3000000000)) for _ in range(4))
    yield "stream.permutation_12", " ".join(map(str, stream().permutation(12)))
    for name, spec in SPECS.items():
        yield f"{name}.spec", spec.spec_bytes().hex()
    codes = philox.indexed(6, 1, 3, 0, philox.sub_key(KEY, "codes")) >> 12
    yield "codes.round3_layer1", " ".join(f"{c:05x}" for c in codes)
    for bits in (2, 4):
        yield f"phases.{bits}bits", "".join(
            f"{q:x}" for q in model.phase_numbers([0xABCDE], 64, bits)[0])
    yield "mean.of_7_with_1_and_minus_2_with_3", mean([(7, 1), (-2, 3)])
    yield "mean.of_3_with_1_and_minus_2_with_1", mean([(3, 1), (-2, 1)])
    yield "mean.of_minus_3_with_1_and_0_with_1", mean([(-3, 1), (0, 1)])
    yield "dense.unit_6_3", struct.pack(">d", SPECS["dense"].unit(0)).hex()
    polar = np.array([(2**29, 0x12345678), (2**30 - 64, 2**29), (1000, 0xFEDCBA98)])
    yield "cordic.to_cartesian", points_text(*fixed.to_cartesian(*polar.T))
    cartesian = np.array([(-3, 7), (123456789, -987654321), (-2**31, -2**31)])
    yield "cordic.to_polar", points_text(*fixed.to_polar(*cartesian.T))


def single_words(page):
    code = np.array([0xABCDE])
    lower = np.array([(-0.125, 0.75)], dtype=[("theta", "<f4"), ("r", "<f4")])
    data = struct.pack("<Q", int(words.single_high(np.array([0.75]), np.array([-0.125]),
                                                   code)[0])) + lower.tobytes()
    yield "single.word", data.hex()
    yield "single.point", points_text(
        *words.decode_single(bytes.fromhex(page["single.word"]), code))
    code = np.array([0x12345])
    data = words.encode_single(np.array([123456789]), np.array([-987654321]), code)
    yield "single.word_of_point", data.hex()
    yield "single.point_of_word", points_text(*words.decode_single(data, code))


def mean_of_round(spec, n):
    """The coordinates the page's examples use as the mean of round n."""
    count = sum(l.rows * l.cols if spec.codec == model.DENSE else 2 * l.tiles for l in spec.layers)
    lanes = philox.philox(np.arange(count), n, 0, 0, 1, 2)[:, 0]
    rest = lanes.view(np.int32).astype(np.int64) >> 2
    coordinates = []
    for layer in spec.layers:
        size = layer.rows * layer.cols if spec.codec == model.DENSE else 2 * layer.tiles
        part, rest = rest[:size], rest[size:]
        coordinates.append(part if spec.codec == model.DENSE else (part[0::2], part[1::2]))
    return coordinates


def rounds(name):
    spec = SPECS[name]
    state = model.Model.initial(spec, KEY)
    yield f"{name}.base0_first4", " ".join(map(str, state.base[0].reshape(-1)[:4]))
    if spec.mode == model.PURE:
        yield f"{name}.words0", state.words.hex()
    yield f"{name}.base_checksum0", state.base_checksum().hex()
    yield f"{name}.fingerprint0", state.fingerprint.hex()
    if spec.codec == model.ENSEMBLE:
        yield f"{name}.words_up", state.encode(mean_of_round(spec, 1), 1, "dither-up", 5).hex()
    for n in (1, 2):
        data = state.encode(mean_of_round(spec, n), n, "dither-down", 0)
        yield f"{name}.words{n}", data.hex()
        state.apply(data)
        yield f"{name}.base_checksum{n}", state.base_checksum().hex()
        yield f"{name}.fingerprint{n}", state.fingerprint.hex()
    yield f"{name}.base2_first4", " ".join(map(str, state.base[0].reshape(-1)[:4]))
    snapshot = state.snapshot()
    if spec.mode == model.PURE:
        yield f"{name}.snapshot", snapshot.hex()
    else:
        yield f"{name}.snapshot_bytes", str(len(snapshot))
        yield f"{name}.snapshot_checksum", snapshot[-16:].hex()


def ensemble_words(page):
    data = bytes.fromhex(page["ensemble.word"])
    yield "ensemble.word", data.hex()
    yield "ensemble.points", points_text(*words.decode_ensemble(data, words.SUB_SEEDS))


class GoldenTest(unittest.TestCase):
    maxDiff = None

    def test_every_golden_value_of_the_page(self):
        page = read_page()
        sources = [
            basics(),
            ensemble_words(page),
            single_words(page), *(rounds(name) for name in SPECS)
        ]
        computed = {name: value for source in sources for name, value in source}
        for name, value in computed.items():
            with self.subTest(name):
                self.assertEqual(value, page[name])
        self.assertEqual(sorted(computed), sorted(page))

    def test_a_snapshot_is_read_back(self):
        for name, spec in SPECS.items():
            with self.subTest(name):
                state = model.Model.initial(spec, KEY)
                state.apply(state.encode(mean_of_round(spec, 1), 1, "dither-down", 0))
                copy = model.Model.from_snapshot(spec, KEY, state.snapshot())
                self.assertEqual((copy.round, copy.fingerprint), (1, state.fingerprint))
                self.assertEqual(copy.base_checksum(), state.base_checksum())
                damaged = bytearray(state.snapshot())
                damaged[60] ^= 1
                with self.assertRaises(words.InvalidWords):
                    model.Model.from_snapshot(spec, KEY, bytes(damaged))


if __name__ == "__main__":
    unittest.main()
