public import Tabular

/// Files of a known good one that somebody damaged or forged.
public enum DamagedBytes {
  /// FNV-1a, 64 bits, of all but the last eight bytes, put there little-endian: what a forger of a
  /// model file would do. Written down apart from the library, so that both must agree.
  public static func withChecksum(_ bytes: [UInt8]) -> [UInt8] {
    var digest: UInt64 = 14_695_981_039_346_656_037
    for byte in bytes.dropLast(8) { digest = (digest ^ UInt64(byte)) &* 1_099_511_628_211 }
    return bytes.dropLast(8) + (0..<8).map { UInt8(truncatingIfNeeded: digest >> (8 * $0)) }
  }

  /// A few bytes of `bytes` from place `start` on changed, removed or doubled, as chance has it.
  public static func variant(
    of bytes: [UInt8], from start: Int, _ generator: inout RandomGenerator
  ) -> [UInt8] {
    var result = bytes
    for _ in 0..<1 + generator.index(below: 4) {
      guard result.count > start + 16 else { break }
      let place = start + generator.index(below: result.count - start - 8)
      switch generator.index(below: 8) {
      case 0: result[place] ^= 1 << UInt8(generator.index(below: 8))
      case 1: result[place] = [0, 1, 0x7f, 0x80, 0xff][generator.index(below: 5)]
      case 2: result[place] = UInt8(truncatingIfNeeded: generator.next())
      case 3: result[place] = result[start + generator.index(below: result.count - start)]
      case 4:
        // A whole number or a float of four bytes from elsewhere, or an extreme one.
        let other = start + generator.index(below: result.count - start - 8)
        for byte in 0..<4 { result[place + byte] = result[other + byte] }
      case 5:
        let word: [UInt8] = [[0, 0, 0xc0, 0x7f], [0, 0, 0x80, 0xff], [0xff, 0xff, 0xff, 0x7f]][
          generator.index(below: 3)]
        for byte in 0..<4 { result[place + byte] = word[byte] }
      case 6: result.removeSubrange(place..<place + 1 + generator.index(below: 8))
      default: result.insert(contentsOf: result[place..<place + 8], at: place)
      }
    }
    return result
  }
}
