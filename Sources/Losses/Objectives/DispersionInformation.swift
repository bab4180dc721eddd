import RealModule

/// The Fisher information of the log dispersion of a negative binomial distribution, between 0 and
/// 1.
///
/// `sum(T_j, j >= 1)` with `T_j = k p^(j + 1) / (j + 1) j! / ((k + 1) ... (k + j))` (Fisher, "The
/// Negative Binomial Distribution", Annals of Eugenics 11, 1941, without the terms that cancel). All
/// terms are positive. Where they fall slowly (`k` small and `p` near 1) the same is taken as the
/// integral `k integral(exp(-v) g(1 - exp(-v / k)), v > 0)`, `g(z) = -(log(1 - p z) + p z) / z`.
enum DispersionInformation {
  /// The information at inverse dispersion `k` and log odds `t` of `p`.
  static func value(k: Double, logOdds t: Double) -> Double {
    let p = StableMath.sigmoid(t)
    return k >= 10 || t < 0 ? series(k, p) : integral(k, t)
  }

  /// At most some sixty terms for a relative error below 1e-13.
  private static func series(_ k: Double, _ p: Double) -> Double {
    // Also where k is so large that k + 1 is k.
    var term = p * p / (1 + 1 / k)
    var sum = term / 2
    var j = 1.0
    while term > 1e-15 * sum, j < 400 {
      j += 1
      term *= p * (j / (k + j))
      sum += term / (j + 1)
    }
    return sum
  }

  /// Double exponential quadrature in `v = exp(x - exp(-x))` (Takahasi & Mori, "Double exponential
  /// formulas for numerical integration", Publications of RIMS 9, 1974).
  private static func integral(_ k: Double, _ t: Double) -> Double {
    let p = StableMath.sigmoid(t)
    let (logP, logRest) = (-StableMath.softplus(-t), -StableMath.softplus(t))
    // log(1 - p z) = log(1 - p + p exp(-a)), also where p z is 1 to rounding.
    func missing(_ a: Double) -> Double {
      let (one, other) = (logRest, logP - a)
      return Double.maximum(one, other) + .log(onePlus: .exp(-(one - other).magnitude))
    }
    var sum = 0.0
    for node in nodes {
      let a = node.v / k
      let z = -Double.expMinusOne(-a)
      let w = p * z
      sum -= node.weight * (w < 0.5 ? StableMath.logOneMinusPlus(w) : missing(a) + w) / z
    }
    return k * sum
  }

  /// Places `v` and weights `exp(-v) dv/dx` times the step.
  private static let nodes: [(v: Double, weight: Double)] = {
    let step = 0.125
    return (-28...32).map { index in
      let x = Double(index) * step
      let e = Double.exp(-x)
      let v = Double.exp(x - e)
      return (v, step * v * (1 + e) * .exp(-v))
    }
  }()
}

extension StableMath {
  /// `log(1 - w) + w` for `w` from 0 to 1/2, without cancellation.
  static func logOneMinusPlus(_ w: Double) -> Double {
    guard w < 0.1 else { return .log(onePlus: -w) + w }
    var sum = 0.0
    for power in stride(from: 16, through: 2, by: -1) { sum = 1 / Double(power) + w * sum }
    return -w * w * sum
  }
}
