// The loops over single numbers that training spends its time in, beside the matrix products.
// They are written so that the compiler turns them into vector instructions: loads before
// comparisons, no calls, and `Lanes` where it would not do so by itself.
//
// Safe because: every kernel checks, before it starts, that its buffers hold as many elements as it
// touches, and callers get the buffers from range-checked parts of arrays that outlive the call.

/// Single-precision memory that a kernel works on.
typealias Floats = UnsafeMutableBufferPointer<Float>
/// Double-precision memory that a kernel works on.
typealias Doubles = UnsafeMutableBufferPointer<Double>

enum Kernels {
  // MARK: - Layers

  /// Adds `bias` to every row of `sums` and puts the result through `activation`, in place.
  static func addBias(_ bias: Floats, andApply activation: Activation, to sums: Matrix) {
    precondition(bias.count == sums.columns, "there is one bias per column")
    guard let bias = bias.baseAddress, var row = sums.elements.baseAddress else { return }
    let columns = sums.columns
    for _ in 0..<sums.rows {
      switch activation {
      case .relu:
        for k in 0..<columns {
          let x = row[k] + bias[k]
          // Written so that a sum that is not a number stays one and is noticed.
          row[k] = x < 0 ? 0 : x
        }
      case .identity: for k in 0..<columns { row[k] += bias[k] }
      case .sigmoid: for k in 0..<columns { row[k] = sigmoid(row[k] + bias[k]) }
      case .tanh: for k in 0..<columns { row[k] = 2 * sigmoid(2 * (row[k] + bias[k])) - 1 }
      }
      row += columns
    }
  }

  /// Multiplies `deltas` by the slope of `activation`, told from what it gave, in place.
  static func multiply(_ deltas: Floats, bySlopeOf activation: Activation, at outputs: Floats) {
    precondition(deltas.count == outputs.count, "there is one output per delta")
    guard let delta = deltas.baseAddress, let output = outputs.baseAddress else { return }
    let count = deltas.count
    switch activation {
    case .relu:
      for i in 0..<count {
        let (d, y) = (delta[i], output[i])
        delta[i] = y > 0 ? d : 0
      }
    case .identity: break
    case .sigmoid: for i in 0..<count { delta[i] *= output[i] * (1 - output[i]) }
    case .tanh: for i in 0..<count { delta[i] *= 1 - output[i] * output[i] }
    }
  }

  /// Writes the sum of each column of `deltas` into `sums`.
  static func sumColumns(of deltas: Matrix, into sums: Floats) {
    precondition(sums.count == deltas.columns, "there is one sum per column")
    sums.update(repeating: 0)
    guard let sums = sums.baseAddress, var row = deltas.elements.baseAddress else { return }
    for _ in 0..<deltas.rows {
      for k in 0..<deltas.columns { sums[k] += row[k] }
      row += deltas.columns
    }
  }

  /// `1 / (1 + exp(-x))` within 2e-7, NaN for NaN.
  @inline(__always)
  static func sigmoid(_ x: Float) -> Float { 1 / (1 + exp(-x)) }

  /// `exp(x)` with a relative error below 2e-7, for x limited to [-87, 88]; NaN for NaN.
  ///
  /// `exp(x) = 2^n exp(r)`, `|r| <= log(2) / 2`, with the polynomial of Cephes' `expf`.
  @inline(__always)
  static func exp(_ x: Float) -> Float {
    let raised = x < -87 ? -87 : x
    let limited = raised > 88 ? 88 : raised
    // Adding 1.5 * 2^23 rounds to a whole number and leaves it in the low bits.
    let shifted = limited * 1.442_695_04 + 12_582_912
    let n = shifted - 12_582_912
    let r = (limited - n * 0.693_359_375) + n * 2.121_944_4e-4
    var p = r * 1.987_569_15e-4 + 1.398_199_95e-3
    p = p * r + 8.333_451_9e-3
    p = p * r + 4.166_579_6e-2
    p = p * r + 1.666_666_55e-1
    p = p * r + 5.000_000_1e-1
    p = p * (r * r) + r + 1
    return p * Float(bitPattern: (shifted.bitPattern &- (0x4b40_0000 - 127)) &<< 23)
  }

  // MARK: - Optimisers

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
      "an optimiser's arrays are as long as the weights")
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

  /// One step of gradient descent with momentum, in place.
  static func descend(
    rate: Float, momentum: Float, decay: Float, weights: Floats, velocities: Floats,
    gradients: Floats
  ) {
    let count = weights.count
    precondition(
      velocities.count == count && gradients.count == count,
      "an optimiser's arrays are as long as the weights")
    guard let w = weights.baseAddress, let v = velocities.baseAddress,
      let g = gradients.baseAddress
    else { return }
    for i in 0..<count {
      let velocity = momentum * v[i] + (g[i] + decay * w[i])
      v[i] = velocity
      w[i] -= rate * velocity
    }
  }

  /// Adds `addends` to `sums`, element by element.
  static func add(_ addends: Floats, to sums: Floats) {
    precondition(addends.count == sums.count, "two arrays to add are of one length")
    guard let sum = sums.baseAddress, let addend = addends.baseAddress else { return }
    for i in 0..<sums.count { sum[i] += addend[i] }
  }

  // MARK: - Inputs

  /// `(values - means) * scales`, limited to `+-limit`, and `fills` where a value is not finite;
  /// means, scales and fills are read from place `first` on.
  static func standardise(
    _ values: UnsafeBufferPointer<Float>, means: [Float], scales: [Float], fills: [Float],
    from first: Int, limit: Float, into inputs: Floats
  ) {
    let count = values.count
    let end = first + count
    precondition(
      first >= 0 && end <= means.count && end <= scales.count && end <= fills.count
        && inputs.count == count, "there is one input per column")
    guard let x = values.baseAddress, let input = inputs.baseAddress else { return }
    means.withUnsafeBufferPointer { means in
      scales.withUnsafeBufferPointer { scales in
        fills.withUnsafeBufferPointer { fills in
          guard let mean = means.baseAddress?.advanced(by: first),
            let scale = scales.baseAddress?.advanced(by: first),
            let fill = fills.baseAddress?.advanced(by: first)
          else { return }
          for k in 0..<count {
            let (value, missing) = (x[k], fill[k])
            let scaled = (value - mean[k]) * scale[k]
            let raised = scaled > -limit ? scaled : -limit
            let limited = raised < limit ? raised : limit
            // The difference is NaN for NaN and for infinities.
            input[k] = value - value == 0 ? limited : missing
          }
        }
      }
    }
  }

  /// Adds a row of weight `weight` to the sums of each column; values that are not finite are
  /// left out.
  static func addRow(
    _ row: UnsafeBufferPointer<Float>, weight: Double, sums: Doubles, weights: Doubles,
    smallest: Floats, largest: Floats
  ) {
    let count = row.count
    precondition(
      sums.count == count && weights.count == count && smallest.count == count
        && largest.count == count, "there is one sum per column")
    guard let x = row.baseAddress, let sum = sums.baseAddress, let total = weights.baseAddress,
      let low = smallest.baseAddress, let high = largest.baseAddress
    else { return }
    for k in 0..<count {
      let isFinite = x[k] - x[k] == 0
      sum[k] += isFinite ? weight * Double(x[k]) : 0
      total[k] += isFinite ? weight : 0
    }
    for k in 0..<count {
      let isFinite = x[k] - x[k] == 0
      low[k] = isFinite && x[k] < low[k] ? x[k] : low[k]
      high[k] = isFinite && x[k] > high[k] ? x[k] : high[k]
    }
  }

  /// Adds the squared deviations of a row of weight `weight` from `means` to `sums`.
  static func addSquares(
    of row: UnsafeBufferPointer<Float>, weight: Double, from means: Doubles, to sums: Doubles
  ) {
    let count = row.count
    precondition(means.count == count && sums.count == count, "there is one sum per column")
    guard let x = row.baseAddress, let mean = means.baseAddress, let sum = sums.baseAddress
    else { return }
    for k in 0..<count {
      let deviation = Double(x[k]) - mean[k]
      sum[k] += x[k] - x[k] == 0 ? weight * (deviation * deviation) : 0
    }
  }

  // MARK: - Outputs

  /// `starts + scales * outputs` of each row, in double precision.
  static func scale(
    _ outputs: Floats, by scales: [Double], from starts: [Double], into scores: Doubles
  ) {
    let width = scales.count
    precondition(
      outputs.count == scores.count && starts.count == width && outputs.count % width == 0,
      "outputs are whole rows")
    for first in stride(from: 0, to: outputs.count, by: width) {
      for k in 0..<width {
        scores[first + k] = starts[k] + scales[k] * Double(outputs[first + k])
      }
    }
  }

  /// Gradients per output are near 1 at the start of training. What is so much larger could not be
  /// squared as Float any more, as the optimizer does.
  static let largestDelta = 1e18

  /// Writes `gradients * weight of the row * factor of the score` into `deltas`.
  ///
  /// - Returns: the first row with a gradient that is not finite, or not below ``largestDelta`` by
  ///   then; or nil.
  static func scaleGradients(
    _ gradients: Doubles, byWeights weights: Doubles, factors: [Double], into deltas: Floats
  ) -> Int? {
    let width = factors.count
    precondition(
      gradients.count == deltas.count && weights.count * width == deltas.count,
      "gradients are whole rows, one weight each")
    for row in 0..<weights.count {
      for index in row * width..<(row + 1) * width {
        let delta = gradients[index] * (weights[row] * factors[index - row * width])
        guard delta.magnitude < largestDelta else { return row }
        deltas[index] = Float(delta)
      }
    }
    return nil
  }
}
