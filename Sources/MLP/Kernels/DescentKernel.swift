// Safe because: see Kernels.swift.

extension Kernels {
  /// One step of gradient descent with momentum, in place.
  static func descend(
    rate: Float, momentum: Float, decay: Float, weights: Floats, velocities: Floats,
    gradients: Floats
  ) {
    let count = weights.count
    precondition(
      velocities.count == count && gradients.count == count,
      "an optimizer's arrays are as long as the weights")
    guard let w = weights.baseAddress, let v = velocities.baseAddress,
      let g = gradients.baseAddress
    else { return }
    for i in 0..<count {
      let velocity = momentum * v[i] + (g[i] + decay * w[i])
      v[i] = velocity
      w[i] -= rate * velocity
    }
  }

  /// The same on spans.
  static func descend(
    rate: Float, momentum: Float, decay: Float, weights: inout MutableSpan<Float>,
    velocities: inout MutableSpan<Float>, gradients: Span<Float>
  ) {
    weights.withUnsafeMutableBufferPointer { weights in
      velocities.withUnsafeMutableBufferPointer { velocities in
        gradients.withUnsafeBufferPointer { gradients in
          // The gradients are only read.
          descend(
            rate: rate, momentum: momentum, decay: decay, weights: weights,
            velocities: velocities, gradients: Floats(mutating: gradients))
        }
      }
    }
  }
}
