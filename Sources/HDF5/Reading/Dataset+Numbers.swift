import CHDF5

extension Dataset {
  /// The values as Float32, row-major `[rows x columns]`.
  ///
  /// Wider numbers are rounded to the nearest Float32; beyond its range they become infinite.
  /// Extra memory: one slab of 4 MiB, the library's cache of 16 MiB, and one chunk if larger.
  /// - Throws: ``HDF5Error`` if the dataset is not numeric or not safe to read.
  public func floats() throws(HDF5Error) -> [Float] { try numbers() }

  /// The values as Double, row-major `[rows x columns]`; whole numbers beyond 2^53 are rounded.
  public func doubles() throws(HDF5Error) -> [Double] { try numbers() }

  /// The values as whole numbers, exactly; enumerations as their codes, booleans as 0 and 1.
  ///
  /// - Throws: ``HDF5Error`` if the values are not whole numbers by type, or one is beyond
  ///   `Int.max`.
  public func integers() throws(HDF5Error) -> [Int] {
    switch type {
    case .integer(bytes: 8, signed: false, _):
      let values: [UInt64] = try array(of: UInt64.self, memoryType: { hdf5_native_uint64() })
      if let row = values.firstIndex(where: { $0 > UInt64(Int.max) }) {
        throw error(
          .invalidValue,
          "row \(row): \(values[row]) is beyond the largest whole number, \(Int.max); "
            + "number the values afresh")
      }
      return values.map { Int($0) }
    case .bits: return try bits().map { Int($0) }
    case .integer, .boolean, .enumeration:
      return try array(of: Int64.self, memoryType: { hdf5_native_int64() }).map { Int($0) }
    default:
      throw error(.wrongType, "its values are \(type), but whole numbers are needed")
    }
  }

  private func numbers<Value: StorableNumber & BinaryFloatingPoint>()
    throws(HDF5Error) -> [Value]
  {
    try checkNumeric(bytesPerValue: MemoryLayout<Value>.size)
    // The library converts bit fields to no numbers.
    if type == .bits { return try bits().map { Value($0) } }
    return try array(of: Value.self, memoryType: { Value.memoryType })
  }

  private func bits() throws(HDF5Error) -> [UInt8] {
    try array(of: UInt8.self, memoryType: { hdf5_native_bits() })
  }

  func checkNumeric(bytesPerValue: Int) throws(HDF5Error) {
    if case .compound(let fields) = type {
      let names = fields.map { "'\(path)/\($0.name)'" }.joined(separator: ", ")
      throw error(.wrongType, "it holds records; name one of its fields: \(names)")
    }
    if case .text = type {
      throw error(
        .wrongType,
        "its values are text, but numbers are needed; store numbers, such as a code for each text, "
          + "instead")
    }
    try checkReadable(bytesPerValue: bytesPerValue)
  }

  private func array<Value: BitwiseCopyable>(
    of _: Value.Type, memoryType: () -> hid_t
  ) throws(HDF5Error) -> [Value] {
    try checkReadable(bytesPerValue: MemoryLayout<Value>.size)
    let width = width
    let count = shape[0] * width
    var failure: HDF5Error?
    let values = [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
      guard count > 0, let start = buffer.baseAddress else { return }
      do throws(HDF5Error) {
        try Library.locked { () throws(HDF5Error) in
          // Safe because: the buffer holds rows x width values, and all are written.
          try readMatrix(
            into: start, memoryType: memoryType(), columns: width, firstColumn: 0)
        }
        initialized = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return values
  }

  /// Reads this dataset's columns into columns `firstColumn...` of the row-major matrix
  /// `[shape[0] x columns]` at `destination`; call inside ``Library/locked(_:)`` after
  /// ``checkReadable()``.
  ///
  /// Each slab lies inside one band of chunks, so that every chunk is decompressed once. A slab
  /// that spans all columns of the matrix goes straight to its place, others through a buffer.
  func readMatrix<Value: BitwiseCopyable>(
    into destination: UnsafeMutablePointer<Value>, memoryType: hid_t, columns: Int,
    firstColumn: Int
  ) throws(HDF5Error) {
    let rows = shape[0]
    let width = width
    guard rows > 0, width > 0 else { return }
    let plan = SlabPlan(
      rows: rows, width: width, chunk: storage.chunk,
      valueBytes: max(valueSize, MemoryLayout<Value>.size))
    let elementType = try memoryElementType(memoryType)
    guard let space = Handle.space(H5Dget_space(handle.id)) else { throw file.damaged(path) }
    let isDirect = plan.columnsPerSlab == width && width == columns
    if storage.leavesGaps {
      // A chunk that was never written leaves memory as it is: make that zero, not chance.
      // Safe because: the rows x width values of this dataset lie inside the matrix.
      for row in 0..<rows {
        let start = UnsafeMutableRawPointer(destination + row * columns + firstColumn)
        start.initializeMemory(
          as: UInt8.self, repeating: 0, count: width * MemoryLayout<Value>.stride)
      }
    }
    var buffer: [Value] = []
    for slab in plan {
      let target = destination + slab.rows.lowerBound * columns
      if isDirect {
        try read(slab, of: space, as: elementType, into: UnsafeMutableRawPointer(target))
        continue
      }
      let count = slab.rows.count * slab.columns.count
      if buffer.count < count {
        buffer = [Value](unsafeUninitializedCapacity: count) { storage, initialized in
          // Safe because: the values are numbers, any bytes make one, and zeros are written.
          UnsafeMutableRawBufferPointer(storage).initializeMemory(as: UInt8.self, repeating: 0)
          initialized = count
        }
      }
      var failure: HDF5Error?
      // Safe because: the buffer has at least `count` values, the library fills all of it, and the
      // copy stays inside the matrix: rows of the slab, columns below `columns`.
      buffer.withUnsafeMutableBufferPointer { buffer in
        guard let source = buffer.baseAddress else { return }
        do throws(HDF5Error) {
          try read(slab, of: space, as: elementType, into: UnsafeMutableRawPointer(source))
        } catch {
          failure = error
          return
        }
        let slabWidth = slab.columns.count
        for row in 0..<slab.rows.count {
          let from = source + row * slabWidth
          let to = target + row * columns + firstColumn + slab.columns.lowerBound
          for column in 0..<slabWidth { to[column] = from[column] }
        }
      }
      if let failure { throw failure }
    }
  }

  /// Gives `body` the values slab by slab, densely packed; call inside ``Library/locked(_:)`` after
  /// ``checkReadable()``. Values that were never written are zero.
  func visitSlabs<Value: BitwiseCopyable>(
    of zero: Value, memoryType: hid_t,
    _ body: (_ slab: SlabPlan.Slab, _ values: [Value]) throws(HDF5Error) -> Void
  ) throws(HDF5Error) {
    guard rowCount > 0, width > 0 else { return }
    let plan = SlabPlan(
      rows: rowCount, width: width, chunk: storage.chunk,
      valueBytes: max(valueSize, MemoryLayout<Value>.size))
    let elementType = try memoryElementType(memoryType)
    guard let space = Handle.space(H5Dget_space(handle.id)) else { throw file.damaged(path) }
    for slab in plan {
      var values = [Value](repeating: zero, count: slab.rows.count * slab.columns.count)
      var failure: HDF5Error?
      // Safe because: the array has as many values as the slab, which the library fills.
      values.withUnsafeMutableBytes { bytes in
        guard let start = bytes.baseAddress else { return }
        do throws(HDF5Error) {
          try read(slab, of: space, as: elementType, into: start)
        } catch {
          failure = error
        }
      }
      if let failure { throw failure }
      try body(slab, values)
    }
  }

  /// The type of one value in memory: `memoryType`, or an array of it as long as the file's, or a
  /// record of just the field that is read.
  func memoryElementType(_ memoryType: hid_t) throws(HDF5Error) -> Handle {
    let made: Handle?
    if case .array(_, let extents) = type {
      let sizes = extents.map { hsize_t($0) }
      made = Handle.type(H5Tarray_create2(memoryType, UInt32(sizes.count), sizes))
    } else {
      made = Handle.type(H5Tcopy(memoryType))
    }
    guard let copy = made else { throw file.damaged(path) }
    guard let fieldName else { return copy }
    // A field that the file does not have would be left as it is in memory, without an error.
    guard let stored = Handle.type(H5Dget_type(handle.id)),
      H5Tget_member_index(stored.id, fieldName) >= 0
    else {
      throw error(
        .invalidValue, "the name of its field '\(fieldName)' is not UTF-8; rename the field")
    }
    guard let record = Handle.type(H5Tcreate(H5T_COMPOUND, H5Tget_size(copy.id))),
      H5Tinsert(record.id, fieldName, 0, copy.id) >= 0
    else { throw file.damaged(path) }
    return record
  }

  /// Reads the values of a slab, densely packed; call inside ``Library/locked(_:)``.
  func read(
    _ slab: SlabPlan.Slab, of space: Handle, as type: Handle,
    into destination: UnsafeMutableRawPointer
  ) throws(HDF5Error) {
    var start = [hsize_t(slab.rows.lowerBound), hsize_t(slab.columns.lowerBound)]
    var extent = [hsize_t(slab.rows.count), hsize_t(slab.columns.count)]
    if shape.count == 1 {
      start.removeLast()
      extent.removeLast()
    }
    guard let memory = Handle.space(H5Screate_simple(Int32(extent.count), extent, nil)),
      H5Sselect_hyperslab(space.id, H5S_SELECT_SET, start, nil, extent, nil) >= 0,
      H5Dread(handle.id, type.id, memory.id, space.id, hdf5_default(), destination) >= 0
    else {
      throw error(
        .damaged,
        "rows \(slab.rows.lowerBound) to \(slab.rows.upperBound - 1) cannot be read; "
          + "copy or make the file again",
        libraryMessage: Library.lastMessage())
    }
  }
}
