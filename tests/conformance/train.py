"""Local data and local training. docs/formats.md, "Local training": nothing here must be exact."""

import gzip
import math
import pathlib
import struct

import numpy as np

import model
import philox
import words


def takes_part(key, participation, round_number, client_number):
    """Whether a trainer takes part in a round. docs/formats.md, "Cohort"."""
    lane = philox.philox(client_number, round_number, 0, 0, *philox.sub_key(key, "cohort"))[0]
    return int(lane) < int(participation * 2**32)


def read_idx(folder, stem):
    """An IDX file of unsigned bytes, plain or .gz."""
    path = pathlib.Path(folder) / stem
    if path.exists():
        data = path.read_bytes()
    else:
        data = gzip.decompress(path.with_name(stem + ".gz").read_bytes())
    dimensions = data[3]
    if data[:3] != b"\0\0\x08":
        raise ValueError(f"{path} is no IDX file of unsigned bytes")
    shape = struct.unpack_from(f">{dimensions}I", data, 4)
    return np.frombuffer(data, dtype=np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def load(folder):
    """Images as rows of bytes, labels."""
    images = read_idx(folder, "train-images-idx3-ubyte")
    labels = read_idx(folder, "train-labels-idx1-ubyte")
    return images.reshape(len(images), -1), labels


def shard(images, labels, part, key):
    """This client's part of a simulation's data; `part` is JoinResponse.shard."""
    if part.alpha != 0:
        raise ValueError(
            f"the simulation asks for label skew alpha = {part.alpha}; this client can only do 0")
    order = philox.Stream(philox.sub_key(key, "sharding"), 1, 0, 0).permutation(len(images))
    keep = np.sort(np.array_split(np.array(order), part.count)[part.index])
    return images[keep], labels[keep]


class Adam:
    def __init__(self):
        self.steps = 0
        self.m = self.v = 0.0

    def step(self, gradient):
        """The step to subtract, for a learning rate of 1."""
        self.steps += 1
        self.m = 0.9 * self.m + 0.1 * gradient
        self.v = 0.999 * self.v + 0.001 * gradient**2
        m, v = self.m / (1 - 0.9**self.steps), self.v / (1 - 0.999**self.steps)
        return m / (np.sqrt(v) + 1e-8)


def gradients(weights, x, labels):
    """The mean softmax cross-entropy of a batch, and its gradient by every layer's weights."""
    inputs = []
    for l, w in enumerate(weights):
        x = np.hstack([np.maximum(x, 0) if l else x, np.ones((len(x), 1), dtype=np.float32)])
        inputs.append(x)
        x = x @ w.T
    x = x - x.max(axis=1, keepdims=True)
    probabilities = np.exp(x)
    sums = probabilities.sum(axis=1, keepdims=True)
    rows = np.arange(len(x))
    loss = float(np.mean(np.log(sums[:, 0]) - x[rows, labels]))
    delta = probabilities / sums
    delta[rows, labels] -= 1
    delta /= len(x)
    out = [None] * len(weights)
    for l in range(len(weights) - 1, -1, -1):
        out[l] = delta.T @ inputs[l]
        if l:
            delta = (delta @ weights[l][:, :-1]) * (inputs[l][:, :-1] > 0)
    return loss, out


class TiledLayer:
    """A layer that is trained through its tiles' points."""
    def __init__(self, state, l, round_number):
        spec = state.spec
        self.layer, self.gain = spec.layers[l], spec.layer_gain(l)
        cos, sin = state.phases(l, round_number)
        self.cos, self.sin = (
            (self.gain / model.PHASE_ONE * a).astype(np.float32) for a in (cos, sin))
        if spec.mode == model.PURE:
            self.fixed = np.float32(0)
            self.point = np.stack(state.points[l]) / 2.0**30
        else:
            self.fixed = (state.base[l] * spec.unit(l)).astype(np.float32)
            self.point = np.zeros((2, self.layer.tiles))
        self.adam = Adam()

    def weights(self):
        u, v = (self.layer.spread(values.astype(np.float32)) for values in self.point)
        return self.fixed + u * self.cos + v * self.sin

    def step(self, gradient, rate):
        by_point = np.stack(
            [self.layer.gather(gradient * self.cos),
             self.layer.gather(gradient * self.sin)])
        self.point = self.point - rate * self.adam.step(by_point.astype(np.float64))
        self.point /= np.maximum(1, np.hypot(*self.point))

    def coordinates(self):
        return tuple(np.rint(self.point * 2.0**30).astype(np.int64))


class DenseLayer:
    """A layer whose weights are trained themselves."""
    def __init__(self, state, l):
        self.unit = state.spec.unit(l)
        self.start = state.base[l] * self.unit
        self.current = self.start.copy()
        self.adam = Adam()

    def weights(self):
        return self.current.astype(np.float32)

    def step(self, gradient, rate):
        self.current -= rate * self.adam.step(gradient)

    def coordinates(self):
        units = np.rint((self.current - self.start) / self.unit)
        return np.clip(units, -words.LIMIT, words.LIMIT).astype(np.int64)


def train(state, plan, images, labels, client_number):
    """Trains the round after `state`; returns the coordinates, the mean loss, the examples used."""
    spec, round_number = state.spec, state.round + 1
    order = philox.Stream(philox.sub_key(state.key, "sampling"), client_number, round_number,
                          0).permutation(len(images))
    order = np.array(order[:plan.samples or None])
    batches = max(1, len(order) // plan.batch)
    dense = spec.codec == model.DENSE
    layers = [
        DenseLayer(state, l) if dense else TiledLayer(state, l, round_number)
        for l in range(len(spec.layers))
    ]
    rates = [
        rate * plan.learning_rate_decay**(round_number - 1) / (1 if dense else spec.gain)
        for rate in plan.learning_rate
    ]
    losses, examples = [], 0
    for b in range(batches):
        batch = order[b * plan.batch:(b + 1) * plan.batch]
        x = ((images[batch] / 255 - plan.input_mean) / plan.input_stddev).astype(np.float32)
        loss, by_layer = gradients([layer.weights() for layer in layers], x, labels[batch])
        for layer, gradient, rate in zip(layers, by_layer, rates):
            layer.step(gradient, rate)
        losses.append(loss)
        examples += len(batch)
    loss = math.fsum(losses) / len(losses)
    return [layer.coordinates() for layer in layers], loss, examples
