import OrderedCollections
import Foundation
import Parallel
import Testing

@testable import BoostedTrees

/// Which format derivatives are summed in, by the derivatives alone.
@Suite struct FormatChoiceTests {
  /// The format for rows of these derivatives and weights.
  private func format(
    _ gradients: [Double], _ hessians: [Double], weights: [Double]? = nil,
    atLeast: SumFormat = .packed
  ) throws -> SumFormat {
    let table = try Table(
      features: gradients.map { Float($0) }, featureNames: ["a"], target: gradients,
      weights: weights, rowData: ["h": hessians])
    let objective = CustomObjective("given", rowData: ["h"]) {
      .init(gradient: $0.target, hessian: $0.data[0])
    }
    let scores = AlignedBuffer(repeating: 0.0, count: gradients.count)
    let pass = DerivativePass(
      objective, try ObjectiveRows(table, for: objective), policy: .exact, scores: scores,
      pool: WorkerPool(threads: 1))
    let summary = pass.measure(at: scores)
    return atLeast.needed(for: pass, score: 0, range: summary.ranges[0])
  }

  /// Plain size-normalised errors of relative size near 1.
  private func sne(decades: Double, rows: Int = 2_000) -> (g: [Double], h: [Double]) {
    var generator = RandomGenerator(seed: 1)
    let sizes = (0..<rows).map { pow(10, decades * Double($0) / Double(rows - 1)) }
    return (sizes.map { generator.normal() / $0 }, sizes.map { 1 / ($0 * $0) })
  }

  @Test func sizesDecide() throws {
    for (decades, expected) in [
      (0.5, SumFormat.packed), (2.5, .wide), (4, .wide), (5, .wide), (6, .long), (8, .long),
    ] {
      let (g, h) = sne(decades: decades)
      #expect(try format(g, h) == expected, "\(decades) decades")
      for factor in [0x1p-60, 0x1p40] {
        #expect(try format(g.map { $0 * factor }, h.map { $0 * factor }) == expected)
      }
    }
  }

  @Test("a hundredth of the rows is enough, if they have as much to gain")
  func fewRowsDecide() throws {
    var g = [Double](repeating: 1, count: 5_000)
    var h = g
    for row in stride(from: 0, to: 5_000, by: 100) { (g[row], h[row]) = (1e-6, 1e-12) }
    #expect(try format(g, h) == .long)
    // Certain of a class: as little to gain as curvature.
    for row in stride(from: 0, to: 5_000, by: 100) { (g[row], h[row]) = (1e-12, 1e-12) }
    #expect(try format(g, h) == .packed)
  }

  @Test("a logistic loss that is certain of most rows stays fast")
  func logistic() throws {
    var generator = RandomGenerator(seed: 2)
    let p = (0..<4_000).map { $0 % 20 == 0 ? generator.uniform() : exp(-30 * generator.uniform()) }
    #expect(try format(p, p.map { $0 * (1 - $0) }) <= .wide)
    #expect(try format(p, p.map { $0 * (1 - $0) }, atLeast: .wide) == .wide)
  }

  @Test("weights make no row less important, whatever they span")
  func weights() throws {
    var generator = RandomGenerator(seed: 3)
    let g = (0..<3_000).map { _ in generator.normal() }
    let h = [Double](repeating: 1, count: 3_000)
    #expect(try format(g, h) == .packed)
    let weights = (0..<3_000).map { _ in pow(10, -12 * generator.uniform()) }
    #expect(try format(g, h, weights: weights) == .long)
  }

  @Test("gradients of many decades over one Hessian")
  func gradients() throws {
    var generator = RandomGenerator(seed: 4)
    let h = [Double](repeating: 2, count: 3_000)
    for (decades, expected) in [(2.0, SumFormat.packed), (12, .wide), (30, .long)] {
      let g = (0..<3_000).map { _ in pow(10, decades * generator.uniform()) }
      #expect(try format(g, h) == expected, "\(decades) decades")
    }
  }

  @Test("a format once needed is kept")
  func floor() throws {
    let (g, h) = sne(decades: 0.5)
    #expect(try format(g, h, atLeast: .wide) == .wide)
    #expect(try format(g, h, atLeast: .long) == .long)
  }
}
