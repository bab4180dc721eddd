#!/usr/bin/env python3
"""Model files of a released `bench`, with the scores that they must give for ever.

    python3 Scripts/make_golden_files.py .build/release/bench

Writes into Tests/Fixtures/golden, whose tests read every model and compare its scores to the last bit
(forests) or to what a forward pass in double precision gives (networks). Run it with the command of a
release, for models that are not there yet: a file that exists is kept, because its point is to be old.
A model of a new kind is a line of MODELS below. Needs numpy and h5py.

Every model is a NAME.model as bench wrote it, and a NAME.txt with one line per row of rows.txt: the
scores, a bar, the predictions. The scores do not come from bench: this script reads the model file by
itself and adds leaves, or multiplies layers, one number after the other. bench's own must agree.

record-NAME.json are records of comparisons, with the predictions beside them.
"""
import json
import math
import os
import shutil
import struct
import subprocess
import sys
import tempfile

import h5py
import numpy as np

FOLDER = os.path.join(os.path.dirname(__file__), "..", "Tests", "Fixtures", "golden")
ROWS, NEW_ROWS = 240, 40

TREES = ["--rounds", "6", "--leaves", "6", "--min-child-rows", "5"]
NETWORK = ["--epochs", "4", "--hidden", "5,4", "--batch", "32"]
# name: learner, target, objective, further options
MODELS = {
    "forest-squared": ("trees", "y", "squared", []),
    "forest-sne-adjusted": ("trees", "y", "sne", ["--adjust"]),
    "forest-poisson-exposure": ("trees", "count", "poisson(exposure)", ["--adjust"]),
    "forest-formula": ("trees", "y", "square((score - y) / size)", ["--no-adjust"]),
    "forest-logistic": ("trees", "sick", "logistic", []),
    "forest-softmax": ("trees", "kind", "softmax", []),
    "forest-ordinal": ("trees", "grade", "ordinal", []),
    "forest-quantiles": ("trees", "y", "quantile(0.1, 0.5, 0.9)", []),
    "forest-noncrossing": ("trees", "y", "quantile(0.1, 0.9, non-crossing)", []),
    "forest-gaussian": ("trees", "y", "gaussian", []),
    # Of version 3: nodes know the rows and weights that they had.
    "forest-cover": ("trees", "y", "squared", ["--weight", "exposure"]),
    "network-squared": ("mlp", "y", "squared", []),
    "network-sne-adjusted": ("mlp", "y", "sne", ["--adjust"]),
    "network-logistic": ("mlp", "sick", "logistic", ["--activation", "tanh"]),
    "network-softmax": ("mlp", "kind", "softmax", ["--activation", "sigmoid"]),
    "network-gaussian": ("mlp", "y", "gaussian", ["--activation", "identity"]),
    "network-linear": ("mlp", "count", "poisson", ["--hidden", "none"]),
}

# name: the options of a comparison
RECORDS = {
    "sne": ["--objective", "sne", "--seeds", "2"],
    "softmax": ["--objective", "softmax", "--target", "kind"],
}


def training_table(path):
    """240 rows in which four columns mean something; two have missing values."""
    rng = np.random.default_rng(20)
    x = rng.normal(size=(ROWS, 5)).astype(np.float32)
    x[:, 3] = rng.integers(0, 4, ROWS)
    size = 10 ** rng.uniform(0, 3, ROWS)
    mean = 1 + 0.4 * np.sin(2 * x[:, 0]) + 0.3 * (x[:, 3] == 2) + 0.1 * x[:, 1]
    signal = mean + 0.1 * rng.normal(size=ROWS)
    x[rng.random(ROWS) < 0.15, 0] = np.nan
    x[rng.random(ROWS) < 0.1, 3] = np.nan
    exposure = rng.uniform(0.5, 2, ROWS)
    with h5py.File(path, "w") as f:
        f["X"] = x
        f["X"].attrs["feature_names"] = ["wind", "sun", "noise", "kind of day", "last"]
        f["y"], f["size"] = signal * size, size
        f["count"], f["exposure"] = rng.poisson(exposure * mean).astype(float), exposure
        f["sick"] = np.array(["no", "yes, very"], dtype=object)[(signal > 1).astype(int)]
        f["kind"] = np.array(["ash", "beech", "\u00e9lm"], dtype=object)[
            np.digitize(signal, [0.8, 1.2])]
        f["grade"] = np.digitize(signal, [0.7, 1.0, 1.3])
        f["split"] = (np.arange(ROWS) % 4 == 0).astype(np.uint8)


def new_rows(path, text):
    """Rows to predict: in the range of training, beyond it, at its cuts, missing anywhere."""
    rng = np.random.default_rng(21)
    x = (2 * rng.normal(size=(NEW_ROWS, 5))).astype(np.float32)
    x[:, 3] = rng.integers(-1, 5, NEW_ROWS)
    for row in range(12):
        x[row, row % 5] = np.nan
    x[12], x[13], x[14], x[15] = np.nan, 0, 1e30, -1e30
    size, exposure = 10 ** rng.uniform(0, 3, NEW_ROWS), rng.uniform(0.5, 2, NEW_ROWS)
    names = ["wind", "sun", "noise", "kind of day", "last"]
    with h5py.File(path, "w") as f:
        f["X"] = x
        f["X"].attrs["feature_names"] = names
        f["size"], f["exposure"] = size, exposure
    with open(text, "w") as f:
        f.write("# Made by Scripts/make_golden_files.py: columns, then size and exposure.\n")
        f.write(" | ".join(names) + "\n")
        for row in range(NEW_ROWS):
            numbers = [repr(float(v)) for v in x[row]] + [repr(float(size[row])),
                                                          repr(float(exposure[row]))]
            f.write(" ".join(numbers) + "\n")
    return x, {"size": size, "exposure": exposure}


class Model:
    """A model file, read without any of bench's code."""

    def __init__(self, path):
        data = open(path, "rb").read()
        digest = 0xCBF29CE484222325
        for byte in data[:-8]:
            digest = ((digest ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
        assert struct.unpack("<Q", data[-8:])[0] == digest, "checksum"
        line, rest = data.split(b"\n", 1)
        assert line in (b"CURVATURE MODEL 1", b"CURVATURE MODEL 3"), line
        (length,) = struct.unpack("<Q", rest[:8])
        self.preamble = json.loads(rest[8:8 + length])
        self.header = self.preamble["header"]
        self.rest = rest[8 + length:-8]
        self.width = self.header["objective"]["scoresPerRow"]
        if self.preamble["kind"] == "forest":
            (count,) = self.take("Q", 1)
            extended = count == 2**64 - 1
            assert extended == (line == b"CURVATURE MODEL 3"), line
            if extended:
                (count,) = self.take("Q", 1)
            self.trees = [self.tree(extended) for _ in range(count)]
        else:
            self.activation = "".join(map(chr, self.array("i")))
            self.sizes = self.array("i")
            self.columns, self.means, self.scales, self.fills = (
                self.array(kind) for kind in "ifff")
            self.indicators = self.array("i")
            (self.limit,) = self.take("f", 1)
            self.output_scale = self.array("d")
            self.parameters = self.array("f")
        assert not self.rest

    def tree(self, extended):
        """Columns, thresholds, left, right, values and gains of the nodes; no sets of categories yet."""
        tree = [self.array(kind) for kind in "ifiidd"]
        if extended:
            rows, weights = self.array("i"), self.array("d")
            assert rows[0] == ROWS * 3 // 4 and len(rows) == len(weights) == len(tree[0])
            assert self.take("Q", 1) == (0,)
        return tree

    def take(self, kind, count):
        size = struct.calcsize("<" + kind) * count
        values = struct.unpack(f"<{count}{kind}", self.rest[:size])
        self.rest = self.rest[size:]
        return values

    def array(self, kind):
        (count,) = self.take("Q", 1)
        return self.take(kind, count)

    def outputs(self, row):
        if self.preamble["kind"] == "forest":
            sums = list(self.header["initialScores"])
            for place, tree in enumerate(self.trees):
                sums[place % self.width] += self.leaf(tree, row)
            return sums
        return self.network(row)

    @staticmethod
    def leaf(tree, row):
        columns, thresholds, left, right, values, _ = tree
        node = 0
        while left[node] != right[node]:
            value = row[columns[node] & 0x7FFFFFFF]
            missing_left = columns[node] < 0
            if math.isnan(value):
                node = left[node] if missing_left else right[node]
            else:
                node = right[node] if value > thresholds[node] else left[node]
        return values[node]

    def network(self, row):
        values = []
        for column, mean, scale, fill in zip(self.columns, self.means, self.scales, self.fills):
            value = float(row[column])
            inside = (value - mean) * scale if math.isfinite(value) else fill
            values.append(min(max(inside, -self.limit), self.limit))
        values += [0.0 if math.isfinite(row[column]) else 1.0 for column in self.indicators]
        place = 0
        biases = sum(a * b for a, b in zip(self.sizes, self.sizes[1:]))
        for layer, (ins, outs) in enumerate(zip(self.sizes, self.sizes[1:])):
            sums = []
            for out in range(outs):
                total = self.parameters[biases + out]
                for k in range(ins):
                    total += values[k] * self.parameters[place + k * outs + out]
                sums.append(total)
            place, biases = place + ins * outs, biases + outs
            if layer < len(self.sizes) - 2:
                sums = [self.activated(total) for total in sums]
            values = sums
        return [start + scale * value for start, scale, value in
                zip(self.header["initialScores"], self.output_scale, values)]

    def activated(self, x):
        return {"relu": lambda: max(x, 0.0), "identity": lambda: x,
                "tanh": lambda: math.tanh(x), "sigmoid": lambda: 1 / (1 + math.exp(-x))
                }[self.activation]()

    def scores(self, row, row_data):
        outputs = self.outputs(row)
        adjustment = self.header["objective"].get("adjustment")
        if adjustment is None:
            return outputs
        if "multiplied" in adjustment:
            return [v * row_data[adjustment["multiplied"]["by"]] for v in outputs]
        return [v + math.log(row_data[adjustment["plusLog"]["of"]]) for v in outputs]


def main(bench):
    os.makedirs(FOLDER, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        train, fresh = os.path.join(work, "train.h5"), os.path.join(work, "fresh.h5")
        training_table(train)
        x, row_data = new_rows(fresh, os.path.join(FOLDER, "rows.txt"))
        for name, (learner, target, objective, options) in MODELS.items():
            model = os.path.join(FOLDER, name + ".model")
            if os.path.exists(model):
                continue
            usual = TREES if learner == "trees" else NETWORK
            subprocess.run(
                [bench, "train", learner, "--data", train, "--target", target, "--objective",
                 objective, "--model", model, "--quiet", *usual, *options], check=True,
                stdout=subprocess.DEVNULL)
            table = subprocess.run(
                [bench, "predict", "--model", model, "--data", fresh, "--output", "-"],
                check=True, capture_output=True, text=True).stdout.splitlines()[1:]
            own = Model(model)
            worst = 0.0
            with open(os.path.join(FOLDER, name + ".txt"), "w") as out:
                for row, line in enumerate(table):
                    numbers = [float(v) for v in line.split(",")[:2 * own.width]]
                    scores = own.scores(x[row], {k: float(v[row]) for k, v in row_data.items()})
                    for mine, theirs in zip(scores, numbers):
                        worst = max(worst, abs(mine - theirs) / max(1e-300, abs(mine)))
                    out.write(" ".join(map(repr, scores)) + " | "
                              + " ".join(map(repr, numbers[own.width:])) + "\n")
            print(f"{name}: {os.path.getsize(model)} bytes, differs from bench by {worst:.1e}")
            assert worst == 0 if learner == "trees" else worst < 1e-3
        for name, options in RECORDS.items():
            if os.path.exists(os.path.join(FOLDER, f"record-{name}.json")):
                continue
            subprocess.run(
                [os.path.abspath(bench), "compare", "--data", "train.h5", "--name", f"record-{name}",
                 "--quiet", *TREES, *NETWORK, *options], check=True, cwd=work,
                stdout=subprocess.DEVNULL)
            for ending in (".json", "-predictions.h5"):
                shutil.copy(os.path.join(work, "Reports", f"record-{name}{ending}"), FOLDER)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
