/// A set of bins, numbers from 0 to 255, as bits.
struct BinSet: Hashable, Sendable, BitwiseCopyable {
  private var words = SIMD4<UInt64>.zero

  init(_ members: some Sequence<Int>) {
    for member in members {
      precondition((0..<256).contains(member), "bins are counted from 0 to 255")
      words[member >> 6] |= 1 << UInt64(member & 63)
    }
  }

  func contains(_ bin: UInt8) -> Bool { words[Int(bin >> 6)] >> UInt64(bin & 63) & 1 == 1 }

  /// The bins of the set, increasing.
  var members: [Int] { (0..<256).filter { contains(UInt8($0)) } }
}
