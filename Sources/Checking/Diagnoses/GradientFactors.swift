import Losses
import RealModule

/// A power of a row data column by which two things differ.
struct RowDataFactor {
  let column: Int
  let name: String
  /// `ratio = constant * column^power`.
  let power: Double
  let constant: Double

  /// The column and power that turn `values` into a constant, if any.
  static func find(
    _ entries: CheckEntries, _ places: [CheckEntry], _ values: [Double], names: [String],
    columns: [Int]? = nil
  ) -> RowDataFactor? {
    guard values.count >= 4 else { return nil }
    for (index, name) in names.enumerated() {
      let column = columns?[index] ?? index
      let data = places.map { entries.data($0, column) }
      guard data.allSatisfy({ $0 > 0 }), varies(data) else { continue }
      for power in [1, -1, 2, -2, 0.5, -0.5, 3, -3, 4, -4] {
        let constancy = Constancy(zip(values, data).map { $0 / Double.pow($1, power) })
        if constancy.holds {
          return RowDataFactor(
            column: column, name: name, power: power, constant: constancy.value)
        }
      }
    }
    return nil
  }

  static func powered(_ power: Double, _ name: String) -> String {
    switch power.magnitude {
    case 1: name
    case 0.5: "sqrt(\(name))"
    default: "\(name)^\(Int(power.magnitude))"
    }
  }

  /// What undoes a factor: `x size`, `/ size^2`.
  static func remedy(_ power: Double, _ name: String) -> String {
    (power < 0 ? "x " : "/ ") + powered(power, name)
  }

  /// What a factor does: `divides by size^2`.
  static func operation(_ power: Double, _ name: String) -> String {
    (power < 0 ? "divides by " : "multiplies by ") + powered(power, name)
  }
}

/// A function of the scores by which wrong gradients are known to differ from right ones.
struct ScoreFactor: Sendable {
  let code: Finding.Code
  let sentence: String
  /// Whether it applies to one score, several, or both.
  let widths: PartialRangeFrom<Int>
  let upTo: Int
  var mayVanish = false
  let value: @Sendable (ArraySlice<Double>, Int) -> Double

  func suits(_ objective: any Objective) -> Bool {
    widths.contains(objective.scoresPerRow) && objective.scoresPerRow <= upTo
  }

  private static func softmax(_ scores: ArraySlice<Double>, _ k: Int) -> Double {
    let largest = scores.reduce(-Double.infinity, Double.maximum)
    let sum = scores.reduce(0) { $0 + Double.exp($1 - largest) }
    return Double.exp(scores[scores.startIndex + k] - largest) / sum
  }
  private static func at(_ scores: ArraySlice<Double>, _ k: Int) -> Double {
    scores[scores.startIndex + k]
  }
  private static func sigmoid(_ scores: ArraySlice<Double>, _ k: Int) -> Double {
    StableMath.sigmoid(at(scores, k))
  }

  static let all: [ScoreFactor] = [
    ScoreFactor(
      code: .elementwiseJacobian,
      sentence: "gradient has an extra factor p (1 - p), elementwise: the softmax Jacobian is "
        + "diag(p) - p p^T, not s (1 - s), and for cross-entropy the chain of both is p - y alone",
      widths: 2..., upTo: .max
    ) {
      let p = softmax($0, $1)
      return p * (1 - p)
    },
    ScoreFactor(
      code: .missingLinkDerivative,
      sentence: "gradient lacks the factor p (1 - p): it is the derivative by the probability, "
        + "and the derivative of softmax is missing",
      widths: 2..., upTo: .max
    ) {
      let p = softmax($0, $1)
      return 1 / (p * (1 - p))
    },
    ScoreFactor(
      code: .elementwiseJacobian,
      sentence: "gradient has an extra factor p (1 - p), p = sigmoid(score): the derivative of "
        + "the sigmoid is multiplied in once too often (with cross-entropy it cancels: p - y)",
      widths: 1..., upTo: .max
    ) {
      let p = sigmoid($0, $1)
      return p * (1 - p)
    },
    ScoreFactor(
      code: .missingLinkDerivative,
      sentence: "gradient lacks the factor p (1 - p): it is the derivative by the prediction "
        + "p = sigmoid(score), not by the score",
      widths: 1..., upTo: .max
    ) {
      let p = sigmoid($0, $1)
      return 1 / (p * (1 - p))
    },
    ScoreFactor(
      code: .missingLinkDerivative,
      sentence: "gradient lacks the factor exp(score): it is the derivative by the prediction "
        + "exp(score), not by the score",
      widths: 1..., upTo: .max
    ) { Double.exp(-at($0, $1)) },
    ScoreFactor(
      code: .missingLinkDerivative,
      sentence: "gradient has an extra factor exp(score): the derivative of the link is "
        + "multiplied in once too often",
      widths: 1..., upTo: .max
    ) { Double.exp(at($0, $1)) },
    ScoreFactor(
      code: .missingLinkDerivative,
      sentence: "gradient has an extra factor equal to the score: an activation (ReLU) is passed "
        + "where its derivative is due",
      widths: 1..., upTo: .max, mayVanish: true
    ) { at($0, $1) },
    ScoreFactor(
      code: .missingLinkDerivative,
      sentence: "gradient has sigmoid(score) where its derivative is due",
      widths: 1..., upTo: .max
    ) { 1 / (1 - sigmoid($0, $1)) },
    ScoreFactor(
      code: .missingLinkDerivative,
      sentence: "gradient has tanh(score) where its derivative is due",
      widths: 1..., upTo: .max, mayVanish: true
    ) {
      let t = Double.tanh(at($0, $1))
      return t / (1 - t * t)
    },
  ]
}
