import RealModule

/// Accelerated failure time: the likelihood of `log(time) = score + scale * noise`, with times that
/// may be known only as bounds.
///
/// The target is a positive time. With censoring by `event` (row data: 1 if the time is exact, 0 if
/// it is a lower bound), or with interval censoring by row data `lower` and `upper` (equal: exact;
/// `lower` 0: an upper bound only; `upper` infinite: a lower bound only), where the target only
/// serves metrics. Log link: the prediction is the time's scale, its median for normal and logistic
/// noise.
///
/// With `z = (log(time) - score) / scale`, density `f` and distribution function `F` of the noise:
/// an exact time costs `-log(f(z) / (scale time))`, an interval `-log(F(z_upper) - F(z_lower))`, as
/// in XGBoost's `survival:aft`. All three noises have log-concave densities, so the loss is convex
/// and its exact Hessian, by jets through formulas that keep their digits in the tails, never
/// negative. Exponentials of extreme-value noise go on as parabolas above 300
/// (``StableMath/exponential(_:)``): finite for every finite score.
///
/// Wei, "The Accelerated Failure Time Model", Statistics in Medicine 11 (1992); Barnwal, Cho &
/// Hocking, "Survival Regression with Accelerated Failure Time Model in XGBoost", Journal of
/// Computational and Graphical Statistics 31 (2022).
public struct AcceleratedFailureTime: PointwiseObjective {
  /// The noise of the logarithm of time.
  public enum Noise: String, Sendable, CaseIterable {
    /// Times are log-normal.
    case normal
    /// Times are log-logistic.
    case logistic
    /// Smallest extreme value (Gumbel): times are Weibull, with shape `1 / scale`.
    case extremeValue = "extreme-value"
  }

  /// How rows say what is known of their time.
  public enum Censoring: String, Sendable {
    /// Row data `event`: 1 for an exact time, 0 for a lower bound.
    case event
    /// Row data `lower` and `upper`.
    case interval
  }

  /// The noise of the logarithm of time.
  public let noise: Noise
  /// The scale of that noise.
  public let scale: Double
  /// How rows say what is known of their time.
  public let censoring: Censoring

  /// Accelerated failure time with the given noise, its positive scale, and kind of censoring.
  public init(_ noise: Noise = .normal, scale: Double = 1, censoring: Censoring = .event) {
    precondition(scale > 0 && scale.isFinite, "the scale of the noise is a positive number")
    self.noise = noise
    self.scale = scale
    self.censoring = censoring
  }

  public var name: String { "aft" }
  public var link: Link { .log }
  public var defaultMetric: Metric { censoring == .event ? .timeConcordance : .medianAbsoluteError }
  public var curvature: Curvature { .convex }

  public var rowDataNames: [String] {
    switch censoring {
    case .event: ["event"]
    case .interval: ["lower", "upper"]
    }
  }

  public var parameters: [String: Double] {
    ["scale": scale, "noise": Double(Noise.allCases.firstIndex(of: noise) ?? 0)]
  }

  public func validate(_ rows: borrowing Rows) throws(ObjectiveError) {
    switch censoring {
    case .event:
      try requireFinite(rows)
      try requireTargets(rows, "be a time greater than 0") { $0 > 0 }
      try requireRowData(rows, column: 0, "be 1 (exact time) or 0 (lower bound)") {
        $0 == 0 || $0 == 1
      }
    case .interval:
      try requireTargets(rows, "be a finite number") { $0.isFinite }
      try requireRowData(rows, column: 0, "be 0 (no lower bound) or a finite time greater than 0") {
        $0 >= 0 && $0.isFinite
      }
      try requireRowData(rows, column: 1, "be a time greater than 0, or infinite") { $0 > 0 }
      for row in 0..<rows.count where rows.rowData[2 * row + 1] < rows.rowData[2 * row] {
        throw ObjectiveError(
          .invalidRowData("upper"), objective: name, row: row, value: rows.rowData[2 * row + 1],
          "'upper' must not be less than 'lower', which is \(rows.rowData[2 * row])")
      }
    }
  }

  public func loss(_ row: borrowing Row) -> Double { formula(row.score, row) }

  public func derivatives(_ row: borrowing Row) -> Derivatives {
    Derivatives(formula(Jet.variable(row.score), row))
  }

  func formula<Scalar: DifferentiableScalar>(_ score: Scalar, _ row: borrowing Row) -> Scalar {
    let (lower, upper): (Double, Double) =
      switch censoring {
      case .event: (row.target, row.data[0] > 0.5 ? row.target : .infinity)
      case .interval: (row.data[0], row.data[1])
      }
    func z(_ time: Double) -> Scalar { (Scalar(.log(time)) - score) / Scalar(scale) }
    if lower >= upper { return Scalar(.log(scale * lower)) - logDensity(z(lower)) }
    if upper == .infinity { return lower <= 0 ? 0 : -logAbove(z(lower)) }
    if lower <= 0 { return -logBelow(z(upper)) }
    return -logBetween(z(lower), z(upper), width: (.log(upper) - .log(lower)) / scale)
  }

  /// `log(f(z))`.
  private func logDensity<Scalar: DifferentiableScalar>(_ z: Scalar) -> Scalar {
    switch noise {
    case .normal: -(z * z) / 2 - Scalar(0.5 * .log(2 * .pi))
    case .logistic: -z - 2 * .softplus(-z)
    case .extremeValue: z - .boundedExp(z)
    }
  }

  /// `log(1 - F(z))`.
  private func logAbove<Scalar: DifferentiableScalar>(_ z: Scalar) -> Scalar {
    switch noise {
    case .normal: .logNormal(-z)
    case .logistic: -.softplus(z)
    case .extremeValue: -.boundedExp(z)
    }
  }

  /// `log(F(z))`.
  private func logBelow<Scalar: DifferentiableScalar>(_ z: Scalar) -> Scalar {
    switch noise {
    case .normal: return .logNormal(z)
    case .logistic: return -.softplus(-z)
    case .extremeValue:
      // Far below, F is its own exponential to rounding.
      let hazard = Scalar.boundedExp(z)
      return z.value < -30 ? z - hazard / 2 : .logOneMinusExp(hazard)
    }
  }

  /// `log(F(b) - F(a))`, where `b - a = width` does not depend on the score.
  private func logBetween<Scalar: DifferentiableScalar>(
    _ a: Scalar, _ b: Scalar, width: Double
  ) -> Scalar {
    // So narrow an interval is a density times its width, to rounding.
    if width < 1e-5 { return logDensity((a + b) / 2) + Scalar(.log(width)) }
    switch noise {
    case .normal:
      // In the lower tail, where the distribution function keeps its digits.
      let isUpperTail = a.value > 0
      let below = Scalar.logNormal(isUpperTail ? -b : a)
      let above = Scalar.logNormal(isUpperTail ? -a : b)
      return above + .logOneMinusExp(above - below)
    case .logistic:
      return -.softplus(-b) - .softplus(a) + Scalar(.log(-.expMinusOne(-width)))
    case .extremeValue:
      let hazard = Scalar.boundedExp(a)
      let rise = Scalar.boundedExp(b) - hazard
      if rise.value < 1e-8 {
        return b + Scalar(.log(-.expMinusOne(-width))) - hazard - rise / 2
      }
      return .logOneMinusExp(rise) - hazard
    }
  }
}

extension Catalogue.Entry {
  static let aft = Self(
    name: "aft", formula: "-log likelihood of log(time) = score + scale noise",
    rowDataNames: ["event"],
    purpose:
      "times until an event, some known only as bounds; with the option 'interval', by row "
      + "data 'lower' and 'upper'",
    parameters: [Catalogue.Parameter("scale", 1, "a positive number") { $0 > 0 }],
    options: ["normal", "logistic", "extreme-value", "interval"]
  ) { arguments throws(CatalogueError) in
    let noises = AcceleratedFailureTime.Noise.allCases.filter { arguments.has($0.rawValue) }
    guard noises.count <= 1 else {
      throw CatalogueError(
        .badParameter,
        "objective 'aft' has one noise, but \(noises.map(\.rawValue).joined(separator: " and ")) "
          + "are given")
    }
    return AcceleratedFailureTime(
      noises.first ?? .normal, scale: arguments["scale"],
      censoring: arguments.has("interval") ? .interval : .event)
  }
}
