import Checking
import Losses
import RealModule
import TestSupport
import Testing

/// Builders of objectives with one thing to get wrong.
enum Mistakes {
  /// Binary cross-entropy whose gradient is given as a function of probability and target.
  static func logistic(
    gradient: @escaping @Sendable (_ p: Double, _ y: Double) -> Double
  ) -> CustomObjective {
    CustomObjective(
      "logistic", link: .logit,
      loss: { row in
        row.target * StableMath.softplus(-row.score)
          + (1 - row.target) * StableMath.softplus(row.score)
      },
      derivatives: { row in
        let p = StableMath.sigmoid(row.score)
        return .init(gradient: gradient(p, row.target), hessian: p * (1 - p))
      })
  }

  /// Softmax cross-entropy over 3 classes whose gradient is made from the probabilities.
  static func softmax(
    hasLoss: Bool = true,
    gradient: @escaping @Sendable (_ p: [Double], _ y: Int) -> [Double]
  ) -> CustomObjective {
    let loss: CustomObjective.RowLoss = { row in
      StableMath.logSumExp(row.scores) - row.scores[Int(row.target)]
    }
    return CustomObjective(
      "softmax", scoresPerRow: 3, link: .softmax, loss: hasLoss ? loss : nil,
      derivatives: { row, g, h in
        let p = probabilities(row.scores)
        let wrong = gradient(p, Int(row.target))
        for k in 0..<3 {
          g[k] = wrong[k]
          h[k] = p[k] * (1 - p[k])
        }
      })
  }

  static func probabilities(_ scores: Span<Double>) -> [Double] {
    var p = scores.indices.map { scores[$0] }
    var span = p.mutableSpan
    StableMath.softmax(&span, in: 0..<scores.count)
    return p
  }

  static func oneHot(_ y: Int, _ k: Int) -> Double { y == k ? 1 : 0 }

  /// A squared error with gradient and Hessian of one's own.
  static func squared(
    _ derivatives: @escaping @Sendable (_ score: Double, _ target: Double) -> Derivatives
  ) -> CustomObjective {
    CustomObjective(
      "squared", loss: { ($0.score - $0.target) * ($0.score - $0.target) },
      derivatives: { derivatives($0.score, $0.target) })
  }

  /// SNE with derivatives of one's own.
  static func sne(
    hasLoss: Bool = true,
    _ derivatives: @escaping @Sendable (_ residual: Double, _ size: Double) -> Derivatives
  ) -> CustomObjective {
    let loss: CustomObjective.RowLoss = { row in
      let ratio = (row.score - row.target) / row.data[0]
      return ratio * ratio
    }
    return CustomObjective(
      "sne", rowData: ["size"], loss: hasLoss ? loss : nil,
      derivatives: { derivatives($0.score - $0.target, $0.data[0]) })
  }
}

/// Expects a finding of `code` whose sentence contains `words`, for several seeds.
func expectFinding(
  _ objective: any Objective, _ code: Finding.Code, _ words: String,
  severity: Finding.Severity = .error, sourceLocation: SourceLocation = #_sourceLocation
) {
  for seed in 0..<5 as Range<UInt64> {
    expectFinding(
      objective.check(seed: seed), code, words, severity: severity,
      sourceLocation: sourceLocation)
  }
}

/// Expects a finding of `code` whose sentence contains `words`.
func expectFinding(
  _ verdict: Verdict, _ code: Finding.Code, _ words: String,
  severity: Finding.Severity = .error, sourceLocation: SourceLocation = #_sourceLocation
) {
  let found = verdict.findings.contains {
    $0.code == code && $0.severity == severity && $0.message.contains(words)
  }
  #expect(
    found, "no \(severity.rawValue) \(code) with '\(words)' in\n\(verdict)",
    sourceLocation: sourceLocation)
}

/// Expects neither error nor warning.
func expectSound(
  _ objective: any Objective, sourceLocation: SourceLocation = #_sourceLocation
) {
  for seed in 0..<5 as Range<UInt64> {
    let verdict = objective.check(seed: seed)
    #expect(
      verdict.isSound && verdict.warnings.isEmpty, "\(verdict)", sourceLocation: sourceLocation)
  }
}
