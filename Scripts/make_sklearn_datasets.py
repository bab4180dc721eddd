#!/usr/bin/env python3
"""Writes the bundled data sets that come with scikit-learn's own package into Datasets/.

Needs numpy, h5py and scikit-learn; downloads nothing. The same versions write the same bytes.

    python3 Scripts/make_sklearn_datasets.py
"""
import pathlib

import h5py
import numpy as np
import sklearn
from sklearn import datasets

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "Datasets"
SEED = 42
TEST_FRACTION = 0.2
# name -> loader, task
SOURCES = {
    "iris": (datasets.load_iris, "multiclass"),
    "wine": (datasets.load_wine, "multiclass"),
    "breast-cancer": (datasets.load_breast_cancer, "binary"),
    "digits": (datasets.load_digits, "multiclass"),
    "diabetes": (lambda: datasets.load_diabetes(scaled=False), "regression"),
}
LICENCE = "scikit-learn: BSD-3-Clause; original data (UCI Machine Learning Repository): CC BY 4.0"
DIABETES_LICENCE = "scikit-learn: BSD-3-Clause; original data: published with Efron et al. (2004)"


def split(y, is_classes):
    """0 train, 1 test: a seeded fifth of the rows, for classes a fifth of each class."""
    generator = np.random.default_rng(SEED)
    part = np.zeros(len(y), dtype=np.uint8)
    strata = [np.flatnonzero(y == c) for c in np.unique(y)] if is_classes else [np.arange(len(y))]
    for rows in strata:
        count = round(len(rows) * TEST_FRACTION)
        part[generator.permutation(rows)[:count]] = 1
    return part


def write(name, loader, task):
    data = loader()
    is_classes = task != "regression"
    options = dict(compression="gzip", compression_opts=9, shuffle=True, track_times=False)
    with h5py.File(FOLDER / f"{name}.h5", "w") as file:
        x = file.create_dataset("X", data=data.data.astype("<f4"), chunks=data.data.shape, **options)
        x.attrs["feature_names"] = [str(n) for n in data.feature_names]
        target = data.target.astype("<i4" if is_classes else "<f4")
        y = file.create_dataset("y", data=target, chunks=target.shape, **options)
        if is_classes:
            y.attrs["class_names"] = [str(n) for n in data.target_names]
        part = split(target, is_classes)
        file.create_dataset("split", data=part, chunks=part.shape, **options)
        file.attrs["task"] = task
        file.attrs["source"] = f"scikit-learn {sklearn.__version__}, load_{name.replace('-', '_')}()"
        file.attrs["licence"] = LICENCE if is_classes else DIABETES_LICENCE
    size = (FOLDER / f"{name}.h5").stat().st_size
    print(f"{name}: {x_shape(data)}, {int(part.sum())} test rows, {size} bytes")
    return size


def x_shape(data):
    return f"{data.data.shape[0]} x {data.data.shape[1]}"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    print(sum(write(name, *source) for name, source in SOURCES.items()), "bytes in all")
