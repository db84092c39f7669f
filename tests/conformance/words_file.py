"""Makes a model from a words file: docs/formats.md, "Words file".

    words_file.py run.words model.seedfed

Writes its snapshot. Exit status: 0 done, 1 the file is not valid or does not lead to its fingerprint.
"""

import hashlib
import struct
import sys

import model

HEAD = struct.Struct("<8sIII32s16sdd")
SPEC = struct.Struct("<IIIIdI")
LAYER = struct.Struct("<III")
HAS_KEY = 1


def rebuild(data):
    """The model of a words file's bytes; in pure mode only its words, round and fingerprint."""
    if hashlib.blake2b(data[:-16], digest_size=16).digest() != data[-16:]:
        raise ValueError("the checksum is wrong")
    magic, version, flags, last, fingerprint, key, _, _ = HEAD.unpack_from(data)
    if magic != b"SEEDWORD" or version != 1 or flags > 3:
        raise ValueError("not a words file of version 1")
    spec_version, codec, mode, phase_bits, gain, layers = SPEC.unpack_from(data, HEAD.size)
    if spec_version != 1:
        raise ValueError(f"the model's specification has version {spec_version}")
    at = HEAD.size + SPEC.size
    shapes = [LAYER.unpack_from(data, at + LAYER.size * l) for l in range(layers)]
    spec = model.Spec(tuple(model.Layer(*shape) for shape in shapes), codec, mode, phase_bits, gain)
    words = data[at + LAYER.size * layers:-16]
    size = spec.update_bytes()
    if len(words) != size * (1 if mode == model.PURE else last):
        raise ValueError(f"there are {len(words)} bytes of words")
    if mode == model.PURE:
        return model.Model(spec, b"", last, words=words, fingerprint=fingerprint)
    if not flags & HAS_KEY:
        raise ValueError("the file does not hold the key")
    made = model.Model.initial(spec, key)
    for start in range(0, len(words), size):
        made.apply(words[start:start + size])
    if made.fingerprint != fingerprint:
        raise ValueError("the words do not lead to the file's fingerprint")
    return made


def main():
    with open(sys.argv[1], "rb") as file:
        made = rebuild(file.read())
    with open(sys.argv[2], "wb") as file:
        file.write(made.snapshot())


if __name__ == "__main__":
    main()
