import CHDF5
import Foundation

extension Dataset {
  /// No text of a dataset may be longer than this, in bytes.
  static let longestText = 1 << 20
  /// All texts of a dataset together may not be longer than this, in bytes.
  static let longestTexts = 256 << 20

  /// The values of a one-dimensional dataset of text, of fixed or varying length.
  ///
  /// Text is UTF-8; if one value is not, all are decoded as Latin-1, so that values of different
  /// bytes stay different. Blanks at the end are kept, except where the type says that they fill up.
  /// - Throws: ``HDF5Error`` if the values are not text, too long, or not safe to read.
  public func texts() throws(HDF5Error) -> [String] { try decodedTexts().texts }

  /// The texts, and how they were decoded.
  func decodedTexts() throws(HDF5Error) -> (texts: [String], encoding: TextEncoding) {
    guard case .text(let bytes) = type else {
      throw error(.wrongType, "its values are \(type), but text is needed")
    }
    try checkReadable()
    if let bytes, !(1...Dataset.longestText).contains(bytes) {
      throw error(.refused, "each text takes \(bytes) bytes, more than 1 MiB; store shorter text")
    }
    if let texts = try texts(as: .utf8) { return (texts, .utf8) }
    return (try texts(as: .latin1) ?? [], .latin1)
  }

  /// The texts in one encoding; nil if one of them is not of it.
  private func texts(as encoding: TextEncoding) throws(HDF5Error) -> [String]? {
    try Library.locked { () throws(HDF5Error) in
      guard let stored = Handle.type(H5Dget_type(handle.id)),
        let space = Handle.space(H5Dget_space(handle.id))
      else { throw file.damaged(path) }
      let form = try textForm(in: stored, encoding)
      let batch = max(1, min(4096, Dataset.longestText / form.width) / max(1, width))
      var result: [String] = []
      var length = 0
      for first in stride(from: 0, to: rowCount, by: batch) {
        let slab = SlabPlan.Slab(rows: first..<min(first + batch, rowCount), columns: 0..<width)
        guard let texts = try readTexts(slab, of: space, form) else { return nil }
        length += texts.reduce(0) { $0 + $1.utf8.count }
        guard length <= Dataset.longestTexts else {
          throw error(.refused, "its texts take more than 256 MiB; store codes instead of names")
        }
        result.append(contentsOf: texts)
      }
      return result
    }
  }

  /// How the texts lie in memory.
  private struct TextForm {
    var element: Handle
    var width: Int
    /// The padding of fixed texts; nil for texts of any length.
    var padding: TextPadding?
    var encoding: TextEncoding
  }

  private func textForm(
    in stored: Handle, _ encoding: TextEncoding
  ) throws(HDF5Error) -> TextForm {
    var text = stored
    if let fieldName {
      let index = H5Tget_member_index(stored.id, fieldName)
      guard index >= 0, let member = Handle.type(H5Tget_member_type(stored.id, UInt32(index)))
      else { throw file.damaged(path) }
      text = member
    }
    let element = try memoryElementType(text.id)
    guard case .text(let bytes?) = type else {
      let width = MemoryLayout<UnsafeMutablePointer<CChar>?>.size
      return TextForm(element: element, width: width, padding: nil, encoding: encoding)
    }
    return TextForm(
      element: element, width: bytes, padding: TextPadding(of: text.id), encoding: encoding)
  }

  private func readTexts(
    _ slab: SlabPlan.Slab, of space: Handle, _ form: TextForm
  ) throws(HDF5Error) -> [String]? {
    let count = slab.rows.count * slab.columns.count
    let bytes = count * form.width
    // Safe because: the buffer has `count * width` bytes, as many as the library writes; zeroed,
    // so that a pointer it leaves out is null.
    let buffer = UnsafeMutableRawPointer.allocate(byteCount: max(1, bytes), alignment: 16)
    defer { buffer.deallocate() }
    buffer.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    try MemoryBound.during(textsOf: file, isOn: form.padding == nil) { () throws(HDF5Error) in
      try read(slab, of: space, as: form.element, into: buffer)
    }
    if let padding = form.padding {
      return fixedTexts(buffer, count, width: form.width, padding, form.encoding)
    }
    var extent = [hsize_t(count)]
    let memory = Handle.space(H5Screate_simple(1, &extent, nil))
    defer { if let memory { _ = hdf5_free_strings(form.element.id, memory.id, buffer) } }
    return try variableTexts(buffer, count, form.encoding, file: file.path, dataset: path)
  }
}
