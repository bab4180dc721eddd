import Foundation

/// What a file is that is not HDF5, and how to make one of it.
enum OtherFormats {
  /// The refusal of the file at `path`, as the end of a sentence, judged by its first bytes and its
  /// name.
  static func refusal(of path: String) -> String {
    let start = firstBytes(of: path)
    let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
    func begins(_ text: String) -> Bool { start.starts(with: text.utf8) }
    let frame = "`features: NAME,NAME` and `target: NAME` then choose columns"
    if begins("MATLAB 5.0") {
      return
        "this is a MATLAB file older than 7.3; in MATLAB, save it with the option '-v7.3', the "
        + "variables transposed (X = X.'; y = y.')"
    }
    if begins("CURVATURE MODEL") { return "this is a model file, not data; name it with `model`" }
    if start.starts(with: [0x1f, 0x8b]) || begins("PK\u{3}\u{4}") || begins("BZh")
      || begins("\u{fd}7zXZ") || start.starts(with: [0xfd, 0x37, 0x7a])
    {
      if ending == "npz" { return numpy(path) }
      return "this is a compressed file, not HDF5; unpack it first (gunzip, unzip, xz -d)"
    }
    if begins("PAR1") {
      return "this is a Parquet file, not HDF5; convert it: "
        + pandas("pd.read_parquet", path) + "; \(frame)"
    }
    if start.starts(with: [0x93]) && begins("\u{93}NUMPY") || ending == "npy" {
      return numpy(path)
    }
    if begins("CDF") {
      return "this is a NetCDF file of the classic format, not HDF5; convert it: nccopy -k nc4 "
        + "FILE.nc FILE-4.nc"
    }
    if begins("version https://git-lfs") {
      return "this is only a pointer to a file kept by Git LFS; fetch it with 'git lfs pull'"
    }
    if ["csv", "tsv", "txt", "dat", "tab"].contains(ending) || isDelimited(start) {
      let reader = start.prefix { $0 != 10 }.contains(9) ? "sep=chr(9)" : ""
      return "this is text, not HDF5; convert it: "
        + pandas("pd.read_csv", path, reader) + "; \(frame)"
    }
    return "this is not an HDF5 file; convert it first, as with h5py"
  }

  private static func numpy(_ path: String) -> String {
    "this is a NumPy file, not HDF5; convert it: python3 -c \"import numpy as np, h5py; "
      + "f = h5py.File('data.h5', 'w'); f['X'] = np.load('X.npy'); f['y'] = np.load('y.npy')\""
  }

  private static func pandas(_ reader: String, _ path: String, _ option: String = "") -> String {
    let name = path.contains { "'\"\\$`!".contains($0) || $0.isNewline } ? "FILE" : path
    return "python3 -c \"import pandas as pd, h5py; "
      + "t = \(reader)('\(name)'\(option.isEmpty ? "" : ", \(option)")); "
      + "f = h5py.File('data.h5', 'w'); "
      + "[f.create_dataset(c, data=t[c].tolist() if t[c].dtype.kind in 'biuf' "
      + "else [str(v) for v in t[c]]) for c in t]\""
  }

  private static func isDelimited(_ bytes: Data) -> Bool {
    let line = bytes.prefix { $0 != 10 }
    return line.count < bytes.count && line.contains { $0 == 44 || $0 == 9 || $0 == 59 }
      && bytes.allSatisfy { $0 >= 32 || $0 == 9 || $0 == 10 || $0 == 13 }
  }

  private static func firstBytes(of path: String) -> Data {
    guard let handle = FileHandle(forReadingAtPath: path) else { return Data() }
    defer { try? handle.close() }
    return (try? handle.read(upToCount: 1024)) ?? Data()
  }
}
