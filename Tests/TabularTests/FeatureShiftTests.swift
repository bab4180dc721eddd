import Foundation
import Tabular
import Testing

@Suite struct FeatureShiftTests {
  @Test func wholeNumbersAreExactBeyondDouble() {
    let shift = FeatureShift.whole(offset: 1 << 60, step: 3)
    #expect(shift.feature(ofWhole: (1 << 60) + 3) == 1)
    #expect(shift.feature(ofWhole: (1 << 60) - 6) == -2)
    // The difference is beyond Int: -2^63 - 2^60, rounded.
    #expect(shift.feature(ofWhole: .min) == Float(-(0x1p63 + 0x1p60) / 3))
    #expect(shift.feature(of: 0x1p60) == 0 && shift.feature(of: .nan).isNaN)
    #expect(shift.value(of: 2) == 0x1p60 + 6)
    #expect(FeatureShift.real(offset: 0.5).feature(of: 2) == 1.5)
    #expect(FeatureShift.real(offset: 0.5).feature(ofWhole: 2) == 1.5)
    #expect(FeatureShift.real(offset: 0.5).value(of: 1.5) == 2)
  }

  @Test func shiftsThatAreNone() {
    #expect(!FeatureShift.whole(offset: 0, step: 0).isSound)
    #expect(!FeatureShift.whole(offset: 0, step: -1).isSound)
    #expect(!FeatureShift.real(offset: .nan).isSound)
    #expect(FeatureShift.whole(offset: .min, step: .max).isSound)
  }

  /// The form in model files.
  @Test func theirForm() throws {
    let shifts: [String: FeatureShift] = [
      "a": .whole(offset: 2_024_010_103, step: 1), "b": .real(offset: 0.5),
    ]
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = String(decoding: try encoder.encode(shifts), as: UTF8.self)
    #expect(
      text == #"{"a":{"whole":{"offset":2024010103,"step":1}},"b":{"real":{"offset":0.5}}}"#)
    #expect(try JSONDecoder().decode([String: FeatureShift].self, from: Data(text.utf8)) == shifts)
  }
}
