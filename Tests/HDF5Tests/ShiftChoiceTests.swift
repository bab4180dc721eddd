import Foundation
import Tabular
import Testing

@testable import HDF5

@Suite struct ShiftChoiceTests {
  @Test func numbersThatFloatHoldsStay() {
    #expect(ShiftChoice(whole: Array(-100..<100)).shift == nil)
    // Large, but far enough apart: the steps of Float32 are 128 there.
    #expect(ShiftChoice(whole: [2_000_000_000, 2_000_000_128, 2_000_000_256]).shift == nil)
    #expect(ShiftChoice(whole: []).shift == nil)
    #expect(ShiftChoice(real: [.nan, .nan]).shift == nil)
    #expect(ShiftChoice(real: (0..<1000).map { Double($0) / 7 }).shift == nil)
  }

  /// 2^24 is the first whole number whose successor Float32 does not hold.
  @Test func neighborsAreKeptApart() throws {
    let choice = ShiftChoice(whole: [1 << 24, (1 << 24) + 1, (1 << 24) + 2])
    #expect(choice.shift == .whole(offset: (1 << 24) + 1, step: 1))
    #expect(choice.distinct == 3 && choice.distinctWithout == 2 && choice.distinctWith == 3)
  }

  @Test func theStepIsWhatDividesAllDifferences() throws {
    let values = (0..<40).map { 1_000_000_000_000 + 21 * $0 * $0 }
    #expect(ShiftChoice(whole: values).shift == .whole(offset: values[20], step: 21))
    // Unordered and repeated values are the same column.
    #expect(
      ShiftChoice(whole: values.reversed() + values).shift == ShiftChoice(whole: values).shift)
  }

  /// Differences of 2^63 and more are beyond Int.
  @Test func extremesAreNoTrap() throws {
    let choice = ShiftChoice(whole: [.min, .min + 1, .max, .max - 1, 0])
    #expect(choice.distinct == 5 && choice.distinctWithout == 3)
    #expect(choice.distinctWith >= 3)
  }

  /// 90 % of the values lie between 1.7e9 and 1.7e9 + 100; a few zeros stand for missing ones.
  @Test func strangersDoNotSpoilTheRest() throws {
    let values = (0..<200).map { row -> Double in row % 10 == 0 ? 0 : 1.7e9 + Double(row) / 2 }
    let choice = ShiftChoice(real: values)
    let shift = try #require(choice.shift)
    #expect(choice.distinctWith == choice.distinct && choice.distinct == 181)
    #expect(shift.feature(of: 0) < -1.6e9)
  }

  @Test func whatIsLookedAtAgain() {
    #expect(!ShiftChoice.mayLose(largest: 0x1p24 - 1, sample: []))
    #expect(ShiftChoice.mayLose(largest: 0x1p24, sample: []))
    #expect(!ShiftChoice.mayLose(largest: 5, sample: (0..<100).map { Float($0) / 20 }))
    // 100 values within 200 steps of Float32.
    let near = (0..<100).map { place -> Float in 1 - Float(place) * 0x1p-23 }
    #expect(ShiftChoice.mayLose(largest: 1, sample: near))
    #expect(!ShiftChoice.mayLose(largest: 1, sample: [Float](repeating: 0, count: 99) + [1]))
    #expect(!ShiftChoice.mayLose(largest: 0, sample: [.nan]))
  }

  #if os(Linux)
    /// The bound is the process's own, so it is tried in another.
    @Test func memoryForTextsIsBounded() async {
      await #expect(processExitsWith: .success) {
        let file = try File(readingFrom: fixture("odd.h5"))
        MemoryBound.turn(on: true)
        func isRefused() -> Bool {
          let bytes = 1 << 30
          let block = mmap(nil, bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
          guard block != MAP_FAILED else { return true }
          munmap(block, bytes)
          return false
        }
        precondition(MemoryBound.during(textsOf: file, isOn: true, isRefused))
        precondition(!MemoryBound.during(textsOf: file, isOn: false, isRefused))
        precondition(!isRefused())
        MemoryBound.turn(on: false)
        precondition(!MemoryBound.during(textsOf: file, isOn: true, isRefused))
      }
    }
  #endif
}
