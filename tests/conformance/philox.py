"""Keys, sub-keys and Philox4x32-10 over arrays. docs/formats.md, "Key" and "Philox4x32-10"."""

import hashlib
import struct

import numpy as np

LOW32 = np.uint64(0xFFFFFFFF)
SHIFT32 = np.uint64(32)


def key_from_text(text):
    """The 16 bytes of a federation key: 32 hexadecimal digits, or a decimal number below 2^64."""
    if len(text) == 32:
        return bytes.fromhex(text)
    return struct.pack("<QQ", int(text), 0)


def sub_key(key, purpose):
    """The sub-key (k0, k1) of a purpose such as "base" or "dither-up"."""
    message = f"seedfed.v1.{purpose}".encode("ascii")
    return struct.unpack("<II", hashlib.blake2b(message, key=key, digest_size=16).digest()[:8])


def philox(c0, c1, c2, c3, k0, k1):
    """The lanes of the blocks with these counters and keys, numbers or arrays: uint32, last axis 4."""
    c0, c1, c2, c3, k0, k1 = np.broadcast_arrays(
        *(np.asarray(word, dtype=np.uint64) for word in (c0, c1, c2, c3, k0, k1)))
    for _ in range(10):
        p0 = np.uint64(0xD2511F53) * c0
        p1 = np.uint64(0xCD9E8D57) * c2
        c0, c1, c2, c3 = ((p1 >> SHIFT32) ^ c1 ^ k0, p1 & LOW32, (p0 >> SHIFT32) ^ c3 ^ k1,
                          p0 & LOW32)
        k0 = (k0 + np.uint64(0x9E3779B9)) & LOW32
        k1 = (k1 + np.uint64(0xBB67AE85)) & LOW32
    return np.stack([c0, c1, c2, c3], axis=-1).astype(np.uint32)


def indexed(count, c1, c2, c3, key):
    """The first `count` numbers of "lane i mod 4 of philox(i div 4, c1, c2, c3; key)", uint32."""
    blocks = philox(np.arange((count + 3) // 4), c1, c2, c3, *key)
    return blocks.reshape(-1)[:count]


class Stream:
    """A stream of numbers; only sampling and sharding use one."""

    BLOCKS_AT_A_TIME = 4096

    def __init__(self, key, c1, c2, c3):
        self._key = key
        self._counter = (c1, c2, c3)
        self._next_block = 0
        self._numbers = iter(())

    def next(self):
        for number in self._numbers:
            return number
        first = self._next_block
        self._next_block += self.BLOCKS_AT_A_TIME
        blocks = philox(np.arange(first, self._next_block), *self._counter, *self._key)
        self._numbers = iter(blocks.reshape(-1).tolist())
        return self.next()

    def below(self, n):
        while True:
            product = self.next() * n
            if product & 0xFFFFFFFF >= 2**32 % n:
                return product >> 32

    def permutation(self, n):
        order = list(range(n))
        for i in range(n - 1, 0, -1):
            other = self.below(i + 1)
            order[i], order[other] = order[other], order[i]
        return order
