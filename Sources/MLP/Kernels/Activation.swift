/// What a hidden unit does to its weighted sum. Output units are linear: the objective's link is
/// not part of the network.
public enum Activation: String, Sendable, Hashable, Codable, CaseIterable {
  /// `max(x, 0)`.
  case relu
  /// `1 / (1 + exp(-x))`.
  case sigmoid
  /// `tanh(x)`.
  case tanh
  /// `x`: a linear model, whatever its depth.
  case identity
}

// Safe because: see Kernels.swift.

extension Kernels {
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
}
