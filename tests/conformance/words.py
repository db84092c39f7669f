"""The three codecs: words to points and back, over all tiles of a layer. docs/formats.md, "Words".

Points are two int64 arrays u, v in Q1.30, one element per tile.
"""

import numpy as np

import fixed
import philox

SUB_SEEDS = 15
LIMIT = 2**30  # the size of every coordinate
SINGLE_RADIUS_LIMIT = 2**30 - 2**6  # the largest radius whose binary32 is below 1

_QUARTER = [
    1073741824, 1053110176, 992008094, 892783698, 759250125, 596538995, 410903207, 209476638
]
COS32 = np.array(_QUARTER + [0] + [-c for c in _QUARTER[:0:-1]] + [-c for c in _QUARTER] + [0] +
                 _QUARTER[:0:-1])
SIN32 = COS32[(np.arange(32) + 24) % 32]
SCALE = np.array(
    [1073741824, 984625594, 902905651, 827968132, 759250125, 696235434, 638450708, 585461881])


class InvalidWords(ValueError):
    """Words that are no valid update of the model."""


def ensemble_words(tiles):
    return -(-tiles // SUB_SEEDS)


def decode_ensemble(data, tiles):
    words = np.frombuffer(data, dtype=np.uint8).reshape(-1, 16).astype(np.int64)
    e = words[:, :1]
    a, k = words[:, 1:] >> 5, words[:, 1:] & 31
    factor, shift = SCALE[e % 8], 30 + e // 8
    u = fixed.round_shift(fixed.round_divide(a * COS32[k], 7) * factor, shift)
    v = fixed.round_shift(fixed.round_divide(a * SIN32[k], 7) * factor, shift)
    return u.reshape(-1)[:tiles], v.reshape(-1)[:tiles]


def dither(tiles, layer, round_number, stream, key):
    """The rounding numbers dtheta, dr of all tiles of a layer, u32 each."""
    numbers = philox.indexed(2 * tiles, layer, round_number, stream, key).astype(np.int64)
    return numbers[0::2], numbers[1::2]


def encode_ensemble(u, v, dtheta, dr):
    tiles = len(u)
    count = ensemble_words(tiles)
    spare = count * SUB_SEEDS - tiles
    u, v, dtheta, dr = (
        np.pad(values, (0, spare)).reshape(count, SUB_SEEDS) for values in (u, v, dtheta, dr))
    r, theta = fixed.to_polar(u, v)
    r = np.minimum(r, LIMIT)
    exponents = np.arange(256)
    fits = r.max(axis=1, keepdims=True) << (exponents // 8) <= SCALE[exponents % 8]
    e = (255 - np.argmax(fits[:, ::-1], axis=1))[:, np.newaxis]
    a = (((r << (e // 8)) * (7 << 16)) // SCALE[e % 8] + (dr >> 16)) >> 16
    k = ((theta + (dtheta >> 5)) % 2**32) >> 27
    sub_seeds = (a << 5) | k
    sub_seeds.reshape(-1)[tiles:] = 0
    return np.concatenate([e, sub_seeds], axis=1).astype(np.uint8).tobytes()


def single_high(r, theta, codes):
    """The hi halves that follow from the lo halves; r, theta in binary64."""
    packed_r = np.minimum(np.rint(r * 2.0**20), 2**20 - 1).astype(np.uint64)
    packed_theta = (np.rint(theta * 2.0**24).astype(np.int64) % 2**24).astype(np.uint64)
    return (packed_r << np.uint64(44)) | (packed_theta << np.uint64(20)) | codes.astype(np.uint64)


_SINGLE = np.dtype([("hi", "<u8"), ("theta", "<f4"), ("r", "<f4")])


def decode_single(data, codes):
    words = np.frombuffer(data, dtype=_SINGLE)
    r, theta = words["r"].astype(np.float64), words["theta"].astype(np.float64)
    if not np.all((r >= 0) & (r < 1) & (theta >= -0.5) & (theta < 0.5)):
        raise InvalidWords("a single word has r outside [0, 1) or theta outside [-0.5, 0.5)")
    if not np.array_equal(words["hi"], single_high(r, theta, codes)):
        raise InvalidWords(
            "a single word's upper half does not follow from its lower half and the tile's code")
    return fixed.to_cartesian(np.rint(r * 2.0**30),
                              np.rint(theta * 2.0**32).astype(np.int64) % 2**32)


def encode_single(u, v, codes):
    r, theta = fixed.to_polar(u, v)
    words = np.empty(len(u), dtype=_SINGLE)
    words["r"] = np.minimum(r, SINGLE_RADIUS_LIMIT) / 2.0**30
    turns = np.where(theta >= 2**31, theta - 2**32, theta) / 2.0**32
    words["theta"] = turns
    words["theta"][words["theta"] == 0.5] = -0.5
    words["hi"] = single_high(words["r"].astype(np.float64), words["theta"].astype(np.float64),
                              codes)
    return words.tobytes()


def decode_dense(data, unit):
    """Each weight's change in units of the layer."""
    quotients = np.frombuffer(data, dtype="<f4").astype(np.float64) / unit
    if not np.all(np.abs(quotients) <= LIMIT):  # also false for NaN
        raise InvalidWords(
            "a dense update has a change that is not finite or larger than 2^30 units")
    return np.rint(quotients).astype(np.int64)


def encode_dense(changes, unit):
    exact = changes * unit
    values = exact.astype("<f4")
    too_large = np.abs(values.astype(np.float64)) > LIMIT * unit
    return np.where(too_large, np.nextafter(values, np.float32(0)), values).astype("<f4").tobytes()
