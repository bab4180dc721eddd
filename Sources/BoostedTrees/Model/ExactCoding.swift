import Foundation

/// Numbers that are coded as bytes, so that every coder keeps every bit, NaN and infinity included,
/// and many of them take 8 bytes each.
@propertyWrapper
struct ExactNumbers: Codable, Sendable, Hashable {
  var wrappedValue: [Double]

  init(wrappedValue: [Double]) { self.wrappedValue = wrappedValue }

  init(from decoder: any Decoder) throws {
    var bytes = try BinaryDecoder(Array(Data(from: decoder))[...])
    wrappedValue = try bytes.readDoubles()
  }

  func encode(to encoder: any Encoder) throws {
    var bytes = BinaryEncoder()
    bytes.append(wrappedValue)
    try Data(bytes.bytes).encode(to: encoder)
  }
}

/// A number that is coded as bytes, as ``ExactNumbers`` are.
@propertyWrapper
struct ExactNumber: Codable, Sendable, Hashable {
  var wrappedValue: Double

  init(wrappedValue: Double) { self.wrappedValue = wrappedValue }

  init(from decoder: any Decoder) throws {
    var bytes = try BinaryDecoder(Array(Data(from: decoder))[...])
    wrappedValue = try bytes.readDouble()
  }

  func encode(to encoder: any Encoder) throws {
    var bytes = BinaryEncoder()
    bytes.append(wrappedValue)
    try Data(bytes.bytes).encode(to: encoder)
  }
}

/// Trees that are coded as model files hold them.
@propertyWrapper
struct ExactTrees: Codable, Sendable {
  var wrappedValue: [Tree]

  init(wrappedValue: [Tree]) { self.wrappedValue = wrappedValue }

  init(from decoder: any Decoder) throws {
    var bytes = try BinaryDecoder(Array(Data(from: decoder))[...])
    wrappedValue = []
    for _ in 0..<(try bytes.readUInt64()) {
      wrappedValue.append(try Tree(from: &bytes, isExtended: true))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var bytes = BinaryEncoder()
    bytes.append(UInt64(wrappedValue.count))
    for tree in wrappedValue { tree.append(to: &bytes, isExtended: true) }
    try Data(bytes.bytes).encode(to: encoder)
  }
}
