import Learning
import Losses

/// Fits a linear model to an objective's own loss, whatever it is.
///
///     minimize sum(w_i loss_i) / sum(w) + penalty / 2 sum(u_k c_jk^2)
///
/// by L-BFGS with steps that satisfy the weak Wolfe conditions, which also gets along with kinks.
/// `u_k` is the mean curvature along score `k` at the start, so that a penalty means the same in
/// every unit; intercepts are not penalized. A loss that is no number counts as infinite: steps
/// that lead there are shortened.
/// Nocedal & Wright, "Numerical Optimization", 2nd ed., Springer 2006, section 7.2; Lewis & Overton,
/// "Nonsmooth optimization via quasi-Newton methods", Mathematical Programming 141 (2013).
struct LossDescent {
  private let objective: any Objective
  private let rows: ObjectiveRows
  private let data: LinearData
  private let width: Int
  /// The rows' weights, which add up to 1.
  private let shares: [Double]

  /// The loss of `objective` on the rows of `data`.
  init(_ objective: any Objective, _ data: LinearData) throws(LearningError) {
    self.objective = objective
    self.data = data
    rows = try ObjectiveRows(data.table, for: objective)
    width = objective.scoresPerRow
    let total = data.weights.reduce(0, +)
    shares = data.weights.map { $0 / total }
  }

  /// A place: coefficients `[inputs x scores]`, then intercepts `[scores]`.
  typealias Parameters = [Double]

  /// The constants that minimize the loss, with no slope. O(rows x scores) per Newton step.
  func constants() throws(LearningError) -> Parameters {
    let scores = try objective.finiteInitialScores(on: rows, of: data.table)
    return [Double](repeating: 0, count: data.inputs.count * width) + scores
  }

  /// The mean loss at a place; infinite if it is no number. O(rows x inputs x scores).
  func loss(at parameters: Parameters) -> Double { loss(ofOutputs: outputs(parameters)) }

  /// A place with less loss than `start`, penalty included, or `start` itself. O(rows x inputs x
  /// scores) times some hundreds.
  func minimum(from start: Parameters, penalty: Double) -> Parameters {
    var descent = QuasiNewton(scales: curvatures(at: start))
    let units = units(of: descent.scales)
    return descent.minimum(from: start, evaluations: evaluations) { place in
      value(at: place, penalties: units.map { penalty * $0 })
    }
  }

  /// Whether the line of the usual kind minimizes this loss: its slopes are in one ratio to those of
  /// least squares or the likelihood, at some rows.
  func hasLoss(of base: LinearRoute.Base, at parameters: Parameters) -> Bool {
    let outputs = outputs(parameters)
    let gradients = gradients(at: outputs)
    var ratios: [Double] = []
    var others: [Double] = []
    for row in stride(from: 0, to: data.targets.count, by: max(1, data.targets.count / 200)) {
      let own = row * width..<(row + 1) * width
      switch base {
      case .constants: return false
      case .leastSquares:
        guard width == 1 else { return false }
        others = [outputs[row] - data.targets[row]]
      case .likelihood(let likelihood):
        let offset = data.offsets.isEmpty ? 0 : data.offsets[row]
        others = likelihood.slopes(outputs[own].map { $0 + offset }, target: data.targets[row])
      }
      for (index, other) in zip(own, others) where other.magnitude > 1e-9 {
        ratios.append(gradients[index] / other)
      }
    }
    guard let least = ratios.min(), let most = ratios.max(), least > 0, most.isFinite else {
      return false
    }
    return most - least <= 1e-6 * most
  }

  /// So many that large tables take seconds.
  private var evaluations: Int {
    let numbers = max(1, data.targets.count * (data.inputs.count + 1) * width)
    return min(200, max(30, 50_000_000 / numbers))
  }

  private func outputs(_ parameters: Parameters) -> [Double] {
    let count = data.inputs.count
    var outputs: [Double] = []
    outputs.reserveCapacity(data.targets.count * width)
    for row in data.targets.indices {
      for k in 0..<width {
        var sum = parameters[count * width + k]
        for j in 0..<count {
          sum += Double(data.matrix[row * count + j]) * parameters[j * width + k]
        }
        outputs.append(sum)
      }
    }
    return outputs
  }

  private func loss(ofOutputs outputs: [Double]) -> Double {
    guard outputs.allSatisfy(\.isFinite) else { return .infinity }
    var losses = [Double](repeating: 0, count: data.targets.count)
    var span = losses.mutableSpan
    objective.losses(at: outputs.span, rows.rows, into: &span)
    var sum = 0.0
    for row in losses.indices where shares[row] > 0 { sum += shares[row] * losses[row] }
    return sum.isNaN ? .infinity : sum
  }

  /// Loss and slope, penalty included.
  private func value(
    at parameters: Parameters, penalties: [Double]
  ) -> (loss: Double, gradient: [Double]) {
    let outputs = outputs(parameters)
    var loss = loss(ofOutputs: outputs)
    guard loss < .infinity else { return (.infinity, []) }
    var gradient = gathered(gradients(at: outputs))
    for index in 0..<data.inputs.count * width {
      let pull = penalties[index % width] * parameters[index]
      loss += pull * parameters[index] / 2
      gradient[index] += pull
    }
    return gradient.allSatisfy(\.isFinite) ? (loss, gradient) : (.infinity, [])
  }

  private func gradients(at outputs: [Double]) -> [Double] {
    var gradients = [Double](repeating: 0, count: outputs.count)
    var span = gradients.mutableSpan
    objective.gradients(at: outputs.span, rows.rows, into: &span)
    return gradients
  }

  private func derivatives(at outputs: [Double]) -> (gradients: [Double], hessians: [Double]) {
    var gradients = [Double](repeating: 0, count: outputs.count)
    var hessians = gradients
    var g = gradients.mutableSpan
    var h = hessians.mutableSpan
    objective.derivatives(at: outputs.span, rows.rows, gradients: &g, hessians: &h)
    return (gradients, hessians)
  }

  /// `sum(share_i v_ik z_ij)` for every coefficient, with an input of 1 for intercepts; of squared
  /// inputs if asked for.
  private func gathered(_ values: [Double], squared: Bool = false) -> [Double] {
    let count = data.inputs.count
    var sums = [Double](repeating: 0, count: (count + 1) * width)
    for row in data.targets.indices where shares[row] > 0 {
      for k in 0..<width {
        let value = shares[row] * values[row * width + k]
        sums[count * width + k] += value
        for j in 0..<count {
          let input = Double(data.matrix[row * count + j])
          sums[j * width + k] += value * (squared ? input * input : input)
        }
      }
    }
    return sums
  }

  /// The magnitude of the curvature along every parameter; of a loss without any what its pull is
  /// per deviation of the target. Positive.
  private func curvatures(at start: Parameters) -> [Double] {
    let (gradients, hessians) = derivatives(at: outputs(start))
    let curved = gathered(hessians.map { $0.isFinite ? $0.magnitude : 0 }, squared: true)
    let mean = zip(shares, data.targets).reduce(0) { $0 + $1.0 * $1.1 }
    let spread = zip(shares, data.targets).reduce(0) { $0 + $1.0 * ($1.1 - mean).magnitude }
    let pulls = gathered(gradients.map { $0.isFinite ? $0.magnitude : 0 })
    let intercepts = data.inputs.count * width
    return curved.indices.map { index in
      let pull = pulls[intercepts + index % width] / (spread > 0 ? spread : 1)
      let least = max(1e-6 * curved[intercepts + index % width], 1e-3 * pull)
      let scale = max(curved[index], least)
      return scale > 0 && scale.isFinite ? scale : 1
    }
  }

  /// The curvature of each score, as the intercepts see it.
  private func units(of scales: [Double]) -> [Double] {
    Array(scales[(data.inputs.count * width)...])
  }
}
