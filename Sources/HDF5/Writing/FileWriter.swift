import CHDF5
import Foundation
import Tabular

extension File {
  /// Writes an HDF5 file: beside `path`, and renamed over it when `body` succeeds.
  ///
  ///     try File.write(to: "predictions.h5") { file in
  ///       try file.write("score", scores, shape: [rows, 1])
  ///       try file.setAttribute("task", .text("regression"))
  ///     }
  ///
  /// The file is built in memory, since the library may crash where a disk is full: this takes
  /// twice the file's size. The same calls write the same bytes. A failure leaves no file, or
  /// the old one.
  /// - Throws: `FileReplacementError` if the folder cannot be written, ``HDF5Error`` if a dataset
  ///   cannot, and what `body` throws.
  public static func write<Result>(
    to path: String, _ body: (FileWriter) throws -> Result
  ) throws -> Result {
    try replaceFile(at: path) { temporary in
      let writer = try FileWriter(path)
      let result = try body(writer)
      try writer.image().write(to: URL(fileURLWithPath: temporary))
      return result
    }
  }
}

/// An HDF5 file that is being written; see ``File/write(to:_:)``.
public final class FileWriter {
  private let path: String
  private let handle: Handle

  /// How a dataset is stored.
  public enum Storage: Sendable, Hashable {
    /// As it is.
    case contiguous
    /// In chunks of whole rows, about 256 KiB each, shuffled and deflated.
    case compressed(level: Int)
  }

  init(_ path: String) throws(HDF5Error) {
    self.path = path
    handle = try Library.locked { () throws(HDF5Error) in
      let creation = Handle.list(H5Pcreate(hdf5_file_creation()))
      let access = Handle.list(H5Pcreate(hdf5_file_access()))
      if let creation { H5Pset_obj_track_times(creation.id, false) }
      guard let access, H5Pset_fapl_core(access.id, 4 << 20, false) >= 0 else {
        throw FileWriter.failure(path, nil)
      }
      let id = H5Fcreate(
        path, hdf5_create_or_truncate(), creation?.id ?? hdf5_default(), access.id)
      // Attributes above 64 KiB, such as a thousand feature names, need the objects' form of
      // 2008. The file's own head keeps the oldest form: newer ones hold a checksum that
      // `H5Fget_file_image` of libhdf5 1.10 leaves wrong.
      guard let handle = Handle(id, closedBy: { H5Fclose($0) }),
        H5Fset_libver_bounds(handle.id, H5F_LIBVER_V18, H5F_LIBVER_V18) >= 0
      else { throw FileWriter.failure(path, nil) }
      return handle
    }
  }

  /// Writes `values`, row-major, as a dataset of one or two dimensions; groups on the way are made.
  ///
  /// - Parameter shape: rows, or rows and columns; nil for one dimension.
  public func write<Value: StorableNumber>(
    _ name: String, _ values: [Value], shape: [Int]? = nil,
    storage: Storage = .compressed(level: 4)
  ) throws(HDF5Error) {
    let shape = shape ?? [values.count]
    precondition((1...2).contains(shape.count), "a dataset has one or two dimensions")
    precondition(
      shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == values.count,
      "a dataset's shape fits its values")
    try Library.locked { () throws(HDF5Error) in
      let extents = shape.map { hsize_t($0) }
      try createGroups(above: name)
      guard let creation = Handle.list(H5Pcreate(hdf5_dataset_creation())),
        let space = Handle.space(H5Screate_simple(Int32(shape.count), extents, nil)),
        H5Pset_obj_track_times(creation.id, false) >= 0,
        setStorage(storage, shape, MemoryLayout<Value>.size, creation.id),
        let dataset = Handle.dataset(
          H5Dcreate2(
            handle.id, name, Value.fileType, space.id, hdf5_default(), creation.id, hdf5_default()))
      else { throw FileWriter.failure(path, name) }
      // Safe because: the buffer holds as many values as the shape, which the library only reads.
      let status = values.withUnsafeBufferPointer { buffer in
        buffer.isEmpty
          ? 0
          : H5Dwrite(
            dataset.id, Value.memoryType, hid_t(H5S_ALL), hid_t(H5S_ALL), hdf5_default(),
            buffer.baseAddress)
      }
      // Closing a dataset would hide that its last chunks found no room: flush and ask.
      guard status >= 0, H5Dflush(dataset.id) >= 0 else { throw FileWriter.failure(path, name) }
    }
  }

  /// Attaches a named value to the file, or to a dataset that was written.
  public func setAttribute(
    _ name: String, _ value: AttributeValue, of dataset: String? = nil
  ) throws(HDF5Error) {
    try Library.locked { () throws(HDF5Error) in
      guard let object = Handle.object(H5Oopen(handle.id, dataset ?? "/", hdf5_default())) else {
        throw FileWriter.failure(path, dataset)
      }
      switch value {
      case .text(let text): try setTexts(name, [text], isSingle: true, object, dataset)
      case .texts(let texts): try setTexts(name, texts, isSingle: false, object, dataset)
      case .number(let number): try setNumbers(name, [number], isSingle: true, object, dataset)
      case .numbers(let numbers): try setNumbers(name, numbers, isSingle: false, object, dataset)
      case .other: preconditionFailure("an attribute is text or numbers")
      }
    }
  }

  /// The file's bytes.
  func image() throws(HDF5Error) -> Data {
    try Library.locked { () throws(HDF5Error) in
      guard H5Fflush(handle.id, H5F_SCOPE_GLOBAL) >= 0 else { throw FileWriter.failure(path, nil) }
      let count = H5Fget_file_image(handle.id, nil, 0)
      guard count > 0 else { throw FileWriter.failure(path, nil) }
      var data = Data(count: count)
      // Safe because: the data hold as many bytes as the library is told to write.
      let written = data.withUnsafeMutableBytes { bytes in
        H5Fget_file_image(handle.id, bytes.baseAddress, count)
      }
      guard written == count else { throw FileWriter.failure(path, nil) }
      return data
    }
  }

  private func createGroups(above name: String) throws(HDF5Error) {
    var path = ""
    for component in File.components(name).dropLast() {
      path += "/\(component)"
      if H5Lexists(handle.id, path, hdf5_default()) > 0 { continue }
      guard let creation = Handle.list(H5Pcreate(hdf5_group_creation())),
        H5Pset_obj_track_times(creation.id, false) >= 0,
        Handle.group(
          H5Gcreate2(handle.id, path, hdf5_default(), creation.id, hdf5_default())) != nil
      else { throw FileWriter.failure(self.path, name) }
    }
  }

  private func setStorage(
    _ storage: Storage, _ shape: [Int], _ valueBytes: Int, _ creation: hid_t
  ) -> Bool {
    guard case .compressed(let level) = storage, shape.allSatisfy({ $0 > 0 }) else { return true }
    let rowBytes = shape.dropFirst().reduce(valueBytes, *)
    var chunk = shape.map { hsize_t($0) }
    chunk[0] = hsize_t(min(shape[0], max(1, (256 << 10) / rowBytes)))
    return H5Pset_chunk(creation, Int32(chunk.count), chunk) >= 0
      && H5Pset_shuffle(creation) >= 0
      && H5Pset_deflate(creation, UInt32(min(max(level, 0), 9))) >= 0
  }

  private func setNumbers(
    _ name: String, _ values: [Double], isSingle: Bool, _ object: Handle, _ dataset: String?
  ) throws(HDF5Error) {
    guard let space = attributeSpace(values.count, isSingle),
      let attribute = Handle.attribute(
        H5Acreate2(
          object.id, name, Double.fileType, space.id, hdf5_default(), hdf5_default())),
      values.isEmpty || H5Awrite(attribute.id, Double.memoryType, values) >= 0
    else { throw FileWriter.failure(path, dataset) }
  }

  private func setTexts(
    _ name: String, _ texts: [String], isSingle: Bool, _ object: Handle, _ dataset: String?
  ) throws(HDF5Error) {
    guard let space = attributeSpace(texts.count, isSingle),
      let type = Handle.type(H5Tcopy(hdf5_c_string())),
      H5Tset_size(type.id, hdf5_variable_length()) >= 0,
      H5Tset_cset(type.id, H5T_CSET_UTF8) >= 0,
      let attribute = Handle.attribute(
        H5Acreate2(object.id, name, type.id, space.id, hdf5_default(), hdf5_default()))
    else { throw FileWriter.failure(path, dataset) }
    guard !texts.isEmpty else { return }
    // Safe because: one zero-terminated block holds all texts, and the pointers into it are used
    // only while it lives.
    let block = texts.flatMap { Array($0.utf8.map { $0 == 0 ? 32 : $0 }) + [0] }
    let status = block.withUnsafeBufferPointer { block in
      var pointers: [UnsafePointer<UInt8>?] = []
      var start = 0
      for text in texts {
        pointers.append(block.baseAddress.map { $0 + start })
        start += text.utf8.count + 1
      }
      return H5Awrite(attribute.id, type.id, pointers)
    }
    guard status >= 0 else { throw FileWriter.failure(path, dataset) }
  }

  private func attributeSpace(_ count: Int, _ isSingle: Bool) -> Handle? {
    isSingle
      ? Handle.space(H5Screate(H5S_SCALAR))
      : Handle.space(H5Screate_simple(1, [hsize_t(count)], nil))
  }

  private static func failure(_ path: String, _ dataset: String?) -> HDF5Error {
    HDF5Error(
      .cannotWrite, file: path, dataset: dataset,
      "it cannot be written; choose another place or free space there",
      libraryMessage: Library.lastMessage())
  }
}
