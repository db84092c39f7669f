"""Fixed-point rounding and CORDIC over int64 arrays. docs/formats.md, "Notation" and "CORDIC"."""

import numpy as np

ANGLE = [
    85076163258429574,
    44951908161305065,
    22818290470345122,
    11453424468330927,
    5732295643252264,
    2866847280169571,
    1433511120421931,
    716766496754739,
    358384615492275,
    179192478636968,
    89596260679883,
    44798133010118,
    22399066838831,
    11199533461137,
    5599766735784,
    2799883368544,
    1399941684353,
    699970842187,
    349985421095,
    174992710548,
    87496355274,
    43748177637,
    21874088818,
    10937044409,
    5468522205,
    2734261102,
    1367130551,
    683565276,
    341782638,
    170891319,
    85445659,
    42722830,
    21361415,
    10680707,
    5340354,
    2670177,
    1335088,
    667544,
    333772,
    166886,
]
GAIN_HIGH = 1844227467
GAIN_LOW = 502287803


def round_shift(x, bits):
    """RHE(x / 2^bits): to nearest, ties to even; int64, `bits` from 1 to 62."""
    x, bits = np.asarray(x, dtype=np.int64), np.asarray(bits, dtype=np.int64)
    below = x >> bits
    rest = x - (below << bits)
    half = np.int64(1) << (bits - 1)
    return below + ((rest > half) | ((rest == half) & (below & 1 == 1)))


def round_divide(x, divisor):
    """RHE(x / divisor) for a divisor above 0."""
    x = np.asarray(x, dtype=np.int64)
    below = x // divisor
    twice = 2 * (x - below * divisor)
    return below + ((twice > divisor) | ((twice == divisor) & (below & 1 == 1)))


def saturate32(x):
    return np.clip(x, -2**31, 2**31 - 1)


def _scale(q):
    return (q * GAIN_HIGH + ((q * GAIN_LOW) >> 31)) >> 4


def _quarter_turns(x, y, n):
    n = n % 4
    return (np.select([n == 0, n == 1, n == 2], [x, -y, -x],
                      y), np.select([n == 0, n == 1, n == 2], [y, x, -y], -x))


def to_cartesian(r, turns):
    """r: Q2.30, below 2^31; turns: Q0.32. Returns x, y in Q1.30."""
    r, turns = np.asarray(r, dtype=np.int64), np.asarray(turns, dtype=np.int64)
    n = ((turns + 2**29) % 2**32) >> 30
    rest = (turns - (n << 30)) % 2**32
    rest = np.where(rest >= 2**31, rest - 2**32, rest) << 28
    x, y = _quarter_turns(_scale(r), np.zeros_like(r), n)
    for i, angle in enumerate(ANGLE, start=1):
        sign = np.where(rest >= 0, 1, -1)
        x, y = x - sign * (y >> i), y + sign * (x >> i)
        rest = rest - sign * angle
    return saturate32(round_shift(x, 27)), saturate32(round_shift(y, 27))


def to_polar(x, y):
    """x, y: Q1.30, 32 bits each. Returns r in Q2.30 and the angle in Q0.32 turns."""
    x, y = np.asarray(x, dtype=np.int64), np.asarray(y, dtype=np.int64)
    largest = np.maximum(abs(x), abs(y))
    zero = largest == 0
    n = np.where(abs(y) > abs(x), np.where(y > 0, 1, 3), np.where(x < 0, 2, 0))
    x, y = _quarter_turns(x, y, 4 - n)
    # frexp's exponent is the number of bits, exact below 2^53.
    s = 32 - np.frexp(np.where(zero, 1, largest).astype(np.float64))[1].astype(np.int64)
    x, y = _scale(x << s), _scale(y << s)
    a = np.zeros_like(x)
    for i, angle in enumerate(ANGLE, start=1):
        sign = np.where(y >= 0, 1, -1)
        x, y = x + sign * (y >> i), y - sign * (x >> i)
        a = a + sign * angle
    r = round_shift(x, 27 + s)
    turns = (round_shift(a, 28) + (n << 30)) % 2**32
    return np.where(zero, 0, r), np.where(zero, 0, turns)
