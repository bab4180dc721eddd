// Safe because: see Kernels.swift.

extension Kernels {
  /// The numbers of one Adam step that do not differ from weight to weight.
  struct AdamStep {
    var beta1: Float
    var beta2: Float
    /// Learning rate, divided by what the mean of the gradients lacks of its full weight.
    var rate: Float
    /// The same correction for the root of the mean square.
    var rootCorrection: Float
    var epsilon: Float
    /// Added to the gradient, per unit of weight.
    var decay: Float
    /// Taken off the weights, per unit of weight.
    var shrinkage: Float

    /// The step of eight weights.
    @inline(__always)
    func apply(
      to weights: inout Lanes, _ means: inout Lanes, _ squares: inout Lanes, gradient: Lanes
    ) {
      let gradient = gradient + decay * weights
      means = beta1 * means + (1 - beta1) * gradient
      squares = beta2 * squares + (1 - beta2) * (gradient * gradient)
      let root = squares.approximateRoot() * rootCorrection + epsilon
      weights -= shrinkage * weights + rate * means / root
    }
  }

  /// One Adam step in place on weights, running means and running mean squares.
  static func adam(
    _ step: AdamStep, weights: Floats, means: Floats, squares: Floats, gradients: Floats
  ) {
    let count = weights.count
    precondition(
      means.count == count && squares.count == count && gradients.count == count,
      "an optimizer's arrays are as long as the weights")
    guard let w = weights.baseAddress, let m = means.baseAddress, let v = squares.baseAddress,
      let g = gradients.baseAddress
    else { return }
    var i = 0
    while i &+ Lanes.scalarCount <= count {
      var (weight, mean, square) = (w.lanes(at: i), m.lanes(at: i), v.lanes(at: i))
      step.apply(to: &weight, &mean, &square, gradient: g.lanes(at: i))
      w.store(weight, at: i)
      m.store(mean, at: i)
      v.store(square, at: i)
      i &+= Lanes.scalarCount
    }
    for rest in i..<count {
      var (weight, mean) = (Lanes(repeating: w[rest]), Lanes(repeating: m[rest]))
      var square = Lanes(repeating: v[rest])
      step.apply(to: &weight, &mean, &square, gradient: Lanes(repeating: g[rest]))
      (w[rest], m[rest], v[rest]) = (weight[0], mean[0], square[0])
    }
  }

  /// The same on spans; `state` holds the running means, then the running mean squares.
  static func adam(
    _ step: AdamStep, weights: inout MutableSpan<Float>, state: inout MutableSpan<Float>,
    gradients: Span<Float>
  ) {
    let count = weights.count
    precondition(state.count == 2 * count, "Adam keeps two numbers per weight")
    weights.withUnsafeMutableBufferPointer { weights in
      state.withUnsafeMutableBufferPointer { state in
        gradients.withUnsafeBufferPointer { gradients in
          // The gradients are only read.
          adam(
            step, weights: weights, means: Floats(rebasing: state[..<count]),
            squares: Floats(rebasing: state[count...]), gradients: Floats(mutating: gradients))
        }
      }
    }
  }
}
