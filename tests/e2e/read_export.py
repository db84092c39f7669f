#!/usr/bin/env python3
"""Reads a model's .safetensors and .npz files by their formats' descriptions, with Python's standard library alone, and
checks that they hold the same network. With NumPy it also lets NumPy read the .npz file.

    read_export.py model.safetensors model.npz
"""

import ast
import json
import struct
import sys
import zipfile


def read_safetensors(path):
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__")
    values = data[8 + length :]
    tensors, end = {}, 0
    for name, about in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        begin, after = about["data_offsets"]
        assert begin == end and about["dtype"] == "F32", name
        tensors[name] = (tuple(about["shape"]), values[begin:after])
        end = after
    assert end == len(values)
    return tensors, metadata


def read_npz(path):
    arrays = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            assert data[:8] == b"\x93NUMPY\x01\x00", name
            (length,) = struct.unpack_from("<H", data, 8)
            about = ast.literal_eval(data[10 : 10 + length].decode())
            assert not about["fortran_order"], name
            arrays[name.removesuffix(".npy")] = (about["descr"], about["shape"], data[10 + length :])
    return arrays


def main():
    tensors, metadata = read_safetensors(sys.argv[1])
    arrays = read_npz(sys.argv[2])
    for name, (shape, values) in tensors.items():
        assert arrays[name] == ("<f4", shape, values), name
    inputs = tensors["layer.0.weight"][0][1]
    for layer in range(len(tensors) // 2):
        outputs, columns = tensors[f"layer.{layer}.weight"][0]
        assert columns == inputs and tensors[f"layer.{layer}.bias"][0] == (outputs,), layer
        inputs = outputs
    for key in ("seedfed.round", "seedfed.input_mean", "seedfed.input_stddev"):
        description, shape, value = arrays[key]
        assert (description, shape) == ("<f8", ()), key
        assert struct.unpack("<d", value)[0] == float(metadata[key]), key
    assert len(metadata["seedfed.fingerprint"]) == 64
    try:
        import numpy
    except ImportError:
        return
    loaded = numpy.load(sys.argv[2])
    for name, (shape, values) in tensors.items():
        assert loaded[name].shape == shape and loaded[name].tobytes() == values, name


main()
