import Tabular
import Testing

@Suite struct RandomGeneratorTests {
  /// Expected: the reference C code of SplitMix64 and xoshiro256** (prng.di.unimi.it), transcribed
  /// here as a naive twin.
  @Test(arguments: [0, 1, 42, .max] as [UInt64])
  func followsTheReference(seed: UInt64) {
    var x = seed
    var s = (0..<4).map { _ -> UInt64 in
      x = x &+ 0x9e37_79b9_7f4a_7c15
      var z = x
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
    func rotl(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }
    var generator = RandomGenerator(seed: seed)
    for _ in 0..<100 {
      let result = rotl(s[1] &* 5, 7) &* 9
      let t = s[1] << 17
      s[2] ^= s[0]
      s[3] ^= s[1]
      s[1] ^= s[2]
      s[0] ^= s[3]
      s[2] ^= t
      s[3] = rotl(s[3], 45)
      #expect(generator.next() == result)
    }
  }

  /// SplitMix64's first output for seed 0 is published with the reference code; xoshiro256**'s
  /// first output is made of the second: rotl(s1 * 5, 7) * 9.
  @Test func startsAsPublished() {
    let second: UInt64 = 0x6e78_9e6a_a1b9_65f4
    var generator = RandomGenerator(seed: 0)
    let product = second &* 5
    #expect(generator.next() == ((product << 7) | (product >> 57)) &* 9)
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func numbersStayInRange(seed: UInt64) {
    var generator = RandomGenerator(seed: seed)
    for _ in 0..<500 {
      #expect((0..<1).contains(generator.uniform()))
      #expect((-3..<5).contains(generator.uniform(in: -3..<5)))
      #expect((0..<7).contains(generator.index(below: 7)))
      #expect(generator.normal().isFinite)
    }
    #expect(generator.index(below: 1) == 0)
  }

  /// Bounds: six standard errors of 20,000 draws.
  @Test(arguments: 0..<5 as Range<UInt64>)
  func momentsAreRight(seed: UInt64) {
    var generator = RandomGenerator(seed: seed)
    let count = 20_000.0
    let uniforms = (0..<Int(count)).map { _ in generator.uniform() }
    let normals = (0..<Int(count)).map { _ in generator.normal() }
    let root = count.squareRoot()
    #expect(abs(uniforms.reduce(0, +) / count - 0.5) < 6 * 0.2887 / root)
    #expect(abs(normals.reduce(0, +) / count) < 6 / root)
    #expect(abs(normals.reduce(0) { $0 + $1 * $1 } / count - 1) < 6 * 1.4142 / root)
    var counts = [Double](repeating: 0, count: 5)
    for _ in 0..<Int(count) { counts[generator.index(below: 5)] += 1 }
    for seen in counts { #expect(abs(seen / count - 0.2) < 6 * 0.4 / root) }
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func shufflingKeepsTheElements(seed: UInt64) {
    var elements = Array(0..<Int(seed * 5))
    var generator = RandomGenerator(seed: seed)
    generator.shuffle(&elements)
    #expect(elements.sorted() == Array(0..<Int(seed * 5)))
  }

  @Test func streamsDiffer() {
    let firsts = (0..<100 as Range<UInt64>).map { stream -> UInt64 in
      var generator = RandomGenerator(seed: 3, stream: stream)
      return generator.next()
    }
    #expect(Set(firsts).count == 100)
  }
}
