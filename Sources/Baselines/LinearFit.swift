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
    likelihood == nil ? [1, 1e-1, 1e-2, 1e-4, 1e-6] : [1e-1, 1e-2, 1e-3, 1e-4]
  }

  /// With too few rows to choose: a hundredth of a standardized input's own curvature.
  private let usualPenalty = 1e-2

  private var likelihood: Likelihood? {
    if case .likelihood(let likelihood) = route.base { likelihood } else { nil }
  }

  /// Scores of the objective.
  private var width: Int { route.objective.scoresPerRow }

  /// The line of the usual kind, or that of the objective's own loss where it is better.
  func model() throws(LearningError) -> LinearModel {
    let penalty = chosenPenalty()
    let usual = try parameters(penalty: penalty)
    let parameters = try ownLine(from: usual, penalty: penalty) ?? usual
    guard parameters.allSatisfy(\.isFinite) else {
      throw LearningError(
        .nonFiniteDerivative, "\(data.table.source): the linear model's coefficients overflow")
    }
    let split = data.inputs.count * width
    return LinearModel(
      header: ModelHeader(
        objective: route.objective, initialScores: Array(parameters[split...]), table: data.table),
      inputs: data.inputs, coefficients: Array(parameters[..<split]))
  }

  /// Coefficients `[inputs x scores]` and intercepts `[scores]` of the line of the usual kind.
  private func parameters(penalty: Double) throws(LearningError) -> LossDescent.Parameters {
    switch route.base {
    case .constants: return try LossDescent(route.objective, data).constants()
    case .likelihood(let likelihood):
      return Self.newton(data, likelihood, width, penalty).parameters(
        from: Self.start(data, likelihood, width))
    case .leastSquares(let carriers):
      let solution = Self.ridge(data).solution(penalty: penalty)
      return try leastSquares(carriers, solution.coefficients, solution.intercept)
    }
  }

  /// The line of the objective's own loss; nil where the usual one is that, or not worse by a
  /// thousandth of what it explains on the rows held out.
  private func ownLine(
    from usual: LossDescent.Parameters, penalty: Double
  ) throws(LearningError) -> LossDescent.Parameters? {
    let objective = route.objective
    guard objective.hasLoss, data.inputs.count > 0 else { return nil }
    let whole = try LossDescent(objective, data)
    guard !whole.hasLoss(of: route.base, at: usual) else { return nil }
    guard let (fitted, held) = data.divided else {
      let own = whole.minimum(from: usual, penalty: usualPenalty)
      return whole.loss(at: own) < whole.loss(at: usual) ? own : nil
    }
    // A part of the rows may lack what the objective needs, such as an event.
    guard let search = try? LossDescent(objective, fitted),
      let judge = try? LossDescent(objective, held), let constants = try? search.constants(),
      let start = try? LinearFit(data: fitted, route: route).parameters(penalty: penalty)
    else { return nil }
    let given = judge.loss(at: start)
    let margin = 1e-3 * (judge.loss(at: constants) - given).magnitude
    var best: (penalty: Double, loss: Double)?
    var place = given < .infinity ? start : constants
    for penalty in [1e-1, 1e-3, 1e-6] {
      place = search.minimum(from: place, penalty: penalty)
      let loss = judge.loss(at: place)
      let least = best?.loss ?? (given.isFinite && margin.isFinite ? given - margin : given)
      if loss < least { best = (penalty, loss) }
    }
    guard let best else { return nil }
    return whole.minimum(
      from: whole.loss(at: usual) < .infinity ? usual : try whole.constants(),
      penalty: best.penalty)
  }

  /// The penalty with the least loss on the rows held out.
  private func chosenPenalty() -> Double {
    guard route.base != .constants, data.inputs.count > 0, let (fitted, held) = data.divided else {
      return usualPenalty
    }
    var best: (penalty: Double, loss: Double)?
    func consider(_ penalty: Double, _ loss: Double) {
      // A tie goes to the larger penalty, which was tried before.
      if loss.isFinite, best.map({ loss < $0.loss }) ?? true { best = (penalty, loss) }
    }
    if let likelihood {
      var start: [Double]?
      for penalty in penalties {
        let fit = Self.newton(fitted, likelihood, width, penalty)
        let parameters = fit.parameters(from: start ?? Self.start(fitted, likelihood, width))
        start = parameters
        consider(
          penalty, Self.newton(held, likelihood, width, penalty).loss(at: parameters))
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

  private func leastSquares(
    _ carriers: Range<Int>, _ coefficients: [Double], _ intercept: Double
  ) throws(LearningError) -> LossDescent.Parameters {
    var intercepts = [Double](repeating: 0, count: width)
    for k in carriers { intercepts[k] = intercept }
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
      (0..<width).map { carriers.contains($0) ? value : 0 }
    }
    return spread + intercepts
  }
}
