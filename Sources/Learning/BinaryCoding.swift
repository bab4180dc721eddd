/// Builds a sequence of little-endian bytes.
public struct BinaryEncoder: Sendable {
  /// What was appended so far.
  public private(set) var bytes: [UInt8] = []

  /// Nothing yet.
  public init() {}

  public mutating func append(_ raw: [UInt8]) { bytes.append(contentsOf: raw) }

  /// Appends one integer, least significant byte first.
  public mutating func append(_ value: some FixedWidthInteger) {
    var rest = value
    for _ in 0..<value.bitWidth / 8 {
      bytes.append(UInt8(truncatingIfNeeded: rest))
      if value.bitWidth > 8 { rest >>= 8 }
    }
  }

  public mutating func append(_ value: Double) { append(value.bitPattern) }
  public mutating func append(_ value: Float) { append(value.bitPattern) }

  /// Appends the number of elements and the elements.
  public mutating func append(_ values: [Double]) {
    append(UInt64(values.count))
    for value in values { append(value) }
  }

  public mutating func append(_ values: [Float]) {
    append(UInt64(values.count))
    for value in values { append(value) }
  }

  public mutating func append(_ values: [Int32]) {
    append(UInt64(values.count))
    for value in values { append(value) }
  }
}

/// Reads what a ``BinaryEncoder`` wrote, refusing to read past the end.
public struct BinaryDecoder: Sendable {
  private var rest: ArraySlice<UInt8>

  /// Reads from `bytes`.
  public init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// Whether everything was read.
  public var isAtEnd: Bool { rest.isEmpty }

  public mutating func readBytes(_ count: Int) throws(LearningError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= rest.count else {
      throw LearningError(.invalidModelFile, "the model file is damaged: a part of it is missing")
    }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  public mutating func read<Value: FixedWidthInteger>(
    _ type: Value.Type
  ) throws(LearningError) -> Value {
    var value: Value = 0
    for (place, byte) in try readBytes(Value.bitWidth / 8).enumerated() {
      value |= Value(truncatingIfNeeded: byte) << (8 * place)
    }
    return value
  }

  public mutating func readUInt64() throws(LearningError) -> UInt64 { try read(UInt64.self) }

  public mutating func readDouble() throws(LearningError) -> Double {
    Double(bitPattern: try read(UInt64.self))
  }

  public mutating func readDoubles() throws(LearningError) -> [Double] {
    try readArray(bytesEach: 8) { decoder throws(LearningError) in
      Double(bitPattern: try decoder.read(UInt64.self))
    }
  }

  public mutating func readFloats() throws(LearningError) -> [Float] {
    try readArray(bytesEach: 4) { decoder throws(LearningError) in
      Float(bitPattern: try decoder.read(UInt32.self))
    }
  }

  public mutating func readInt32s() throws(LearningError) -> [Int32] {
    try readArray(bytesEach: 4) { decoder throws(LearningError) in
      try decoder.read(Int32.self)
    }
  }

  private mutating func readArray<Value>(
    bytesEach: Int, _ readOne: (inout BinaryDecoder) throws(LearningError) -> Value
  ) throws(LearningError) -> [Value] {
    let count = Int(clamping: try readUInt64())
    var part = BinaryDecoder(
      try readBytes(
        count.multipliedReportingOverflow(by: bytesEach).overflow
          ? -1 : count * bytesEach))
    var values: [Value] = []
    values.reserveCapacity(count)
    for _ in 0..<count { values.append(try readOne(&part)) }
    return values
  }
}
