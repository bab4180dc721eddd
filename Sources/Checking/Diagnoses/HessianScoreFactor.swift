import Losses
import RealModule

/// A function of the scores by which wrong Hessians are known to differ from right ones: the
/// Hessian given is the right one times `value`.
struct HessianScoreFactor: Sendable {
  let sentence: String
  /// Whether it is about several scores of a row.
  let isOfSeveral: Bool
  /// Whether it is about a mean exp(score).
  var isOfMean = false
  let value: @Sendable (ArraySlice<Double>, Int) -> Double

  func suits(_ objective: any Objective) -> Bool {
    // p / (1 - p) is exp(score): the link decides which of both is meant.
    (!isOfSeveral || objective.scoresPerRow > 1) && (isOfMean || objective.link != .log)
  }

  private static func softmax(_ scores: ArraySlice<Double>, _ k: Int) -> Double {
    let largest = scores.reduce(-Double.infinity, Double.maximum)
    let sum = scores.reduce(0) { $0 + Double.exp($1 - largest) }
    return Double.exp(scores[scores.startIndex + k] - largest) / sum
  }
  private static func sigmoid(_ scores: ArraySlice<Double>, _ k: Int) -> Double {
    StableMath.sigmoid(scores[scores.startIndex + k])
  }

  /// What is said of a probability `p`, be it a softmax's or a sigmoid's.
  private static func ofProbability(
    _ name: String, isOfSeveral: Bool,
    _ p: @escaping @Sendable (ArraySlice<Double>, Int) -> Double
  ) -> [HessianScoreFactor] {
    [
      HessianScoreFactor(
        sentence: "lacks the factor 1 - p, p = \(name): p (1 - p) is due, not p",
        isOfSeveral: isOfSeveral
      ) { 1 / (1 - p($0, $1)) },
      HessianScoreFactor(
        sentence: "lacks the factor p, p = \(name): p (1 - p) is due, not 1 - p",
        isOfSeveral: isOfSeveral
      ) { 1 / p($0, $1) },
      HessianScoreFactor(
        sentence: "has an extra factor p (1 - p), p = \(name): it is multiplied in once too often",
        isOfSeveral: isOfSeveral
      ) {
        let p = p($0, $1)
        return p * (1 - p)
      },
      HessianScoreFactor(
        sentence: "lacks the factor p (1 - p), p = \(name): it is the derivative by the "
          + "prediction, not by the score",
        isOfSeveral: isOfSeveral
      ) {
        let p = p($0, $1)
        return 1 / (p * (1 - p))
      },
      HessianScoreFactor(
        sentence: "is p^2, p = \(name): p (1 - p) is due", isOfSeveral: isOfSeveral
      ) {
        let p = p($0, $1)
        return p / (1 - p)
      },
    ]
  }

  static let all: [HessianScoreFactor] =
    ofProbability("softmax(k)", isOfSeveral: true, softmax)
    + ofProbability("sigmoid(score)", isOfSeveral: false, sigmoid)
    + [
      HessianScoreFactor(
        sentence: "lacks the factor exp(score): it is the derivative by the prediction "
          + "exp(score), not by the score", isOfSeveral: false, isOfMean: true
      ) { Double.exp(-$0[$0.startIndex + $1]) },
      HessianScoreFactor(
        sentence: "has an extra factor exp(score): the derivative of the link is multiplied in "
          + "once too often", isOfSeveral: false, isOfMean: true
      ) { Double.exp($0[$0.startIndex + $1]) },
    ]
}
