import Foundation
import HDF5

/// The small files beside this one, made by Scripts/make_hdf5_fixtures.py with h5py.
func fixture(_ name: String) -> String {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures/\(name)").path
}

/// A folder of its own for `body`, removed afterwards.
func withFolder<Result>(_ body: (_ folder: String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("hdf5-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.path)
}

/// The error that `body` throws; nil if none, or another kind of error.
func hdf5Error(_ body: () throws -> Void) -> HDF5Error? {
  do {
    try body()
    return nil
  } catch {
    return error as? HDF5Error
  }
}
