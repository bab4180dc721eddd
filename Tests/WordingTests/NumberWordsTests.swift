import Testing

@testable import Wording

/// Numbers in sentences; the expected words are rounded by hand.
@Suite("Numbers in sentences") struct NumberWordsTests {
  @Test(arguments: [
    (0.0, "0"), (-1.0, "-1.00"), (1.234, "1.23"), (9.994, "9.99"), (0.9996, "1.00"),
    (0.9994, "0.999"), (0.69315, "0.693"), (0.1, "0.100"), (0.09, "0.09000"),
    (0.012_346, "0.01235"), (0.001, "0.00100"), (10, "10.0"), (-12.34, "-12.3"), (99.94, "99.9"),
    (100, "100"), (123.5, "124"), (-99_999, "-99999"),
  ])
  func ordinary(value: Double, words: String) {
    #expect(value.short == words)
  }

  @Test(arguments: [
    (100_000, "1.0e5"), (-123_456, "-1.2e5"), (994_000, "9.9e5"), (995_000, "1.0e6"),
    (0.000_99, "9.9e-4"), (0.000_999, "1.0e-3"), (2.1e-7, "2.1e-7"), (-4.56e-300, "-4.6e-300"),
    (1e300, "1.0e300"), (.nan, "NaN"), (.infinity, "infinity"), (-.infinity, "-infinity"),
  ])
  func largeAndSmall(value: Double, words: String) {
    #expect(value.short == words)
  }

  @Test(arguments: [
    (0, "0 %"), (0.004, "under 1 %"), (0.0099, "under 1 %"), (0.01, "1 %"), (0.126, "13 %"),
    (1, "100 %"), (2.5, "250 %"), (-0.005, "-1 %"),
  ])
  func shares(value: Double, words: String) {
    #expect(value.percent == words)
  }

  @Test("a third of the letters of a long word may be wrong, two of a short one")
  func allowances() {
    #expect(Spelling.nearest(to: "abcdefghxyz", in: ["abcdefghijk"]) == "abcdefghijk")
    #expect(Spelling.nearest(to: "abcdefgwxyz", in: ["abcdefghijk"]) == nil)
    #expect(Spelling.nearest(to: "abcxy", in: ["abcde"]) == "abcde")
    #expect(Spelling.nearest(to: "abxyz", in: ["abcde"]) == nil)
    #expect(Spelling.nearest(to: "axyd", in: ["abcd"]) == nil)
    // One begins with the other: two letters of what was typed, or three of a name, are enough.
    #expect(Spelling.nearest(to: "so", in: ["softmax"]) == "softmax")
    #expect(Spelling.nearest(to: "sneaking", in: ["sne"]) == "sne")
    #expect(Spelling.nearest(to: "snoring", in: ["sn"]) == nil)
  }

  @Test("what is longer than any name is compared with none")
  func longWords() {
    let name = String(repeating: "a", count: 256)
    #expect(Spelling.nearest(to: name, in: [name]) == name)
    #expect(Spelling.nearest(to: name + "a", in: [name + "a"]) == nil)
  }
}
