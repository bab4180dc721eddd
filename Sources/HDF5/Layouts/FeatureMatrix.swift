import CHDF5
import Tabular

/// The features of a table while they are read: Float32, row-major `[rows x names]`.
struct FeatureMatrix {
  let rows: Int
  let names: [String]
  private(set) var values: [Float] = []
  /// The shifts of columns, by name.
  private(set) var shifts: [String: FeatureShift] = [:]
  /// Columns whose numbers were looked at and are told about, in order.
  private(set) var choices: [(name: String, choice: ShiftChoice)] = []
  /// What packed columns are, by what is to be said.
  private(set) var remarks: [(remark: String, names: [String])] = []
  /// Columns with missing times.
  private(set) var missingTimes: [String] = []

  init(rows: Int, names: [String]) {
    self.rows = rows
    self.names = names
  }

  private var columns: Int { names.count }

  /// Makes values of a column missing.
  mutating func blank(_ column: Int, rows: [Int]) {
    for row in rows { values[row * columns + column] = .nan }
  }

  /// Reads all `sources`, side by side.
  ///
  /// - Parameter shifts: the shifts to apply; nil to choose them by the values.
  mutating func fill(from sources: [Dataset], shifts given: [String: FeatureShift]?) throws {
    var packings: [Packing?] = []
    for source in sources { packings.append(try Packing(source)) }
    try read(sources, packings)
    var first = 0
    for (source, packing) in zip(sources, packings) {
      let own = first..<first + source.width
      noteRemark(of: packing, own)
      let wanted = columnsToRefine(own, of: source, packing, given)
      if !wanted.isEmpty { try refine(wanted, from: source, first: first, packing, given) }
      first = own.upperBound
    }
  }

  /// Numbers as the file's own type converts to Float32, or as they are unpacked.
  private mutating func read(_ sources: [Dataset], _ packings: [Packing?]) throws(HDF5Error) {
    var failure: HDF5Error?
    let (rows, columns) = (rows, columns)
    values = [Float](unsafeUninitializedCapacity: rows * columns) { buffer, initialized in
      guard let start = buffer.baseAddress else { return }
      do throws(HDF5Error) {
        try Library.locked { () throws(HDF5Error) in
          var first = 0
          for (source, packing) in zip(sources, packings) {
            // Safe because: the buffer holds rows x columns values, and the sources' widths add
            // up to the columns, so that each value is written once.
            if packing == nil, source.type != .bits {
              try source.readMatrix(
                into: start, memoryType: Float.memoryType, columns: columns, firstColumn: first)
            } else {
              try source.visitNumbers { slab, numbers in
                for (place, row) in slab.rows.enumerated() {
                  let from = place * slab.columns.count
                  for (offset, column) in slab.columns.enumerated() {
                    let number = numbers[from + offset]
                    start[row * columns + first + column] = Float(
                      packing?.value(number) ?? number)
                  }
                }
              }
            }
            first += source.width
          }
        }
        initialized = rows * columns
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  private mutating func noteRemark(of packing: Packing?, _ own: Range<Int>) {
    guard let remark = packing?.remark else { return }
    let names = Array(names[own])
    if let place = remarks.firstIndex(where: { $0.remark == remark }) {
      remarks[place].names += names
    } else {
      remarks.append((remark, names))
    }
  }

  /// Which of a source's columns are to be read again in full precision: those to be shifted, those
  /// that may hold missing times and, if no shifts are given, those of which Float32 may have made
  /// different numbers the same.
  private func columnsToRefine(
    _ own: Range<Int>, of source: Dataset, _ packing: Packing?, _ given: [String: FeatureShift]?
  ) -> [Int] {
    let type: ValueType
    if case .array(let element, _) = source.type { type = element } else { type = source.type }
    let isShifted = own.filter { type != .bits && given?[names[$0]] != nil }
    let isWhole: Bool
    switch type {
    case .integer(let bytes, _, _) where bytes >= 4: isWhole = packing?.isScaled != true
    case .float(bytes: 8, _): isWhole = false
    default: return isShifted
    }
    let magnitudes = magnitudes(own)
    // The smallest 64-bit number, or one near it.
    let mayMiss = own.filter { isWhole && magnitudes[$0 - own.lowerBound] >= 0x1p63 }
    guard given == nil else { return Set(isShifted + mayMiss).sorted() }
    return own.filter { column in
      ShiftChoice.mayLose(
        largest: magnitudes[column - own.lowerBound], sample: isWhole ? [] : sample(column))
    }
  }

  /// The largest finite magnitude in each column. Goes along the rows: columns lie far apart.
  private func magnitudes(_ own: Range<Int>) -> [Float] {
    var largest = [Float](repeating: 0, count: own.count)
    for row in 0..<rows {
      for (place, column) in own.enumerated() {
        let magnitude = values[row * columns + column].magnitude
        if magnitude > largest[place], magnitude.isFinite { largest[place] = magnitude }
      }
    }
    return largest
  }

  /// A column's values in about a thousand rows.
  private func sample(_ column: Int) -> [Float] {
    stride(from: 0, to: rows, by: max(1, rows / 1024)).map { values[$0 * columns + column] }
  }

  /// Reads columns again in full precision and puts them in shifted, where that keeps more.
  private mutating func refine(
    _ wanted: [Int], from source: Dataset, first: Int, _ packing: Packing?,
    _ given: [String: FeatureShift]?
  ) throws {
    let local = wanted.map { $0 - first }
    let exact = try source.exactColumns(local, isPacked: packing != nil)
    for (place, index) in wanted.enumerated() {
      switch exact {
      case .whole(let columns):
        refine(whole: columns[place], index, given)
      case .real(let columns):
        let numbers = packing.map { columns[place].map($0.value) } ?? columns[place]
        let choice = given == nil ? ShiftChoice(real: numbers) : nil
        settle(choice, index, given) { shift in numbers.map(shift.feature(of:)) }
      }
    }
  }

  private mutating func refine(whole: [Int], _ index: Int, _ given: [String: FeatureShift]?) {
    let present = whole.filter { $0 != Int.min }
    if present.count < whole.count {
      missingTimes.append(names[index])
      for row in 0..<rows where whole[row] == Int.min { values[row * columns + index] = .nan }
    }
    let choice = given == nil ? ShiftChoice(whole: present) : nil
    settle(choice, index, given) { shift in
      whole.map { $0 == Int.min ? .nan : shift.feature(ofWhole: $0) }
    }
  }

  private mutating func settle(
    _ choice: ShiftChoice?, _ index: Int, _ given: [String: FeatureShift]?,
    _ shifted: (FeatureShift) -> [Float]
  ) {
    let name = names[index]
    if let choice, choice.shift != nil || choice.losesMuch { choices.append((name, choice)) }
    guard let shift = choice?.shift ?? given?[name] else { return }
    shifts[name] = shift
    for (row, value) in shifted(shift).enumerated() { values[row * columns + index] = value }
  }
}

extension Dataset {
  /// Columns in full precision.
  enum ExactColumns {
    case whole([[Int]])
    case real([[Double]])
  }

  /// Columns of a numeric dataset, whole numbers exactly if they are stored as such.
  func exactColumns(_ columns: [Int], isPacked: Bool) throws(HDF5Error) -> ExactColumns {
    func gathered<Value: BitwiseCopyable>(
      _ zero: Value, _ memoryType: () -> hid_t
    ) throws(HDF5Error) -> [[Value]] {
      var result = columns.map { _ in [Value](repeating: zero, count: rowCount) }
      try Library.locked { () throws(HDF5Error) in
        try visitSlabs(of: zero, memoryType: memoryType()) { slab, values throws(HDF5Error) in
          for (place, column) in columns.enumerated() where slab.columns.contains(column) {
            for (offset, row) in slab.rows.enumerated() {
              result[place][row] =
                values[offset * slab.columns.count + column - slab.columns.lowerBound]
            }
          }
        }
      }
      return result
    }
    let element: ValueType
    if case .array(let type, _) = type { element = type } else { element = type }
    if case .integer(let bytes, let signed, _) = element, !isPacked, signed || bytes < 8 {
      return .whole(try gathered(Int64(0)) { hdf5_native_int64() }.map { $0.map { Int($0) } })
    }
    return .real(try gathered(0.0) { hdf5_native_double() })
  }

  /// Gives `body` the numbers slab by slab as Double, bit fields as whole numbers; call inside
  /// ``Library/locked(_:)`` after ``checkReadable()``.
  func visitNumbers(
    _ body: (_ slab: SlabPlan.Slab, _ values: [Double]) -> Void
  ) throws(HDF5Error) {
    guard type == .bits else {
      return try visitSlabs(of: 0.0, memoryType: hdf5_native_double()) {
        slab, values throws(HDF5Error) in body(slab, values)
      }
    }
    try visitSlabs(of: UInt8(0), memoryType: hdf5_native_bits()) {
      slab, bits throws(HDF5Error) in body(slab, bits.map(Double.init))
    }
  }
}
