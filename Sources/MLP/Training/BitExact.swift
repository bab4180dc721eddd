/// Numbers that are coded by their bits: exact in every coder, and whole where some are not finite.
@propertyWrapper
struct BitExact<Number: BitPatterned>: Sendable, Hashable, Codable {
  var wrappedValue: [Number]

  init(wrappedValue: [Number]) { self.wrappedValue = wrappedValue }

  init(from decoder: any Decoder) throws {
    wrappedValue = try [Number.Bits](from: decoder).map { Number(bitPattern: $0) }
  }

  func encode(to encoder: any Encoder) throws {
    try wrappedValue.map(\.bitPattern).encode(to: encoder)
  }
}

/// A number that is told by its bits.
protocol BitPatterned: Sendable, Hashable {
  associatedtype Bits: Codable
  var bitPattern: Bits { get }
  init(bitPattern: Bits)
}

extension Float: BitPatterned {}
extension Double: BitPatterned {}
