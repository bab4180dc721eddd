import Foundation
import Tabular

extension Dataset {
  /// A dataset above this size must have stored bytes to show for it.
  static let largestUnproven = 64 << 20
  /// Deflate cannot expand its input by more than this ("zlib Technical Details").
  static let largestExpansion = 1032
  /// A chunk is decompressed as a whole, so a larger one would not fit a small machine.
  static let largestChunk = 1 << 30

  /// Throws why the values cannot be read safely, if they cannot.
  ///
  /// Refused are storage outside the file, filters other than deflate, shuffle and fletcher32,
  /// more than two dimensions, types that hold no numbers or text, sizes that overflow or
  /// exceed the machine, and declared sizes that the stored bytes cannot account for. Sizes count
  /// as they will be in memory: numbers as Double, text as String.
  public func checkReadable() throws(HDF5Error) {
    if case .text = type {
      try checkReadable(bytesPerValue: MemoryLayout<String>.size + max(0, valueSize))
    } else {
      try checkReadable(bytesPerValue: MemoryLayout<Double>.size)
    }
  }

  /// The same for values that take `bytesPerValue` bytes each in memory.
  func checkReadable(bytesPerValue: Int) throws(HDF5Error) {
    switch storage.layout {
    case .virtual:
      throw error(
        .refused,
        "it is a virtual dataset, whose values lie in other files and are not read for safety; "
          + Remedy.copy(path, of: file.path))
    case .external:
      throw error(
        .refused,
        "its values lie in another file, which is not read for safety; "
          + Remedy.copy(path, of: file.path))
    case .unknown: throw error(.damaged, "its layout is unknown; make the file again")
    case .compact, .contiguous, .chunked: break
    }
    if let filter = storage.filters.first(where: { !$0.isSupported }) {
      throw error(
        .refused,
        "it is compressed with the filter '\(filter.name)' (number \(filter.number)), which is "
          + "not read; " + Remedy.copy(file.path, plugins: filter.needsPlugin))
    }
    if case .unsupported(let words) = type {
      throw error(
        .wrongType, "its values are \(words), which are not read; store numbers or text instead")
    }
    guard (1...2).contains(shape.count) else {
      throw error(
        .wrongShape,
        shape.isEmpty
          ? "it is a single value; a column of one value per row is needed"
          : "it has \(shape.count) dimensions; reshape it to rows and columns")
    }
    if case .array = type, shape.count == 2 {
      throw error(
        .wrongShape,
        "each value of its rows and columns is an array; reshape it to rows and columns")
    }
    try checkSize(bytesPerValue: bytesPerValue)
  }

  /// The bytes of all values at so many bytes each; nil if they are more than can be counted.
  private func bytes(perValue size: Int) -> Int? {
    var bytes = max(1, size)
    for extent in shape {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      bytes = product
    }
    return bytes
  }

  func checkSize(
    bytesPerValue: Int, memory: UInt64 = ProcessInfo.processInfo.physicalMemory
  ) throws(HDF5Error) {
    guard let bytes = bytes(perValue: valueSize),
      let needed = self.bytes(perValue: bytesPerValue * max(1, type.numberCount))
    else { throw bomb("more bytes than can be counted") }
    let stored = storage.storedBytes
    guard stored <= file.byteCount else {
      throw error(
        .damaged,
        "it claims \(stored) bytes of a file of \(file.byteCount); copy or make the file again")
    }
    if bytes > 0, storage.layout == .contiguous, stored == 0, storage.leavesGaps {
      throw error(.damaged, "its values were never written; write them or drop the dataset")
    }
    let isLarge = max(bytes, needed) > Dataset.largestUnproven
    if isLarge, bytes / Dataset.largestExpansion > stored {
      throw bomb("\(bytes) bytes, with \(stored) stored")
    }
    guard needed <= memory else {
      throw error(
        .refused,
        "it needs \(needed) bytes of memory, more than this machine has; use fewer rows")
    }
    if isLarge {
      do throws(MemoryShortage) {
        try Memory.require(needed, for: "reading it")
      } catch {
        throw self.error(.outOfMemory, error.description)
      }
    }
    guard let chunk = storage.chunk else { return }
    var chunkBytes = max(1, valueSize)
    for extent in chunk {
      let (product, overflow) = chunkBytes.multipliedReportingOverflow(by: extent)
      guard !overflow, product <= Dataset.largestChunk else {
        throw error(
          .refused, "one of its chunks takes more than 1 GiB; " + Remedy.copy(file.path))
      }
      chunkBytes = product
    }
    if chunkBytes > Dataset.largestUnproven, chunkBytes / Dataset.largestExpansion > stored {
      throw bomb("chunks of \(chunkBytes) bytes, with \(stored) stored")
    }
  }

  private func bomb(_ size: String) -> HDF5Error {
    let shape = shape.map(String.init).joined(separator: " x ")
    return error(
      .refused,
      "its shape \(shape) declares \(size), so most of it was never written; write the values, "
        + "or make it smaller")
  }
}
