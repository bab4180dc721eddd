// Safe because: see Kernels.swift.

extension Kernels {
  /// `(values - means) * scales`, limited to `+-limit`, and `fills` where a value is not finite;
  /// means, scales and fills are read from place `first` on.
  static func standardize(
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
}
