public import Losses
import RealModule
public import Tabular

/// An objective with a way to draw rows it accepts, for tests that run over all of them.
public struct ObjectiveCase: Sendable, CustomStringConvertible {
  /// What an objective does not claim, so that tests over all of them can leave it out.
  public struct Traits: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }
    /// The loss may be below 0.
    public static let negativeLoss = Traits(rawValue: 1)
    /// The Hessian may be below 0.
    public static let negativeHessian = Traits(rawValue: 2)
    /// The loss or its slope has kinks or jumps.
    public static let kinks = Traits(rawValue: 4)
    /// Scores are probabilities: nothing is learnt outside 0 to 1.
    public static let probabilityScores = Traits(rawValue: 8)
  }

  /// Draws the row data of a row with the given target.
  public typealias DrawRowData = @Sendable (inout RandomGenerator, Double) -> [Double]

  /// The objective.
  public let objective: any Objective
  /// What it does not claim.
  public let traits: Traits
  /// Draws a target.
  public let drawTarget: @Sendable (inout RandomGenerator) -> Double
  private let drawRowData: DrawRowData?

  public var description: String {
    let parameters = objective.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let words = objective.rowDataNames.prefix(1) + parameters
    return objective.name + (words.isEmpty ? "" : "(\(words.joined(separator: ", ")))")
      + (objective.scoresPerRow > 1 ? " x \(objective.scoresPerRow)" : "")
  }

  init(
    _ objective: any Objective, _ traits: Traits = [], rowData: DrawRowData? = nil,
    drawTarget: @escaping @Sendable (inout RandomGenerator) -> Double
  ) {
    self.objective = objective
    self.traits = traits
    self.drawTarget = drawTarget
    self.drawRowData = rowData
  }

  /// `count` rows: scores of about unit size times `scale`, targets, row data (over five decades,
  /// unless the case draws its own), and groups of five rows if the objective compares rows.
  public func rows(_ count: Int, scale: Double = 3, seed: UInt64) -> ObjectiveSample {
    var generator = RandomGenerator(seed: seed)
    let width = objective.scoresPerRow
    let columns = objective.rowDataNames.count
    let scores = (0..<count * width).map { _ in
      traits.contains(.probabilityScores)
        ? 0.05 + 0.9 * generator.uniform() : scale * generator.normal()
    }
    let targets = (0..<count).map { _ in drawTarget(&generator) }
    let rowData: [Double]
    if let drawRowData {
      rowData = targets.flatMap { drawRowData(&generator, $0) }
    } else {
      rowData = (0..<count * columns).map { _ in 100_000 / (1 + 99_999 * generator.uniform()) }
    }
    return ObjectiveSample(
      objective: objective, scores: scores, targets: targets, rowData: rowData,
      groups: objective.reach == .group ? (0..<count).map { $0 / 5 } : [])
  }

  /// Runs of rows that may be handed over on their own.
  public func blocks(_ count: Int) -> [Range<Int>] {
    switch objective.reach {
    case .row: (0..<count).map { $0..<$0 + 1 }
    case .group: stride(from: 0, to: count, by: 5).map { $0..<min($0 + 5, count) }
    case .table: [0..<count]
    }
  }
}

extension ObjectiveCase {
  /// Every shipped objective, with its options; softmax with 2, 3 and 10 classes. The first six are
  /// the ones that tests pick by number.
  public static let all: [ObjectiveCase] =
    first + numbers + likelihoods + positive + classes + comparing

  private static let first: [ObjectiveCase] = [
    ObjectiveCase(SquaredError()) { 20 * $0.normal() },
    ObjectiveCase(SizeNormalisedSquaredError()) { 100 * $0.uniform() },
    ObjectiveCase(Logistic()) { Double($0.index(below: 2)) },
    ObjectiveCase(SoftmaxCrossEntropy(classes: 2)) { Double($0.index(below: 2)) },
    ObjectiveCase(SoftmaxCrossEntropy(classes: 3)) { Double($0.index(below: 3)) },
    ObjectiveCase(SoftmaxCrossEntropy(classes: 10)) { Double($0.index(below: 10)) },
  ]

  private static let numbers: [ObjectiveCase] = [
    ObjectiveCase(AbsoluteError(), .kinks) { 20 * $0.normal() },
    ObjectiveCase(Huber(delta: 1.5), .kinks) { 4 * $0.normal() },
    ObjectiveCase(PseudoHuber(delta: 1.5)) { 4 * $0.normal() },
    ObjectiveCase(LogCosh()) { 4 * $0.normal() },
    ObjectiveCase(Quantile(0.9), .kinks) { 20 * $0.normal() },
    ObjectiveCase(Quantiles([0.1, 0.5, 0.9]), .kinks) { 4 * $0.normal() },
    ObjectiveCase(Quantiles([0.1, 0.5, 0.9], nonCrossing: true), .kinks) { 4 * $0.normal() },
    ObjectiveCase(Expectile(0.8), .kinks) { 20 * $0.normal() },
    ObjectiveCase(AbsolutePercentageError(), .kinks) { 1 + 20 * $0.uniform() },
    ObjectiveCase(SymmetricPercentageError(), [.kinks, .negativeHessian]) { 1 + 5 * $0.uniform() },
    ObjectiveCase(SquaredError(half: true)) { 20 * $0.normal() },
    ObjectiveCase(SizeNormalisedSquaredError(half: true)) { 100 * $0.uniform() },
  ]

  /// Two scores per row: a location and a scale, or a mean and a dispersion.
  private static let likelihoods: [ObjectiveCase] = [
    ObjectiveCase(Gaussian(), .negativeLoss) { 4 * $0.normal() },
    ObjectiveCase(Laplace(), [.negativeLoss, .kinks]) { 4 * $0.normal() },
    ObjectiveCase(LogisticScale(), .negativeLoss) { 4 * $0.normal() },
    ObjectiveCase(StudentT(), [.negativeLoss, .negativeHessian]) { 4 * $0.normal() },
    ObjectiveCase(StudentT(degrees: 1.5), [.negativeLoss, .negativeHessian]) { 4 * $0.normal() },
    ObjectiveCase(Gumbel(), .negativeLoss) { 4 * $0.normal() },
    ObjectiveCase(LogNormal(), .negativeLoss) { .exp($0.normal()) },
    ObjectiveCase(GammaShape(), .negativeLoss) { 0.1 + 10 * $0.uniform() },
    ObjectiveCase(NegativeBinomialDispersion(), .negativeHessian) { Double($0.index(below: 12)) },
  ]

  private static let positive: [ObjectiveCase] = [
    ObjectiveCase(Poisson(), .negativeLoss) { Double($0.index(below: 12)) },
    ObjectiveCase(Poisson(exposure: "exposure"), .negativeLoss) { Double($0.index(below: 12)) },
    ObjectiveCase(Gamma(), .negativeLoss) { 0.1 + 10 * $0.uniform() },
    ObjectiveCase(Tweedie(power: 1.3)) { Swift.max(0, 4 * $0.normal()) },
    ObjectiveCase(SquaredLogError(), .negativeHessian) { Double($0.index(below: 12)) },
    ObjectiveCase(NegativeBinomial(dispersion: 0.7)) { Double($0.index(below: 12)) },
    ObjectiveCase(NegativeBinomial(exposure: "exposure")) { Double($0.index(below: 12)) },
  ]

  private static let classes: [ObjectiveCase] = [
    ObjectiveCase(Focal(gamma: 2), .negativeHessian) { Double($0.index(below: 2)) },
    ObjectiveCase(SquaredHinge(), .kinks) { Double($0.index(below: 2)) },
    ObjectiveCase(SoftmaxCrossEntropy(classes: 3, labelSmoothing: 0.1)) {
      Double($0.index(below: 3))
    },
    ObjectiveCase(SoftmaxCrossEntropy(classes: 3, classWeights: [0.5, 1, 2.5])) {
      Double($0.index(below: 3))
    },
    ObjectiveCase(
      SoftmaxCrossEntropy(classes: 3, softLabels: true),
      rowData: { generator, _ in
        let parts = (0..<3).map { _ in generator.uniform() }
        return parts.map { $0 / parts.reduce(0, +) }
      }, drawTarget: { Double($0.index(below: 3)) }),
    ObjectiveCase(OneVsRest(classes: 3)) { Double($0.index(below: 3)) },
    ObjectiveCase(Ordinal(classes: 2)) { Double($0.index(below: 2)) },
    ObjectiveCase(Ordinal(classes: 4), .negativeHessian) { Double($0.index(below: 4)) },
    ObjectiveCase(ProbabilityCrossEntropy(), [.kinks, .probabilityScores]) {
      Double($0.index(below: 2))
    },
    ObjectiveCase(
      CategoricalProbabilityCrossEntropy(classes: 3),
      [.kinks, .probabilityScores, .negativeHessian]
    ) { Double($0.index(below: 3)) },
  ]

  private static let event: DrawRowData = { generator, _ in [Double(generator.index(below: 4) / 2)]
  }

  /// Bounds around the target, exact or open at one end now and then.
  private static let bounds: DrawRowData = { generator, target in
    switch generator.index(below: 4) {
    case 0: [0, target]
    case 1: [target, .infinity]
    case 2: [target, target]
    default: [target, target * (1.01 + generator.uniform())]
    }
  }

  private static let comparing: [ObjectiveCase] =
    [ObjectiveCase(Cox(), rowData: event) { 1 + Double($0.index(below: 30)) }]
    + AcceleratedFailureTime.Noise.allCases.flatMap { noise in
      [
        ObjectiveCase(
          AcceleratedFailureTime(noise, scale: 1.5), .negativeLoss, rowData: event
        ) { .exp($0.normal()) },
        ObjectiveCase(
          AcceleratedFailureTime(noise, scale: 1.5, censoring: .interval), .negativeLoss,
          rowData: bounds
        ) { .exp($0.normal()) },
      ]
    } + [
      ObjectiveCase(PairwiseRanking()) { Double($0.index(below: 4)) },
      ObjectiveCase(LambdaMART(at: 3), .kinks) { Double($0.index(below: 4)) },
    ]
}

/// Rows with scores, and what an objective makes of them.
public struct ObjectiveSample: Sendable {
  public let objective: any Objective
  public var scores: [Double]
  public var targets: [Double]
  public var rowData: [Double]
  public var groups: [Int]

  public init(
    objective: any Objective, scores: [Double], targets: [Double], rowData: [Double] = [],
    groups: [Int] = []
  ) {
    self.objective = objective
    self.scores = scores
    self.targets = targets
    self.rowData = rowData
    self.groups = groups
  }

  /// The rows in `range`, as a sample of their own.
  public func extracting(_ range: Range<Int>) -> ObjectiveSample {
    func part<T>(_ values: [T], _ width: Int) -> [T] {
      values.isEmpty ? [] : Array(values[range.lowerBound * width..<range.upperBound * width])
    }
    return ObjectiveSample(
      objective: objective, scores: part(scores, objective.scoresPerRow),
      targets: part(targets, 1), rowData: part(rowData, objective.rowDataNames.count),
      groups: part(groups, 1))
  }

  /// Calls `body` with the rows.
  public func withRows<Result>(_ body: (borrowing Rows) throws -> Result) rethrows -> Result {
    try body(
      Rows(
        targets: targets.span, rowData: rowData.span,
        rowDataCount: objective.rowDataNames.count, groups: groups.span))
  }

  /// Whether the objective accepts the rows.
  public var isValid: Bool {
    withRows { rows in
      do {
        try objective.validate(rows)
        return true
      } catch {
        return false
      }
    }
  }

  /// The loss of each row.
  public var losses: [Double] { losses(under: objective) }

  /// The loss of each row under an objective that reads the same rows.
  public func losses(under objective: any Objective) -> [Double] {
    var losses = [Double](repeating: .nan, count: targets.count)
    withRows { rows in
      var span = losses.mutableSpan
      objective.losses(at: scores.span, rows, into: &span)
    }
    return losses
  }

  /// Gradients and Hessians, `[rows x scoresPerRow]`.
  public var derivatives: (gradients: [Double], hessians: [Double]) {
    derivatives(under: objective)
  }

  /// Gradients and Hessians under an objective that reads the same rows.
  public func derivatives(
    under objective: any Objective
  ) -> (gradients: [Double], hessians: [Double]) {
    var gradients = [Double](repeating: .nan, count: scores.count)
    var hessians = gradients
    withRows { rows in
      var g = gradients.mutableSpan
      var h = hessians.mutableSpan
      objective.derivatives(at: scores.span, rows, gradients: &g, hessians: &h)
    }
    return (gradients, hessians)
  }

  /// Full Hessians, `[rows x scoresPerRow x scoresPerRow]`.
  public func fullHessians(under objective: any Objective) -> [Double] {
    var matrices = [Double](repeating: .nan, count: scores.count * objective.scoresPerRow)
    withRows { rows in
      var span = matrices.mutableSpan
      objective.fullHessians(at: scores.span, rows, into: &span)
    }
    return matrices
  }
}
