import RealModule

/// Focal loss, `-(1 - q)^gamma log(q)` with `q` the probability given to the row's own class:
/// cross-entropy that lets go of rows already right.
///
/// Targets 0 and 1; logit link. `gamma` 0 is ``Logistic``. With `x = score` for class 1 and
/// `-score` for class 0, `q = sigmoid(x)` and `B = gamma q softplus(-x) + 1 - q`: the gradient by
/// `x` is `-(1 - q)^gamma B`, the exact Hessian
/// `(1 - q)^gamma q (gamma B - gamma (1 - q) (softplus(-x) - 1) + 1 - q)`, negative for rows far
/// on the wrong side. The suggested policy is the Hessian's magnitude.
///
/// Lin et al., "Focal Loss for Dense Object Detection", ICCV 2017.
public struct Focal: PointwiseObjective {
  /// How fast rows already right lose their weight; 0 or more.
  public let gamma: Double

  /// Focal loss with the given focus, 0 or more.
  public init(gamma: Double = 2) {
    precondition(gamma >= 0 && gamma.isFinite, "the focal loss needs a gamma of 0 or more")
    self.gamma = gamma
  }

  public var name: String { "focal" }
  public var link: Link { .logit }
  public var parameters: [String: Double] { ["gamma": gamma] }
  public var defaultMetric: Metric { .logLoss }

  public func validate(_ rows: borrowing Rows) throws(ObjectiveError) {
    try requireClasses(rows, 2)
  }

  public func loss(_ row: borrowing Row) -> Double {
    let x = row.target > 0.5 ? row.score : -row.score
    return focus(StableMath.sigmoid(-x)) * StableMath.softplus(-x)
  }

  public func derivatives(_ row: borrowing Row) -> Derivatives {
    let sign: Double = row.target > 0.5 ? 1 : -1
    let x = sign * row.score
    let q = StableMath.sigmoid(x)
    let rest = StableMath.sigmoid(-x)
    let crossEntropy = StableMath.softplus(-x)
    let focus = focus(rest)
    let b = gamma * q * crossEntropy + rest
    return Derivatives(
      gradient: -sign * focus * b,
      hessian: focus * q * (gamma * b - gamma * rest * (crossEntropy - 1) + rest))
  }

  /// `rest^gamma`, also where `rest` underflows to 0 and gamma is 0.
  private func focus(_ rest: Double) -> Double { gamma == 0 ? 1 : .pow(rest, gamma) }

  public var curvature: Curvature {
    Curvature(
      policy: .absolute,
      reason: "The exact Hessian is negative for rows far on the wrong side; its magnitude still "
        + "tells rows that are nearly right from others.")
  }
}

extension Catalogue.Entry {
  static let focal = Self(
    name: "focal",
    expression: "let gamma = 2; let x = if(y == 1, score, -score); "
      + "sigmoid(-x)^gamma * softplus(-x); link=logit",
    purpose: "two classes of which one is rare, with less weight on rows already right",
    targets: .twoClasses, parameters: [Catalogue.Parameter("gamma", 2, "0 or more") { $0 >= 0 }]
  ) { arguments throws(CatalogueError) in Focal(gamma: arguments["gamma"]) }
}
