import Parallel

/// Adds up the gradients of a batch's slices and moves the parameters, in one pass over memory.
struct OptimiserStep: Sendable {
  let workspace: Workspace
  let optimizer: Optimizer
  /// Per step, `weightDecay * w` is added to the gradient of the mean loss.
  let weightDecay: Double

  /// Elements that fit into the fastest cache together with their state.
  private static let chunk = 2048

  /// Running means per parameter.
  static func stateCount(of optimizer: Optimizer) -> Int {
    switch optimizer {
    case .adam, .adamW: 2
    case .sgd: 1
    }
  }

  /// Makes step `number`, counted from 1, at `share` of the learning rate, from the gradients of
  /// `slices` slices.
  func run(
    number: Int, share: Double, slices: Int, floats: DisjointSlices<Float>, pool: WorkerPool
  ) {
    let count = workspace.layers.shape.parameterCount
    let tasks = max(1, min(pool.threadCount, count / Self.chunk))
    let rule = rule(number: number, share: share)
    // Every parameter is computed from itself alone: any division among threads gives the same.
    pool.forEach(tasks) { task in
      var start = count * task / tasks
      let end = count * (task + 1) / tasks
      let decayed = workspace.layers.shape.weightCount
      while start < end {
        let limit = start < decayed ? min(decayed, end) : end
        let range = start..<min(start + Self.chunk, limit)
        update(range, decays: start < decayed, rule, slices: slices, floats)
        start = range.upperBound
      }
    }
  }

  private enum Rule {
    case adam(Kernels.AdamStep)
    case descent(rate: Float, momentum: Float)
  }

  private func rule(number: Int, share: Double) -> Rule {
    switch optimizer {
    case .sgd(let rate, let momentum):
      return .descent(rate: Float(rate * share), momentum: Float(momentum))
    case .adam(let rate, let beta1, let beta2, let epsilon),
      .adamW(let rate, let beta1, let beta2, let epsilon):
      var isDecoupled = false
      if case .adamW = optimizer { isDecoupled = true }
      return .adam(
        Kernels.AdamStep(
          beta1: Float(beta1), beta2: Float(beta2),
          rate: Float(rate * share / (1 - power(beta1, number))),
          rootCorrection: Float(1 / (1 - power(beta2, number)).squareRoot()),
          epsilon: Float(epsilon), decay: isDecoupled ? 0 : Float(weightDecay),
          shrinkage: isDecoupled ? Float(rate * share * weightDecay) : 0))
    }
  }

  private func update(
    _ range: Range<Int>, decays: Bool, _ rule: Rule, slices: Int, _ floats: DisjointSlices<Float>
  ) {
    func part(_ whole: Range<Int>) -> Floats {
      floats.part(whole.lowerBound + range.lowerBound..<whole.lowerBound + range.upperBound)
    }
    let gradients = part(workspace.gradients(0))
    for slice in 1..<max(slices, 1) {
      Kernels.add(part(workspace.gradients(slice)), to: gradients)
    }
    switch rule {
    case .adam(var step):
      if !decays {
        step.decay = 0
        step.shrinkage = 0
      }
      Kernels.adam(
        step, weights: part(workspace.parameters), means: part(workspace.state(0)),
        squares: part(workspace.state(1)), gradients: gradients)
    case .descent(let rate, let momentum):
      Kernels.descend(
        rate: rate, momentum: momentum, decay: decays ? Float(weightDecay) : 0,
        weights: part(workspace.parameters), velocities: part(workspace.state(0)),
        gradients: gradients)
    }
  }

  /// `base` to the power of `exponent` by squaring: the same on every platform.
  private func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}
