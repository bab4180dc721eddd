import Foundation
import Parallel
import Testing

@testable import BoostedTrees

/// What a round knows of its derivatives, against sums over all rows one after the other.
@Suite struct DerivativePassTests {
  /// Over two blocks and a part of a third, not a multiple of four.
  private static let count = 2 * DerivativePass.blockSize + 1_003

  /// An objective of `width` scores whose derivatives are made from the row's number.
  private func objective(_ width: Int, bad: [Int] = []) -> BatchObjective {
    BatchObjective("made", scoresPerRow: width) { _, rows, gradients, hessians in
      for row in 0..<rows.count {
        let x = rows.targets[row]
        for k in 0..<width {
          gradients[row * width + k] = bad.contains(Int(x)) ? .nan : (x - 4000) / Double(k + 1)
          hessians[row * width + k] = x.truncatingRemainder(dividingBy: 7) - 1 + Double(k)
        }
      }
    }
  }

  private func pass(
    _ objective: BatchObjective, weights: [Double]? = nil, policy: CurvaturePolicy = .absolute
  ) throws -> (pass: DerivativePass, summary: DerivativePass.Summary) {
    let table = try Table(
      features: [Float](repeating: 0, count: Self.count), featureNames: ["a"],
      target: (0..<Self.count).map(Double.init), weights: weights)
    let scores = AlignedBuffer(repeating: 0.0, count: Self.count * objective.scoresPerRow)
    let pass = DerivativePass(
      objective, try ObjectiveRows(table, for: objective), policy: policy, scores: scores,
      pool: WorkerPool(threads: 2))
    return (pass, pass.measure(at: scores))
  }

  private func expectEqual(_ found: DerivativeRange, _ expected: DerivativeRange) {
    func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-12 * abs(b) }
    #expect(isClose(found.sumOfMagnitudes, expected.sumOfMagnitudes))
    #expect(isClose(found.sumOfHessians, expected.sumOfHessians))
    #expect(found.largestMagnitude == expected.largestMagnitude)
    #expect(found.largestHessian == expected.largestHessian)
    #expect(found.smallestHessian == expected.smallestHessian)
  }

  @Test("ranges of every score over all blocks", arguments: [1, 2, 3], [false, true])
  func ranges(width: Int, weighted: Bool) throws {
    let weights = weighted ? (0..<Self.count).map { 0.5 + Double($0 % 5) } : nil
    let (pass, summary) = try pass(objective(width), weights: weights)
    #expect(summary.ranges.count == width && summary.badRow == nil)
    for k in 0..<width {
      var expected = DerivativeRange()
      for row in 0..<Self.count {
        let weight = weights?[row] ?? 1
        let gradient = (Double(row) - 4000) / Double(k + 1) * weight
        let hessian = abs(Double(row % 7) - 1 + Double(k)) * weight
        expected.sumOfMagnitudes += abs(gradient)
        expected.largestMagnitude = max(expected.largestMagnitude, abs(gradient))
        expected.sumOfHessians += hessian
        expected.largestHessian = max(expected.largestHessian, hessian)
        expected.smallestHessian = min(expected.smallestHessian, hessian)
        #expect(pass.gradients[row * width + k] == gradient)
        #expect(pass.hessians[row * width + k] == hessian)
      }
      expectEqual(summary.ranges[k], expected)
    }
    // Of the Hessians -1 to 5 + k only -1 is turned, in the first score.
    #expect(summary.adjustedHessians == (0..<Self.count).count { $0 % 7 == 0 })
    #expect(pass.totalWeight == weights?.reduce(0, +) ?? Double(Self.count))
  }

  @Test("the first row that is no number, in whichever block it stands", arguments: [1, 2])
  func badRows(width: Int) throws {
    for bad in [[0], [4095], [4096, 9000], [9194], [7000, 5000, 8999]] {
      let (_, summary) = try pass(objective(width, bad: bad))
      #expect(summary.badRow == bad.min())
    }
  }
}
