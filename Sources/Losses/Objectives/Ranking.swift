/// Pairwise logistic ranking: `log(1 + exp(score_j - score_i))` for every two rows of a group of
/// which `i` is the more relevant.
///
/// Targets are relevances from 0 to 30, larger is better; rows carry groups (queries, days, races),
/// and only rows of the same group are compared (reach: group). Each row bears half the loss of its
/// pairs. With `p = sigmoid(score_j - score_i)`: gradient `-p` on `i` and `p` on `j`, diagonal
/// Hessian `p (1 - p)` on both, never negative. A shift of a group's scores changes nothing; the
/// start is 0. Identity link. O(n^2) for a group of n rows.
///
/// Burges et al., "Learning to Rank using Gradient Descent", ICML 2005 (RankNet).
public struct PairwiseRanking: Objective {
  /// Pairwise logistic ranking.
  public init() {}

  public var name: String { "pairwise" }
  public var reach: Reach { .group }
  public var defaultMetric: Metric { .ndcg(at: 10) }
  public var curvature: Curvature { .convex }

  public func validate(_ rows: borrowing Rows) throws(ObjectiveError) {
    try RankingPairs.validate(self, rows)
  }

  public func losses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) {
    RankingPairs.losses(.uniform, at: scores, rows, into: &losses)
  }

  public func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) {
    RankingPairs.derivatives(
      .uniform, at: scores, rows, gradients: &gradients, hessians: &hessians)
  }

  public func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? { [0] }
}

/// LambdaMART: pairwise logistic ranking in which a pair counts as much as NDCG would change if its
/// two rows swapped places.
///
/// Targets, groups, link and start are those of ``PairwiseRanking``. The weight of a pair,
/// `|gain_i - gain_j| |discount_i - discount_j| / best DCG` with gains `2^target - 1` and discounts
/// `1 / log2(place + 2)`, depends on the places at the present scores and counts as a constant in
/// the derivatives; the loss therefore jumps where two rows change places, and is smooth between.
///
/// Burges, "From RankNet to LambdaRank to LambdaMART: An Overview", Microsoft Research
/// MSR-TR-2010-82.
public struct LambdaMART: Objective {
  /// Only places before this one count; nil if all do.
  public let limit: Int?

  /// LambdaMART for NDCG at `limit`, or over whole groups.
  public init(at limit: Int? = nil) {
    precondition(limit.map { $0 > 0 } ?? true, "NDCG counts at least one place")
    self.limit = limit
  }

  public var name: String { "lambdamart" }
  public var parameters: [String: Double] { limit.map { ["at": Double($0)] } ?? [:] }
  public var reach: Reach { .group }
  public var defaultMetric: Metric { .ndcg(at: limit ?? 10) }

  public func validate(_ rows: borrowing Rows) throws(ObjectiveError) {
    try RankingPairs.validate(self, rows)
  }

  public func losses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) {
    RankingPairs.losses(.ndcg(limit: limit), at: scores, rows, into: &losses)
  }

  public func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) {
    RankingPairs.derivatives(
      .ndcg(limit: limit), at: scores, rows, gradients: &gradients, hessians: &hessians)
  }

  public func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? { [0] }

  public var curvature: Curvature {
    Curvature(
      reason: "With the weights of pairs held fixed the loss is convex in every score.")
  }
}

extension Catalogue.Entry {
  static let pairwise = Self(
    name: "pairwise", formula: "log(1 + exp(score_j - score_i)) for pairs of a group, y_i > y_j",
    purpose: "the order of rows within groups, every pair alike"
  ) { _ throws(CatalogueError) in PairwiseRanking() }

  static let lambdamart = Self(
    name: "lambdamart", formula: "|change of NDCG| log(1 + exp(score_j - score_i)), y_i > y_j",
    purpose: "the order of rows within groups, the top places above all",
    parameters: [
      Catalogue.Parameter("at", 0, "a whole number of places, or 0 for all") {
        $0 >= 0 && $0 < 1e9 && $0 == $0.rounded()
      }
    ]
  ) { arguments throws(CatalogueError) in
    let limit = Int(arguments["at"])
    return LambdaMART(at: limit == 0 ? nil : limit)
  }
}
