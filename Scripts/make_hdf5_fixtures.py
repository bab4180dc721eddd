#!/usr/bin/env python3
"""Writes the small HDF5 files that Tests/HDF5Tests reads.

They are made with h5py so that the reader is tested against another writer. Needs numpy and h5py:

    python3 Scripts/make_hdf5_fixtures.py
"""
import pathlib

import h5py
import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "HDF5Tests" / "Fixtures"


def create(name):
    # Times of day would make every run write other bytes.
    file = h5py.File(FOLDER / name, "w", track_order=False)
    return file


def types():
    """Every type of number and text, with values a test can state."""
    with create("types.h5") as file:
        for order, suffix in (("<", "le"), (">", "be")):
            for kind in ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"):
                limits = np.iinfo(kind)
                values = [limits.min, limits.max, 0, 1, 7]
                file[f"integers/{kind}{suffix}"] = np.array(values, dtype=order + kind)
            for kind in ("f2", "f4", "f8"):
                values = [0, 1.5, -2.25, 1000, np.nan, np.inf]
                file[f"floats/{kind}{suffix}"] = np.array(values, dtype=order + kind)
        file["boolean"] = np.array([True, False, True])
        colours = h5py.enum_dtype({"RED": 0, "GREEN": 5, "BLUE": -3}, basetype=">i2")
        file["colour"] = np.array([5, -3, 0, 5], dtype=colours)
        file["text/varying"] = np.array(["a", "ünïcode", ""], dtype=h5py.string_dtype())
        file["text/fixed"] = np.array([b"ab", b"abcde", b""], dtype="S5")
        padded = h5py.h5t.C_S1.copy()
        padded.set_size(6)
        padded.set_strpad(h5py.h5t.STR_SPACEPAD)
        space = h5py.h5s.create_simple((2,))
        dataset = h5py.h5d.create(file["text"].id, b"blanks", padded, space)
        dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, np.array([b"one   ", b"three "], dtype="S6"), padded)
        record = np.dtype(
            [("temperature", "<f4"), ("load", ">f8"), ("site", "S4"), ("y", "<i2"), ("on", "?")])
        file["records"] = np.array(
            [(1.5, 10, b"ab", 3, True), (2.5, 20, b"cdef", 4, False), (3.5, 30, b"", 5, True)],
            dtype=record)
        file["column"] = np.arange(4, dtype="f4").reshape(4, 1)
        file["wide"] = np.arange(4, dtype="f4").reshape(1, 4)
        file["scalar"] = 3.0
        file["cube"] = np.zeros((2, 2, 2))
        file["no_rows"] = np.zeros((0, 3), dtype="f4")
        file["no_columns"] = np.zeros((3, 0), dtype="f4")
        file["nothing"] = h5py.Empty("f4")
        file["complex"] = np.array([1 + 2j])
        file["opaque"] = np.array([b"xyz"], dtype="V3")
        sequences = file.create_dataset("sequences", (1,), dtype=h5py.vlen_dtype("i4"))
        sequences[0] = [1, 2, 3]
        references = file.create_dataset("references", (1,), dtype=h5py.ref_dtype)
        references[0] = file["scalar"].ref
        file.attrs["text"] = "words"
        file.attrs["number"] = np.int16(-7)
        file.attrs["numbers"] = np.array([0.5, 2])
        file.attrs["bytes"] = np.array([b"ab", b"c"])
        file.attrs["empty"] = h5py.Empty("f4")


def layouts():
    """The same 23 x 10 matrix 0, 1, 2, ... in every kind of storage."""
    matrix = np.arange(230, dtype="f4").reshape(23, 10)
    with create("layouts.h5") as file:
        file["contiguous"] = matrix
        file.create_dataset("rows", data=matrix, chunks=(7, 10), compression="gzip")
        file.create_dataset("columns", data=matrix, chunks=(23, 1), compression="gzip", shuffle=True)
        file.create_dataset("tiles", data=matrix, chunks=(5, 3), fletcher32=True, shuffle=True)
        file.create_dataset("plain_chunks", data=matrix, chunks=(4, 4))
        file.create_dataset("large_chunk", data=matrix, chunks=(64, 64), maxshape=(None, None))
        file.create_dataset("integers", data=matrix.astype(">i4"), chunks=(6, 10), compression=9)
        file.create_dataset("one_value", data=matrix[:1, :1])
        creation = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        creation.set_layout(h5py.h5d.COMPACT)
        space = h5py.h5s.create_simple(matrix.shape)
        compact = h5py.h5d.create(file.id, b"compact", h5py.h5t.IEEE_F32LE, space, creation)
        compact.write(h5py.h5s.ALL, h5py.h5s.ALL, matrix)
        # Never written: reads as the fill value.
        file.create_dataset("unwritten", (3, 2), dtype="f4", fillvalue=4.5, chunks=(2, 2))


def hostile():
    """What must be refused."""
    (FOLDER / "secret.bin").write_bytes(np.arange(4, dtype="f4").tobytes())
    with create("outside.h5") as file:
        file["X"] = np.zeros((2, 2), dtype="f4")
        file["folder/link"] = h5py.ExternalLink("types.h5", "/boolean")
        file["group"] = h5py.ExternalLink("layouts.h5", "/")
        file["soft_to_outside"] = h5py.SoftLink("/group/contiguous")
        file.create_dataset(
            "external", (4,), dtype="f4", external=[("secret.bin", 0, h5py.h5f.UNLIMITED)])
        layout = h5py.VirtualLayout(shape=(3,), dtype="f4")
        layout[:] = h5py.VirtualSource("layouts.h5", "missing", shape=(3,))
        file.create_virtual_dataset("virtual", layout)
    with create("links.h5") as file:
        file["data/X"] = np.arange(6, dtype="f4").reshape(3, 2)
        file["soft"] = h5py.SoftLink("/data/X")
        file["data/near"] = h5py.SoftLink("X")
        file["soft_group"] = h5py.SoftLink("data")
        file["dangling"] = h5py.SoftLink("/nowhere")
        file["loop_a"] = h5py.SoftLink("loop_b")
        file["loop_b"] = h5py.SoftLink("loop_a")
        file["data/again"] = file["/"]
    with create("filters.h5") as file:
        data = np.arange(64, dtype="i4")
        file.create_dataset("lzf", data=data, compression="lzf")
        file.create_dataset("scaleoffset", data=data, scaleoffset=0)
        file.create_dataset("gzip", data=data, compression="gzip")
    with create("bombs.h5") as file:
        file.create_dataset("square", (2**20, 2**20), dtype="f4", compression="gzip")
        file.create_dataset("overflow", (2**40, 2**40), dtype="f8", chunks=(16, 16))
        file.create_dataset("contiguous", (2**38,), dtype="f4")
        # Little in the file, eight times as much once it is read as numbers.
        file.create_dataset("bytes", (2**25,), dtype="i1", compression="gzip")
        file.create_dataset("chunk", (4, 4), dtype="f8", chunks=(2**13, 2**15), maxshape=(None, None))


def labels():
    """Targets of classes in every form; X is 6 x 1."""
    forms = {
        "codes": np.array([2, 0, 1, 2, 0, 1], dtype="i4"),
        "from_one": np.array([1, 3, 2, 1, 3, 2], dtype="u1"),
        "signs": np.array([-1, 1, 1, -1, 1, -1], dtype="i1"),
        "booleans": np.array([True, False, True, True, False, False]),
        "fractions": np.array([0.5, 2.5, 0.5, 2.5, 0.5, 2.5]),
        "texts": np.array(["cat", "dog", "ant", "cat", "ant", "dog"], dtype=h5py.string_dtype()),
        "fixed_texts": np.array([b"no", b"yes", b"no", b"yes", b"no", b"yes"]),
        "single": np.zeros(6, dtype="i4"),
        "with_nan": np.array([0, 1, np.nan, 1, 0, 1]),
        "numbers": np.array([0.25, 1, 2, 3, 4, 5]),
    }
    with create("labels.h5") as file:
        file.attrs["task"] = "multiclass"
        file["X"] = np.arange(6, dtype="f4").reshape(6, 1)
        for name, values in forms.items():
            file[name] = values
        file["named"] = np.array([0, 2, 0, 2, 0, 2], dtype="i4")
        file["named"].attrs["class_names"] = ["red", "green", "blue"]
        file["group_texts"] = np.array(["b", "a", "b", "c", "a", "a"], dtype=h5py.string_dtype())
        file["group_floats"] = np.array([0.5, 0.25, 0.5, 1, 1, 1])
        file["split_texts"] = np.array(
            ["train", "test", "validation", "train", "train", "test"], dtype=h5py.string_dtype())
        file["split_wrong"] = np.array([0, 1, 2, 3, 0, 1], dtype="u1")
        file["infinite"] = np.array([0, 1, np.inf, 1, 0, 1])
        file["large"] = np.array([2**64 - 1] * 6, dtype="u8")
        file["size"] = np.arange(1, 7, dtype="f8")
        file["alias"] = h5py.SoftLink("/numbers")


def odd():
    """Honest files that are not as simple as they look: packed numbers, codes, times, records."""
    with create("odd.h5") as file:
        file["X"] = np.arange(6, dtype="f4").reshape(6, 1)
        file["y"] = np.array([0.5, 1, 2, 3, 4, 5])
        packed = file.create_dataset("packed/short", data=np.array([0, 10, -32767, 5, 7, -20], "i2"))
        packed.attrs["scale_factor"] = 0.5
        packed.attrs["add_offset"] = 100.0
        packed.attrs["_FillValue"] = np.array([-32767], "i2")
        unsigned = file.create_dataset("packed/unsigned", data=np.array([0, 1, -1, -2, 127, -128], "i1"))
        unsigned.attrs["_Unsigned"] = "true"
        unsigned.attrs["missing_value"] = np.int8(-1)
        unsigned.attrs["valid_max"] = np.int8(-2)
        real = file.create_dataset("packed/real", data=np.array([0, 1, -999, 2, 1e20, 3], "f4"))
        real.attrs["_FillValue"] = np.float32(1e20)
        real.attrs["missing_value"] = -999.0
        real.attrs["scale_factor"] = 100.0
        file["hours"] = 2024010100 + np.arange(6, dtype="i8")
        file["stamps"] = 1_700_000_000_000_000_000 + 1_000_000_000 * np.arange(6, dtype="i8")
        file["stamps_missing"] = np.array([-2**63, 16777217, 16777219, 16777220, 16777221, 1], "i8")
        file["seconds"] = 1.7e9 + 0.25 * np.arange(6)
        file["spread"] = np.array([-2**61, 2**61, 2**61 + 1, 3, 2**61 + 2, 2**61 + 3], "i8")
        file["soft"] = np.array([0.2, 0.4, 0.2, 0.4, 1, 0])
        file["whole_floats"] = np.array([3.0, 1.0, 3.0, 1.0, 2.0, 2.0])
        file["minus"] = np.array([-1, 0, 1, 2, 0, 1], dtype="i4")
        file["latin1"] = np.array([b"caf\xe9", b"caf\xe8", b"caf\xe9", b"tea", b"tea", b"caf\xe8"])
        file["latin1_vlen"] = file["latin1"][()].astype(h5py.string_dtype("ascii"))
        file["inner_zeros"] = np.array([b"a\0b", b"a\0c", b"a", b"a ", b"a\0b", b"a"], dtype="S3")
        file["forms"] = np.array(["\u00e9", "e\u0301", "\u00e9", "a", "a", "b"], h5py.string_dtype())
        file["blank"] = np.array(["a", "", "b", "a", "", "b"], h5py.string_dtype())
        codes = file.create_group("kind")
        codes["codes"] = np.array([2, 0, 1, 2, 0, 1], dtype="i1")
        codes["categories"] = np.array(["x", "y", "z"], h5py.string_dtype())
        missing = file.create_group("gaps")
        missing["codes"] = np.array([2, 0, -1, 2, 0, -1], dtype="i1")
        missing["categories"] = np.array(["x", "y", "z"], h5py.string_dtype())
        part = h5py.enum_dtype({"val": 0, "train": 1, "Test": 2}, basetype="i1")
        file["split_enum"] = np.array([1, 1, 0, 2, 1, 2], dtype=part)
        names = ["Train", "dev", "TEST", "val", "training", "validation"]
        file["split_names"] = np.array(names, h5py.string_dtype())
        file["split_odd"] = np.array(["train"] * 5 + ["other"], h5py.string_dtype())
        dates = ["2024-01-01", "2024-01-01T12:00:00", "2024-01-02 00:00:00Z", "", "NaT", "2024/01/03"]
        file["dates"] = np.array(dates, h5py.string_dtype())
        file["time"] = np.array(["early", "late"] * 3, h5py.string_dtype())
        file["size"] = np.ones((6, 2))
        file["onehot"] = np.eye(3)[[0, 1, 2, 0, 1, 2]]
        file["turned"] = np.arange(18, dtype="f4").reshape(3, 6)
        file["complex"] = np.ones((6, 2), dtype="c8")
        record = np.dtype(
            [("index", "<i8"), ("block", "<f8", (2,)), ("flag", "u1"), ("text", "S3"), ("z", "<c8"),
             ("y", "<f8")])
        rows = [(i, (10 * i, 10 * i + 1), i % 2, b"abc", 1j, i) for i in range(6)]
        file["frame/table"] = np.array(rows, dtype=record)
        # PyTables keeps booleans as bit fields, which h5py does not write by itself.
        kind = h5py.h5t.create(h5py.h5t.COMPOUND, 9)
        kind.insert(b"a", 0, h5py.h5t.IEEE_F64LE)
        kind.insert(b"on", 8, h5py.h5t.STD_B8LE)
        table = h5py.h5d.create(file["frame"].id, b"bits", kind, h5py.h5s.create_simple((6,)))
        raw = np.zeros(6, dtype=[("a", "<f8"), ("on", "u1")])
        raw["a"], raw["on"] = np.arange(6), [1, 0, 1, 1, 0, 0]
        table.write(h5py.h5s.ALL, h5py.h5s.ALL, raw.view("u1").reshape(6, 9), kind)
        array = h5py.h5t.array_create(h5py.h5t.IEEE_F32LE, (3,))
        cells = h5py.h5d.create(file.id, b"cells", array, h5py.h5s.create_simple((6,)))
        cells.write(h5py.h5s.ALL, h5py.h5s.ALL, np.arange(18, dtype="f4"), array)
        latin = h5py.h5t.create(h5py.h5t.COMPOUND, 16)
        latin.insert(b"caf\xe9", 0, h5py.h5t.IEEE_F64LE)
        latin.insert(b"tea", 8, h5py.h5t.IEEE_F64LE)
        cups = h5py.h5d.create(file.id, b"cups", latin, h5py.h5s.create_simple((6,)))
        cups.write(h5py.h5s.ALL, h5py.h5s.ALL, np.ones((6, 16), "u1"), latin)
        drinks = h5py.h5t.enum_create(h5py.h5t.STD_I8LE)
        drinks.enum_insert(b"caf\xe9", 0)
        drinks.enum_insert(b"caf\xe8", 1)
        cups = h5py.h5d.create(file.id, b"drinks", drinks, h5py.h5s.create_simple((6,)))
        cups.write(h5py.h5s.ALL, h5py.h5s.ALL, np.array([0, 1, 0, 1, 0, 1], "i1"), drinks)
        file["twice"] = np.array([0, 1, 0, 1, 0, 1], dtype="i4")
        file["twice"].attrs["class_names"] = ["a", "a"]
        for name, values in (("X", np.arange(18.0).reshape(3, 6)), ("y", np.arange(6.0).reshape(1, 6))):
            file[f"matlab/{name}"] = values
            file[f"matlab/{name}"].attrs["MATLAB_class"] = np.bytes_("double")
        # Of unlimited extent, so that asking for it opens the source.
        layout = h5py.VirtualLayout(shape=(1, 10), maxshape=(None, 10), dtype="f4")
        source = h5py.VirtualSource("large.h5", "large_chunk", shape=(1, 10), maxshape=(None, 10))
        layout[: h5py.h5s.UNLIMITED, :] = source[: h5py.h5s.UNLIMITED, :]
        file.create_virtual_dataset("unlimited", layout)


def missing():
    """Values that something else in the file says are missing."""
    with create("missing.h5") as file:
        file["X"] = np.arange(12, dtype="f4").reshape(6, 2)
        # AnnData's columns that may be missing.
        file["maybe/values"] = np.array([10, 11, 12, 13, 14, 15])
        file["maybe/mask"] = np.array([False, False, True, False, True, False])
        file["flag/values"] = np.array([True, False, True, False, True, False])
        file["flag/mask"] = np.array([False, True, False, False, False, False])
        file["whole/values"] = np.array([1, 2, 3, 4, 5, 6])
        file["whole/mask"] = np.zeros(6, dtype=bool)
        file["kind/codes"] = np.array([0, 1, -1, 2, 0, 1], dtype="i1")
        file["kind/categories"] = np.array(["a", "b", "c"], h5py.string_dtype())
        # Codes for none, beside classes that are numbered from 0 or 1.
        file["minus_nine"] = np.array([0, 1, 2, 0, 1, -9], dtype="i4")
        file["top"] = np.array([0, 1, 2, 0, 1, 255], dtype="u1")
        file["apart"] = np.array([0, 1, 5, 0, 1, 5], dtype="i4")
        colours = h5py.enum_dtype({"RED": 0, "GREEN": 1}, basetype="i1")
        file.create_dataset("colour", data=np.array([0, 1, 0, 1, 0, 9], dtype="i1"), dtype=colours)
        file["few_names"] = np.array([0, 1, 2, 0, 1, 2], dtype="i4")
        file["few_names"].attrs["class_names"] = ["p", "q"]
        file["groups"] = np.array([0, 0, 1, 1, -1, 2], dtype="i4")
        file["groups"].attrs["_FillValue"] = np.int32(-1)
        # A categorical column as pandas' to_hdf(format='table') writes it.
        frame = np.zeros(6, dtype=[("a", "<f4"), ("cat", "i1")])
        frame["a"], frame["cat"] = np.arange(6), [0, 1, -1, 1, 0, 1]
        file["frame"] = frame
        file["frame"].attrs["cat_meta"] = np.bytes_("category")


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    types()
    layouts()
    hostile()
    labels()
    odd()
    missing()
    for path in sorted(FOLDER.iterdir()):
        print(path.name, path.stat().st_size)
