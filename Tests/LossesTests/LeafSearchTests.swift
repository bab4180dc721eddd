import Formulas
import Tabular
import TestSupport
import Testing

@testable import Losses

/// Leaves of losses whose Hessian says nothing, solved by gradients alone.
@Suite("Leaf search")
struct LeafSearchTests {
  private struct Leaf {
    var scores: [Double]
    var targets: [Double]
    var weights: [Double]

    init(_ seed: UInt64, rows: Int, scale: Double, hasTies: Bool, hasWeights: Bool) {
      var generator = RandomGenerator(seed: seed)
      scores = (0..<rows).map { _ in hasTies ? 0 : scale * generator.normal() }
      targets = (0..<rows).map { _ in
        scale * (hasTies ? Double(generator.index(below: 5)) : 3 * generator.normal())
      }
      weights = hasWeights ? (0..<rows).map { _ in Double(generator.index(below: 3)) } : []
    }

    func constant(_ solver: LeafSolver) -> Double {
      solver(
        scores.span, Rows(targets: targets.span, rowData: Span(), rowDataCount: 0), weights.span, 0)
    }
  }

  private static let leaves: [Leaf] = {
    let (counts, scales) = ([1, 2, 3, 8, 31], [1, 1e-6, 1e6])
    let all = (0..<60).map { (index: Int) -> Leaf in
      Leaf(
        UInt64(index), rows: counts[index % 5], scale: scales[index % 3], hasTies: index % 2 == 0,
        hasWeights: index % 4 > 1)
    }
    return all.filter { leaf in leaf.weights.isEmpty || leaf.weights.contains { $0 > 0 } }
  }()

  @Test(
    "a kink at the target is solved as the shipped quantile, bit for bit", arguments: [0.5, 0.9])
  func kinks(_ level: Double) throws {
    let shipped = Quantile(level)
    let solver = try #require(shipped.leafSolver)
    let derived = LeafSearch.kinkSolver(for: shipped)
    for leaf in Self.leaves { #expect(leaf.constant(derived) == leaf.constant(solver)) }
  }

  @Test(
    "bisection finds the weighted quantile, in the middle where it is an interval",
    arguments: [0.25, 0.5, 0.9])
  func bisection(_ level: Double) throws {
    let shipped = Quantile(level)
    let solver = try #require(shipped.leafSolver)
    let derived = LeafSearch.solver(for: shipped)
    for leaf in Self.leaves {
      let scale = leaf.targets.reduce(1e-5) { max($0, $1.magnitude) }
      expectClose(
        leaf.constant(derived), leaf.constant(solver), relative: 1e-12, absolute: 1e-12 * scale)
    }
  }

  /// By hand: from 4 to 6 the loss `max(0, |s - y| - 4)` of target 0 rises as that of target 10
  /// falls.
  @Test("a dead zone is met in its middle")
  func deadZone() throws {
    let objective = try ExpressionObjective("max(0, abs(score - y) - 4)")
    let solver = try #require(objective.leafSolver)
    var leaf = Leaf(1, rows: 2, scale: 1, hasTies: true, hasWeights: false)
    leaf.targets = [0, 10]
    #expect((leaf.constant(solver) - 5).magnitude < 1e-9)
  }

  /// By hand: the sum of `|size f - y| / size` is least at the median of `y / size`.
  @Test("per unit of size the median is that of the ratios")
  func adjusted() throws {
    let objective = try ExpressionObjective("abs(score - y) / size").adjusted()
    let solver = try #require(objective.leafSolver)
    let (targets, sizes, outputs) = ([2.0, 300, 8], [1.0, 100, 2], [0.0, 0, 0])
    let constant = solver(
      outputs.span, Rows(targets: targets.span, rowData: sizes.span, rowDataCount: 1), Span(), 0)
    #expect((constant - 3).magnitude < 1e-9)
  }

  @Test("a loss that falls for ever moves the leaf by a few units")
  func endless() throws {
    let falling = CustomObjective("falling") { _ in .init(gradient: -1, hessian: 0) }
    let leaf = Leaf(1, rows: 3, scale: 1, hasTies: true, hasWeights: false)
    let constant = leaf.constant(LeafSearch.solver(for: falling))
    #expect(constant > 0 && constant.isFinite)
  }
}
