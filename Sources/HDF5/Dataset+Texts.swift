import CHDF5
import Foundation

extension Dataset {
  /// No text of a dataset may be longer than this, in bytes.
  static let longestText = 1 << 20
  /// All texts of a dataset together may not be longer than this, in bytes.
  static let longestTexts = 256 << 20

  /// The values of a one-dimensional dataset of text, of fixed or varying length.
  ///
  /// - Throws: ``HDF5Error`` if the values are not text, too long, or not safe to read.
  public func texts() throws(HDF5Error) -> [String] {
    guard case .text(let bytes) = type else {
      throw error(.wrongType, "its values are \(type), but text is needed")
    }
    try checkReadable()
    if let bytes, !(1...Dataset.longestText).contains(bytes) {
      throw error(.refused, "each text takes \(bytes) bytes, more than 1 MiB; store shorter text")
    }
    return try Library.locked { () throws(HDF5Error) in
      guard let stored = Handle.type(H5Dget_type(handle.id)),
        let space = Handle.space(H5Dget_space(handle.id))
      else { throw file.damaged(path) }
      let element = try textType(in: stored)
      let width = bytes ?? MemoryLayout<UnsafeMutablePointer<CChar>?>.size
      let columns = shape.count == 2 ? shape[1] : 1
      var result: [String] = []
      var length = 0
      let batch = max(1, min(4096, Dataset.longestText / width) / max(1, columns))
      for first in stride(from: 0, to: rowCount, by: batch) {
        let slab = SlabPlan.Slab(
          rows: first..<min(first + batch, rowCount), columns: 0..<columns)
        let texts = try readTexts(slab, of: space, as: element, width: width, isFixed: bytes != nil)
        length += texts.reduce(0) { $0 + $1.utf8.count }
        guard length <= Dataset.longestTexts else {
          throw error(.refused, "its texts take more than 256 MiB; store codes instead of names")
        }
        result.append(contentsOf: texts)
      }
      return result
    }
  }

  private func textType(in stored: Handle) throws(HDF5Error) -> Handle {
    guard let fieldName else { return try memoryElementType(stored.id) }
    let index = H5Tget_member_index(stored.id, fieldName)
    guard index >= 0, let member = Handle.type(H5Tget_member_type(stored.id, UInt32(index)))
    else { throw file.damaged(path) }
    return try memoryElementType(member.id)
  }

  private func readTexts(
    _ slab: SlabPlan.Slab, of space: Handle, as type: Handle, width: Int, isFixed: Bool
  ) throws(HDF5Error) -> [String] {
    let count = slab.rows.count * slab.columns.count
    // Safe because: the buffer has `count * width` bytes, as many as the library writes; zeroed,
    // so that a pointer it leaves out is null.
    let buffer = UnsafeMutableRawPointer.allocate(byteCount: max(1, count * width), alignment: 16)
    defer { buffer.deallocate() }
    buffer.initializeMemory(as: UInt8.self, repeating: 0, count: count * width)
    try read(slab, of: space, as: type, into: buffer)
    if isFixed {
      return (0..<count).map { fixedText(buffer + $0 * width, width) }
    }
    var extent = [hsize_t(count)]
    let memory = Handle.space(H5Screate_simple(1, &extent, nil))
    defer { if let memory { _ = hdf5_free_strings(type.id, memory.id, buffer) } }
    return try variableTexts(buffer, count, file: file.path, dataset: path)
  }
}

/// Text in a field of `width` bytes, without the zeros or blanks that fill it up.
func fixedText(_ start: UnsafeRawPointer, _ width: Int) -> String {
  // Safe because: the caller's buffer holds `width` bytes at `start`.
  let bytes = UnsafeRawBufferPointer(start: start, count: width).prefix { $0 != 0 }
  let kept = bytes.lastIndex { $0 != UInt8(ascii: " ") }
  return String(decoding: kept.map { bytes[...$0] } ?? bytes.prefix(0), as: UTF8.self)
}

/// The texts that `count` pointers written by the library lead to.
func variableTexts(
  _ start: UnsafeMutableRawPointer, _ count: Int, file: String, dataset: String?
) throws(HDF5Error) -> [String] {
  // Safe because: the library wrote `count` pointers to zero-terminated text, or null.
  let pointers = start.assumingMemoryBound(to: UnsafeMutablePointer<CChar>?.self)
  var result: [String] = []
  result.reserveCapacity(count)
  for index in 0..<count {
    guard let text = pointers[index] else {
      result.append("")
      continue
    }
    guard strnlen(text, Dataset.longestText + 1) <= Dataset.longestText else {
      throw HDF5Error(
        .refused, file: file, dataset: dataset,
        "the text at \(index) is longer than 1 MiB; store shorter text")
    }
    result.append(String(cString: text))
  }
  return result
}
