/// How the learning rate changes from epoch to epoch.
public enum LearningRateSchedule: String, Sendable, Hashable, Codable, CaseIterable {
  /// The same rate in all epochs.
  case constant
  /// Half a cosine from the full rate down to nearly 0 in the last epoch (Loshchilov & Hutter,
  /// "SGDR: stochastic gradient descent with warm restarts", 2017, without the restarts).
  case cosine

  /// The share of the full rate in `epoch`, counted from 0, of `epochs`.
  func share(epoch: Int, of epochs: Int) -> Double {
    switch self {
    case .constant: 1
    case .cosine: 0.5 + 0.5 * cosine(ofHalfTurns: Double(epoch) / Double(epochs))
    }
  }

  /// `cos(pi x)` for x in [0, 1], by its Taylor series about the nearer of 0, 1/2 and 1, so that it
  /// is the same on every platform. The error is below 1e-12.
  private func cosine(ofHalfTurns x: Double) -> Double {
    if x > 0.5 { return -cosine(ofHalfTurns: 1 - x) }
    let square = (Double.pi * x) * (Double.pi * x)
    var term = 1.0
    var sum = 1.0
    for k in 1...10 {
      term *= -square / Double((2 * k - 1) * (2 * k))
      sum += term
    }
    return sum
  }
}
