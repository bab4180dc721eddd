import Foundation
import Tabular
import Testing

@testable import HDF5

@Suite struct SafetyTests {
  @Test(
    arguments: [
      ("folder/link", "link into another file"), ("group/contiguous", "link into another file"),
      ("soft_to_outside", "link into another file"), ("external", "in another file"),
      ("virtual", "virtual dataset"),
    ])
  func nothingOutsideTheFileIsRead(path: String, reason: String) throws {
    let file = try File(readingFrom: fixture("outside.h5"))
    let error = hdf5Error { _ = try file.dataset(path).floats() }
    #expect(error?.code == .refused)
    #expect(error?.dataset == path)
    #expect(error?.reason.contains(reason) == true)
  }

  @Test(arguments: ["soft", "data/near", "soft_group/X", "soft_group/near", "data/again/data/X"])
  func linksInsideTheFileAreFollowed(path: String) throws {
    let file = try File(readingFrom: fixture("links.h5"))
    #expect(try file.dataset(path).floats() == [0, 1, 2, 3, 4, 5])
  }

  @Test func linksThatGoAstray() throws {
    let file = try File(readingFrom: fixture("links.h5"))
    #expect(hdf5Error { _ = try file.dataset("dangling") }?.code == .missingDataset)
    #expect(hdf5Error { _ = try file.dataset("loop_a") }?.code == .refused)
    let deep = String(repeating: "data/again/", count: 40) + "data/X"
    #expect(hdf5Error { _ = try file.dataset(deep) }?.code == .refused)
    #expect(hdf5Error { _ = try file.dataset("data/../data/X") }?.code == .refused)
    // A group that contains itself is listed once.
    #expect(try file.datasetPaths() == ["data/X"])
  }

  @Test(arguments: [("lzf", "'lzf' (number 32000)"), ("scaleoffset", "'scaleoffset' (number 6)")])
  func otherFiltersAreNamed(name: String, words: String) throws {
    let file = try File(readingFrom: fixture("filters.h5"))
    let error = hdf5Error { _ = try file.dataset(name).floats() }
    #expect(error?.code == .refused)
    #expect(error?.reason.contains(words) == true)
    // Both are read by h5py as it is.
    #expect(error?.reason.contains("python3 -c \"import h5py; ") == true)
    #expect(try file.dataset("gzip").floats() == (0..<64).map(Float.init))
  }

  @Test(arguments: ["square", "overflow", "contiguous", "chunk", "bytes"])
  func shapesBeyondTheStoredBytesAreRefused(name: String) throws {
    let file = try File(readingFrom: fixture("bombs.h5"))
    let error = hdf5Error { _ = try file.dataset(name).floats() }
    #expect(error?.code == .refused)
  }

  /// Whole numbers of one byte become numbers of eight: 6 x 1 of them need 48 bytes, not 6.
  @Test func sizesCountInMemory() throws {
    let dataset = try File(readingFrom: fixture("labels.h5")).dataset("signs")
    #expect(dataset.type == .integer(bytes: 1, signed: true, bigEndian: false))
    try dataset.checkSize(bytesPerValue: 8, memory: 48)
    #expect(hdf5Error { try dataset.checkSize(bytesPerValue: 8, memory: 47) }?.code == .refused)
    try dataset.checkSize(bytesPerValue: 4, memory: 24)
  }

  @Test func aTargetIsNoFeature() throws {
    let path = fixture("labels.h5")
    // The last is a link to it.
    for features in ["X,numbers", "numbers", "/numbers, X", "X,alias"] {
      let error = hdf5Error {
        _ = try Table(contentsOf: path, features: features, target: "numbers")
      }
      #expect(error?.reason.contains("it is the target") == true, "\(features)")
    }
    let table = try Table(contentsOf: path, features: "X,numbers", target: "size")
    #expect(table.columnCount == 2)
  }

  @Test func aMissingDatasetListsWhatThereIs() throws {
    let file = try File(readingFrom: fixture("labels.h5"))
    let error = hdf5Error { _ = try file.dataset("sise") }
    #expect(error?.code == .missingDataset)
    #expect(error?.description.contains("did you mean 'size'?") == true)
    #expect(error?.description.contains("'X'") == true)
    let odd = hdf5Error { _ = try file.dataset("zzzzzzzzzzzz") }
    #expect(odd?.reason.contains("did you mean") == false)
  }

  @Test func filesThatAreNone() throws {
    try withFolder { folder in
      func code(_ path: String) -> HDF5Error.Code? {
        hdf5Error { _ = try File(readingFrom: path) }?.code
      }
      #expect(code("\(folder)/none.h5") == .missingFile)
      #expect(code(folder) == .unreadableFile)
      #expect(code("/dev/null") == .unreadableFile)
      try Data().write(to: URL(fileURLWithPath: "\(folder)/empty.h5"))
      #expect(code("\(folder)/empty.h5") == .notHDF5)
      try Data("x,y\n1,2\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/text.h5"))
      #expect(code("\(folder)/text.h5") == .notHDF5)
    }
  }

  /// Whatever length a file is cut to, reading gives an error or the right values, never others.
  @Test func filesCutShort() throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: fixture("layouts.h5")))
    var whole = 0
    var refused = 0
    let matrix = (0..<230).map(Float.init)
    try withFolder { folder in
      for length in stride(from: 1, to: bytes.count, by: 997) {
        let path = "\(folder)/cut-\(length).h5"
        try bytes.prefix(length).write(to: URL(fileURLWithPath: path))
        do {
          let values = try File(readingFrom: path).dataset("rows").floats()
          #expect(values == matrix)
          whole += 1
        } catch {
          refused += 1
        }
      }
      // All cuts but the last few lose something that "rows" needs.
      #expect(refused > whole)
    }
  }

  @Test func contentsTellHowEachIsRead() throws {
    let items = try File(readingFrom: fixture("outside.h5")).contents().items
    #expect(items.first { $0.path == "X" }?.reading == "features: 2 rows, 2 columns")
    #expect(items.first { $0.path == "folder/link" }?.isReadable == false)
    #expect(items.first { $0.path == "virtual" }?.reading.contains("refused") == true)
    let types = try File(readingFrom: fixture("types.h5")).contents().items
    #expect(types.first { $0.path == "opaque" }?.isReadable == false)
    #expect(types.first { $0.path == "floats/f2be" }?.type == "16-bit float, big-endian")
    #expect(types.count == 39)
  }

  /// Runs over a folder of foreign and hostile files where one is named; a file that makes the
  /// library itself crash ends the test run, so leave those out.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["CURVATURE_HDF5_CORPUS"] != nil))
  func corpus() throws {
    let folder = ProcessInfo.processInfo.environment["CURVATURE_HDF5_CORPUS"] ?? ""
    let names = FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []
    for name in names.sorted() {
      do {
        let file = try File(readingFrom: "\(folder)/\(name)")
        for item in try file.contents().items where item.isReadable {
          let dataset = try file.dataset(item.path)
          if dataset.type.isNumeric {
            let values = try? dataset.doubles()
            #expect(values.map { $0.count == dataset.shape.reduce(1, *) } ?? true)
          }
        }
      } catch {
        // Only an HDF5Error can be thrown here; it must say where.
        #expect(error.file.hasSuffix(name) && !error.reason.isEmpty)
      }
    }
  }
}
