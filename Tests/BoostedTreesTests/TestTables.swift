import OrderedCollections
import BoostedTrees
import Foundation

/// Tables made from a seed, with what the engine finds difficult: ties, missing values, infinities.
enum TestTables {
  struct Options {
    var rows = 300
    var columns = 4
    /// Distinct values per column; 0 for as many as rows.
    var levels = 40
    var missing = 0.0
    var hasWeights = false
    var classes = 0
  }

  /// Targets depend on the features, a little noise and, if there is a row data column `size`
  /// (always there), on the size.
  static func make(seed: UInt64, _ options: Options = Options()) throws -> Table {
    var generator = RandomGenerator(seed: seed)
    var features: [Float] = []
    var target: [Double] = []
    var size: [Double] = []
    var weights: [Double] = []
    for _ in 0..<options.rows {
      var signal = 0.0
      for column in 0..<options.columns {
        var value = generator.uniform(in: -2..<2)
        if options.levels > 0 {
          value = (value * Double(options.levels) / 4).rounded() * 4 / Double(options.levels)
        }
        let isMissing = generator.uniform() < options.missing
        signal += isMissing ? 0.7 : (column % 2 == 0 ? value : value * value) / Double(column + 1)
        features.append(isMissing ? .nan : Float(value))
      }
      signal += 0.3 * generator.normal()
      size.append(exp2(generator.uniform(in: 1..<12)))
      weights.append(Double(1 + generator.index(below: 4)) / 2)
      if options.classes > 0 {
        let shifted = (signal + 2) / 4 * Double(options.classes)
        target.append(min(max(shifted.rounded(.down), 0), Double(options.classes - 1)))
      } else {
        target.append(signal)
      }
    }
    return try Table(
      features: features, featureNames: (0..<options.columns).map { "f\($0)" }, target: target,
      weights: options.hasWeights ? weights : nil, rowData: ["size": size], source: "made")
  }

  /// The same rows with targets multiplied by their size, as SNE expects them, and the size's
  /// magnitude as one more feature: leaves of large sizes only have tiny curvature.
  static func makeSized(seed: UInt64, _ options: Options = Options()) throws -> Table {
    let table = try make(seed: seed, options)
    let size = table.rowData["size"] ?? []
    var features: [Float] = []
    for row in 0..<table.rowCount {
      features.append(contentsOf: table.features(ofRow: row))
      features.append(Float((2 * log2(size[row])).rounded()))
    }
    return try Table(
      features: features, featureNames: table.featureNames + ["magnitude"],
      target: zip(table.target ?? [], size).map { ($0 + 3) * $1 }, weights: table.weights,
      rowData: table.rowData, source: "made")
  }
}

/// The shipped objectives as closures with the same arithmetic.
enum Closures {
  static let squared = CustomObjective(
    "squared",
    loss: { row in
      let error = row.score - row.target
      return error * error
    }
  ) { row in
    Derivatives(gradient: 2 * (row.score - row.target), hessian: 2)
  }

  static let sne = CustomObjective(
    "sne", rowData: ["size"], scoreAdjustment: .multiplied(by: "size"), metric: .rmsne,
    loss: { row in
      let ratio = (row.score - row.target) / row.data[0]
      return ratio * ratio
    }
  ) { row in
    let size = row.data[0]
    return Derivatives(
      gradient: 2 * (row.score - row.target) / (size * size), hessian: 2 / (size * size))
  }

  static let logistic = CustomObjective(
    "logistic", link: .logit, metric: .logLoss,
    loss: { row in
      row.target * StableMath.softplus(-row.score)
        + (1 - row.target) * StableMath.softplus(row.score)
    }
  ) { row in
    let p = StableMath.sigmoid(row.score)
    return Derivatives(gradient: p - row.target, hessian: p * (1 - p))
  }
}

extension Closures {
  static func softmax(classes: Int) -> CustomObjective {
    CustomObjective("softmax", scoresPerRow: classes, link: .softmax, metric: .logLoss) {
      row, gradients, hessians in
      for k in 0..<classes { gradients[k] = row.scores[k] }
      StableMath.softmax(&gradients, in: 0..<classes)
      for k in 0..<classes { hessians[k] = gradients[k] * (1 - gradients[k]) }
      gradients[Int(row.target)] -= 1
    }
  }
}
