import Wording
import Foundation

/// The bundled datasets: where their folder is and what is in it.
struct BundledDatasets {
  /// The folder.
  let folder: String
  /// Names without the ending, in alphabetical order.
  let names: [String]

  /// Finds the folder: where the environment variable `CURVATURE_DATASETS` says, else `Datasets` here,
  /// else `Datasets` or `share/curvature/Datasets` (as `make install` has it) in a folder above the
  /// executable.
  ///
  /// - Throws: ``Failure`` if there is none.
  init() throws {
    for folder in Self.candidates() {
      let names = Self.names(in: folder)
      guard !names.isEmpty else { continue }
      self.folder = folder
      self.names = names
      return
    }
    throw Failure(
      .missingInput,
      "no folder 'Datasets' with .h5 files is here or above the executable; "
        + "set CURVATURE_DATASETS to it, or name a file with --data")
  }

  /// The path of the dataset called `name`.
  ///
  /// - Throws: ``Failure`` if there is none of that name, with the nearest one.
  func path(of name: String) throws -> String {
    guard names.contains(name) else {
      throw Failure(
        .missingInput,
        "there is no dataset '\(name)' in '\(folder)'; \(Spelling.hint(for: name, in: names))")
    }
    return "\(folder)/\(name).h5"
  }

  private static func candidates() -> [String] {
    var folders: [String] = []
    if let named = ProcessInfo.processInfo.environment["CURVATURE_DATASETS"] {
      folders.append(named)
    }
    folders.append("Datasets")
    var place = URL(fileURLWithPath: Executable.path).resolvingSymlinksInPath()
    while place.path.count > 1 {
      place.deleteLastPathComponent()
      for below in ["Datasets", "share/curvature/Datasets"] {
        folders.append(place.appendingPathComponent(below).path)
      }
    }
    return folders
  }

  private static func names(in folder: String) -> [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { $0.hasSuffix(".h5") }.map { String($0.dropLast(3)) }.sorted()
  }
}
