import Formulas
import RealModule
import Learning
import Losses
import Tabular
import TestSupport
import Testing

@testable import Baselines

/// Lines that minimize the objective's own loss, where no line of a usual kind does.
struct OwnLossTests {
  private func table(
    _ rows: Int = 600, rowData: [String: [Double]] = [:],
    _ target: (Int, Double) -> Double
  ) throws -> Table {
    let numbers = referenceNumbers(rows, seed: 21)
    var table = try Table(
      features: numbers.map(Float.init), featureNames: ["x"],
      target: (0..<rows).map { target($0, Double(Float(numbers[$0]))) }, source: "made")
    for (name, values) in rowData { table = try table.withRowData(name, values) }
    return table
  }

  private func loss(_ objective: any Objective, _ predictions: [Double], _ table: Table) throws
    -> Double
  {
    let rows = try ObjectiveRows(table, for: objective)
    var tracker = LossTracker(objective, rows, scores: predictions)
    return tracker.loss(at: predictions)
  }

  /// Weighted least squares by hand: the loss of SNE without its adjustment is that with the weights
  /// 1 / size^2.
  @Test(arguments: ["sne", "square((score - y) / size)"])
  func weightedLeastSquares(text: String) throws {
    let sizes = (0..<600).map { Double(1 + ($0 * 37) % 50) }
    let noise = referenceNumbers(600, seed: 5)
    let data = try table(rowData: ["size": sizes]) { row, x in
      3 + 2 * x + sizes[row] * (x + noise[row] - 0.5)
    }
    let objective = try parseObjective(text)
    let model = try LinearLearner(objective: objective, adjustsScores: false).fit(data)
    let target = try #require(data.target)
    var (w, wx, wy, wxx, wxy) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for row in 0..<600 {
      let (weight, x) = (1 / (sizes[row] * sizes[row]), Double(data.features[row]))
      w += weight
      wx += weight * x
      wy += weight * target[row]
      wxx += weight * x * x
      wxy += weight * x * target[row]
    }
    let slope = (w * wxy - wx * wy) / (w * wxx - wx * wx)
    let line = data.features.map { (wy - slope * wx) / w + slope * Double($0) }
    let least = try loss(objective, line, data)
    let found = try loss(objective, model.predictions(for: data), data)
    #expect(found < 1.02 * least && found >= least * (1 - 1e-12), "\(found) of \(least)")
    // The line of plain least squares, which this was before, is no match.
    let plain = try LinearLearner(objective: SquaredError()).fit(data)
    #expect(try loss(objective, plain.predictions(for: data), data) > 1.5 * least)
  }

  /// Quantiles whose distance grows with x: each has a slope of its own, which is the quantile of
  /// the noise times x.
  @Test func quantilesOfUnequalSpread() throws {
    let noise = referenceNumbers(3000, seed: 8)
    let data = try table(3000) { row, x in 10 * x * noise[row] }
    let model = try LinearLearner(objective: Quantiles([0.1, 0.5, 0.9])).fit(data)
    let predictions = try model.predictions(for: data)
    for (k, level) in [0.1, 0.5, 0.9].enumerated() {
      let right = data.features.map { 10 * level * Double($0) }
      let distance = right.indices.reduce(0.0) {
        $0 + (predictions[3 * $1 + k] - right[$1]).magnitude / 3000
      }
      #expect(distance < 0.25, "\(level): \(distance)")
    }
  }

  /// Cox's partial likelihood has a line: hazards that double with x give a slope near log 2 per
  /// unit. Times are -log(u) / hazard.
  @Test func proportionalHazards() throws {
    let draws = referenceNumbers(2000, seed: 13)
    let data = try table(2000, rowData: ["event": [Double](repeating: 1, count: 2000)]) { row, x in
      -(.log(max(draws[row], 1e-9))) / .exp(0.693 * 3 * x)
    }
    let model = try LinearLearner(objective: Cox()).fit(data)
    let slope = model.coefficients[0] * model.inputs.scales[0]
    #expect((slope - 3 * 0.693).magnitude < 0.35, "\(slope)")
  }

  /// A mean and a spread that follow x: a line of two scores that least squares does not give.
  @Test func locationAndScale() throws {
    let numbers = referenceNumbers(6000, seed: 17)
    // A sum of two uniform numbers, of standard deviation sqrt(1 / 6).
    let data = try table(3000) { row, x in
      (numbers[2 * row] + numbers[2 * row + 1] - 1) * .exp(2 * x)
    }
    let gaussian = Gaussian()
    let learner = LinearLearner(objective: gaussian)
    let model = try learner.fit(data)
    let slope = model.coefficients[1] * model.inputs.scales[0]
    #expect((slope - 2).magnitude < 0.2, "\(slope)")
  }

  /// A loss that is no number for scores below 0 is fitted within its domain.
  @Test func domainsAreKept() throws {
    let data = try table { _, x in 2 + 5 * x }
    let objective = try ExpressionObjective("y / score + log(score)")
    let model = try LinearLearner(objective: objective).fit(data)
    let predictions = try model.predictions(for: data)
    let right = try #require(data.target)
    let worst = zip(predictions, right).reduce(0.0) { max($0, ($1.0 - $1.1).magnitude / $1.1) }
    #expect(worst < 0.02, "\(worst)")
  }
}
