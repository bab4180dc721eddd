import Learning
import Losses
import RealModule
import Tabular

/// Fits a linear model to prepared rows and chooses its penalty.
struct LinearFit {
  let data: LinearData
  let route: LinearRoute

  /// Penalties tried, the largest first.
  private var penalties: [Double] {
    route.likelihood == nil ? [1, 1e-1, 1e-2, 1e-4, 1e-6] : [1e-1, 1e-2, 1e-3, 1e-4]
  }

  /// With too few rows to choose: a hundredth of a standardized input's own curvature.
  private let usualPenalty = 1e-2

  func model() throws(LearningError) -> LinearModel {
    let penalty = chosenPenalty()
    if let likelihood = route.likelihood { return try byNewton(likelihood, penalty) }
    let solution = Self.ridge(data).solution(penalty: penalty)
    return try leastSquares(solution.coefficients, solution.intercept)
  }

  /// The penalty with the least loss on the rows held out.
  private func chosenPenalty() -> Double {
    guard data.inputs.count > 0, let (fitted, held) = data.divided else { return usualPenalty }
    var best: (penalty: Double, loss: Double)?
    func consider(_ penalty: Double, _ loss: Double) {
      // A tie goes to the larger penalty, which was tried before.
      if loss.isFinite, best.map({ loss < $0.loss }) ?? true { best = (penalty, loss) }
    }
    if let likelihood = route.likelihood {
      var start: [Double]?
      for penalty in penalties {
        let fit = Self.newton(fitted, likelihood, route.width, penalty)
        let parameters = fit.parameters(from: start ?? Self.start(fitted, likelihood, route.width))
        start = parameters
        consider(
          penalty, Self.newton(held, likelihood, route.width, penalty).loss(at: parameters))
      }
    } else {
      let ridge = Self.ridge(fitted)
      for penalty in penalties {
        let (coefficients, intercept) = ridge.solution(penalty: penalty)
        consider(penalty, Self.squaredError(held, coefficients, intercept))
      }
    }
    return best?.penalty ?? usualPenalty
  }

  private static func ridge(_ data: LinearData) -> Ridge {
    Ridge(
      inputs: data.matrix, count: data.inputs.count, targets: data.targets, weights: data.weights)
  }

  private static func line(
    _ data: LinearData, _ coefficients: [Double], _ intercept: Double
  ) -> [Double] {
    let count = data.inputs.count
    return data.targets.indices.map { row in
      var sum = intercept
      for j in 0..<count { sum += Double(data.matrix[row * count + j]) * coefficients[j] }
      return sum
    }
  }

  private static func squaredError(
    _ data: LinearData, _ coefficients: [Double], _ intercept: Double
  ) -> Double {
    let line = line(data, coefficients, intercept)
    return data.targets.indices.reduce(0) {
      $0 + data.weights[$1] * (data.targets[$1] - line[$1]) * (data.targets[$1] - line[$1])
    }
  }

  private static func newton(
    _ data: LinearData, _ likelihood: Likelihood, _ width: Int, _ penalty: Double
  ) -> NewtonFit {
    let total = data.weights.reduce(0, +)
    return NewtonFit(
      likelihood: likelihood, inputs: data.matrix, count: data.inputs.count,
      targets: data.targets, weights: data.weights.map { $0 / total }, offsets: data.offsets,
      width: width, penalty: penalty)
  }

  /// No coefficients, and the intercept of a Poisson model that gives the mean.
  private static func start(
    _ data: LinearData, _ likelihood: Likelihood, _ width: Int
  ) -> [Double] {
    var start = [Double](repeating: 0, count: (data.inputs.count + 1) * width)
    guard likelihood == .poisson else { return start }
    var (sum, exposure) = (0.0, 0.0)
    for row in data.targets.indices {
      sum += data.weights[row] * data.targets[row]
      exposure += data.weights[row] * (data.offsets.isEmpty ? 1 : .exp(data.offsets[row]))
    }
    if sum > 0, exposure > 0 { start[data.inputs.count] = .log(sum / exposure) }
    return start
  }

  private func byNewton(
    _ likelihood: Likelihood, _ penalty: Double
  ) throws(LearningError) -> LinearModel {
    let parameters = Self.newton(data, likelihood, route.width, penalty).parameters(
      from: Self.start(data, likelihood, route.width))
    let split = data.inputs.count * route.width
    return try model(
      coefficients: Array(parameters[..<split]), intercepts: Array(parameters[split...]))
  }

  private func leastSquares(
    _ coefficients: [Double], _ intercept: Double
  ) throws(LearningError) -> LinearModel {
    let width = route.scores
    var intercepts = [Double](repeating: 0, count: width)
    for k in route.carriers { intercepts[k] = intercept }
    if route.isShifted {
      var residuals = Self.line(data, coefficients, intercept)
      for row in residuals.indices {
        let unit = data.units.isEmpty ? 1 : data.units[row]
        residuals[row] = (data.targets[row] - residuals[row]) * unit
      }
      let constants = ResidualLoss.constants(route.objective, residuals, data.table)
      guard constants != nil || width == 1 else {
        throw LearningError(
          .nonFiniteDerivative, "the objective gives no constants for the residuals of a line")
      }
      for k in 0..<width { intercepts[k] += constants?[k] ?? 0 }
    }
    let spread = coefficients.flatMap { value in
      (0..<width).map { route.carriers.contains($0) ? value : 0 }
    }
    return try model(coefficients: spread, intercepts: intercepts)
  }

  private func model(
    coefficients: [Double], intercepts: [Double]
  ) throws(LearningError) -> LinearModel {
    guard (coefficients + intercepts).allSatisfy(\.isFinite) else {
      throw LearningError(
        .nonFiniteDerivative, "\(data.table.source): the linear model's coefficients overflow")
    }
    return LinearModel(
      header: ModelHeader(
        objective: route.objective, initialScores: intercepts, table: data.table),
      inputs: data.inputs, coefficients: coefficients)
  }
}
