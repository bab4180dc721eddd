import Checking
import Losses
import RealModule
import TestSupport
import Testing

/// `log(1 + exp(score_j - score_i))` for every pair of a group with `y_i > y_j`.
private struct PairLoss: Objective {
  enum Mistake: String { case none, reversed, winnersOnly, losersOnly, flipped }
  let mistake: Mistake
  var name: String { "pairs, \(mistake.rawValue)" }
  var reach: Reach { .group }
  var defaultMetric: Metric { .rmse }

  /// Calls `body` with the winner and the loser of each pair.
  private func pairs(_ rows: borrowing Rows, reversed: Bool, _ body: (Int, Int) -> Void) {
    for i in 0..<rows.count {
      for j in 0..<rows.count where rows.groups[i] == rows.groups[j] {
        let (high, low) = reversed ? (j, i) : (i, j)
        if rows.targets[high] > rows.targets[low] { body(i, j) }
      }
    }
  }

  func losses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) {
    var sums = [Double](repeating: 0, count: rows.count)
    pairs(rows, reversed: false) { i, j in sums[i] += StableMath.softplus(scores[j] - scores[i]) }
    for row in 0..<rows.count { losses[row] = sums[row] }
  }

  func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) {
    var g = [Double](repeating: 0, count: rows.count)
    var h = g
    pairs(rows, reversed: mistake == .reversed) { i, j in
      let p = StableMath.sigmoid(scores[j] - scores[i])
      if mistake != .losersOnly { g[i] -= p }
      if mistake != .winnersOnly { g[j] += p }
      h[i] += p * (1 - p)
      h[j] += p * (1 - p)
    }
    for row in 0..<rows.count {
      gradients[row] = mistake == .flipped ? -g[row] : g[row]
      hessians[row] = h[row]
    }
  }
}

/// Cox's partial likelihood, Breslow's form: rows with times from an event's on are at risk.
private struct RiskSets: Objective {
  var isReversed = false
  var ignoresEvents = false
  var isFlipped = false
  var name: String { "risk sets\(isReversed ? ", reversed" : "")" }
  var reach: Reach { .table }
  var rowDataNames: [String] { ["event"] }
  var defaultMetric: Metric { .rmse }

  private func isAtRisk(_ time: Double, _ ofEvent: Double, reversed: Bool) -> Bool {
    reversed ? time <= ofEvent : time >= ofEvent
  }

  func losses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) {
    for i in 0..<rows.count {
      var sum = 0.0
      for j in 0..<rows.count
      where isAtRisk(rows.targets[j], rows.targets[i], reversed: false) { sum += .exp(scores[j]) }
      losses[i] = rows.rowData[i] * (.log(sum) - scores[i])
    }
  }

  func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) {
    for k in 0..<rows.count {
      gradients[k] = 0
      hessians[k] = 0
    }
    for i in 0..<rows.count where ignoresEvents || rows.rowData[i] == 1 {
      var sum = 0.0
      for j in 0..<rows.count
      where isAtRisk(rows.targets[j], rows.targets[i], reversed: isReversed) {
        sum += .exp(scores[j])
      }
      for j in 0..<rows.count
      where isAtRisk(rows.targets[j], rows.targets[i], reversed: isReversed) {
        let p = Double.exp(scores[j]) / sum
        gradients[j] += p
        hessians[j] += p * (1 - p)
      }
      gradients[i] -= 1
    }
    if isFlipped { for k in 0..<rows.count { gradients[k] = -gradients[k] } }
  }
}

@Suite("Checker: losses that compare rows")
struct ComparedRowsTests {
  private let relevances = referenceNumbers(180, seed: 4).map { (4 * $0).rounded(.down) }
  private let queries = (0..<180).map { $0 / 9 }
  private let times = referenceNumbers(200, seed: 6).map { 1 + 30 * $0 }
  private let events = referenceNumbers(200, seed: 7).map { $0.rounded() }

  private func verdicts(_ objective: PairLoss, seed: UInt64) -> [Verdict] {
    [
      objective.check(targets: relevances, groups: queries, seed: seed),
      objective.quickCheck(targets: relevances, groups: queries, seed: seed),
    ]
  }

  private func verdicts(_ objective: RiskSets, seed: UInt64) -> [Verdict] {
    [
      objective.check(targets: times, rowData: events, seed: seed),
      objective.quickCheck(targets: times, rowData: events, seed: seed),
    ]
  }

  @Test("pairs with one side only, reversed or flipped are named; right ones are not")
  func pairs() {
    for (mistake, words) in [
      (PairLoss.Mistake.reversed, "the pairs are reversed"),
      (.winnersOnly, "the pairs are one-sided"), (.losersOnly, "only rows to be lowered have one"),
      (.flipped, "the sign is flipped"),
    ] {
      for seed in 0..<3 as Range<UInt64> {
        for verdict in verdicts(PairLoss(mistake: mistake), seed: seed) {
          #expect(verdict.errors.contains { $0.message.contains(words) }, "\(mistake): \(verdict)")
        }
      }
    }
    for seed in 0..<20 as Range<UInt64> {
      for verdict in verdicts(PairLoss(mistake: .none), seed: seed) {
        #expect(verdict.isSound && verdict.warnings.isEmpty, "\(verdict)")
      }
    }
  }

  @Test("a risk set that runs the wrong way and events that are not read are named")
  func riskSets() {
    for seed in 0..<3 as Range<UInt64> {
      for verdict in verdicts(RiskSets(isReversed: true), seed: seed) {
        #expect(
          verdict.errors.contains { $0.message.contains("the risk set is reversed") }, "\(verdict)")
      }
      for verdict in verdicts(RiskSets(ignoresEvents: true), seed: seed) {
        #expect(
          verdict.errors.contains {
            $0.message.contains("the loss reads 'event', the gradient does not")
          }, "\(verdict)")
      }
      // All rows are one unit, whose loss rises or does not.
      for verdict in verdicts(RiskSets(isFlipped: true), seed: seed) {
        #expect(
          verdict.errors.contains { $0.message.contains("the sign is flipped") }, "\(verdict)")
      }
    }
    for seed in 0..<20 as Range<UInt64> {
      for verdict in verdicts(RiskSets(), seed: seed) {
        #expect(verdict.isSound && verdict.warnings.isEmpty, "\(verdict)")
      }
    }
  }
}
