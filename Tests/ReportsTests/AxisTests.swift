import Tabular
import Testing

@testable import Reports

struct AxisTests {
  @Test func linearTicksAreRound() {
    #expect(Axis(.linear, covering: [0, 10]).ticks == [0, 2, 4, 6, 8, 10])
    #expect(Axis(.linear, covering: [0.3, 9.7]).ticks == [0, 2, 4, 6, 8, 10])
    #expect(Axis(.linear, covering: [-1, 1], ticks: 4).ticks == [-1, -0.5, 0, 0.5, 1])
    #expect(Axis(.linear, covering: [120, 480], ticks: 4).ticks == [100, 200, 300, 400, 500])
  }

  @Test func logarithmicTicksArePowersOfTen() {
    #expect(Axis(.logarithmic, covering: [0.01, 1000]).ticks == [0.01, 0.1, 1, 10, 100, 1000])
    #expect(Axis(.logarithmic, covering: [1, 100]).ticks == [1, 3, 10, 30, 100])
    #expect(Axis(.logarithmic, covering: [2, 12]).ticks == [2, 3, 5, 10])
  }

  @Test func awkwardValues() {
    for axis in [
      Axis(.linear, covering: []), Axis(.logarithmic, covering: [-1, 0, .nan]),
      Axis(.linear, covering: [5, 5]), Axis(.linear, covering: [0]),
      Axis(.logarithmic, covering: [3]), Axis(.logarithmic, covering: [1e-9, 1e9]),
    ] {
      #expect(axis.low < axis.high)
      #expect(!axis.ticks.isEmpty && axis.ticks.count < 14)
    }
    let empty = Axis(.linear, covering: [])
    #expect(empty.low == 0 && empty.high == 1)
    #expect(Axis(suiting: [0.1, 5]).scale == .logarithmic)
    #expect(Axis(suiting: [-0.1, 5]).scale == .linear)
    #expect(Axis(suiting: [1, 5]).scale == .linear)
  }

  /// Every value is inside, ticks increase and stay inside, and their number is sensible.
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func valuesAndTicksLieInside(seed: UInt64) {
    var generator = RandomGenerator(seed: seed)
    let scale = Double(10).squareRoot() * generator.uniform(in: 0.001..<1000)
    let values = (0..<20).map { _ in scale * generator.uniform(in: 0.01..<3) }
    for kind in [Axis.Scale.linear, .logarithmic] {
      let axis = Axis(kind, covering: values)
      #expect(values.allSatisfy { axis.contains($0) && (0...1).contains(axis.place($0)) })
      #expect(zip(axis.ticks, axis.ticks.dropFirst()).allSatisfy(<))
      #expect(
        axis.ticks.allSatisfy { $0 >= axis.low * (1 - 1e-12) && $0 <= axis.high * (1 + 1e-12) })
      #expect((2...12).contains(axis.ticks.count))
    }
  }
}
