public import Tabular

/// How the number of rounds (trees) or epochs (MLP) of a model was settled.
public struct RoundChoice: Sendable, Hashable, Codable {
  /// What settled it.
  public enum Basis: String, Sendable, Hashable, Codable {
    /// The number was named, or nothing could be held out: that many rounds, no more and no fewer.
    case number
    /// The loss on validation rows that were named.
    case validation
    /// The loss on training rows that were held out; the model was then refitted on all of them,
    /// unless ``RoundChoice/isRefitted`` says otherwise.
    case heldOut
  }

  /// What settled the number.
  public var basis: Basis
  /// The most rounds that might have run.
  public var mostRounds: Int
  /// Rounds without a better loss after which the search ended; nil if the number was named.
  public var patience: Int?
  /// Rows that were held out of the training rows; 0 if none were.
  public var heldOutRows = 0
  /// How they were chosen; nil if none were.
  public var heldOutRule: SplitMethod?
  /// Whether the model was fitted again on all training rows with the number that was chosen.
  public var isRefitted = false
  /// Whether the search was cut short: it ended because no more rounds were allowed, and the loss was
  /// still falling. More rounds, or a larger learning rate, may do better.
  public var isCapped = false
  /// The mean loss on the validation or held-out rows at the round that was chosen; nil without.
  public var bestLoss: Double?
  /// Seconds of the search, which ``TrainingLog/trainSeconds`` contains; 0 without a refit.
  public var searchSeconds = 0.0
  /// Why nothing was held out though no number was named, or why there was no refit, as the end of
  /// a sentence; nil where there is nothing to explain.
  public var reason: String?

  /// A choice that is not yet carried out.
  public init(basis: Basis, mostRounds: Int, patience: Int? = nil) {
    self.basis = basis
    self.mostRounds = mostRounds
    self.patience = patience
  }

  /// What happened, in a sentence without its full stop: `57 trees, chosen on 2400 held-out
  /// training rows (whole groups), refitted on all 16000`.
  ///
  /// - Parameters:
  ///   - rounds: the rounds that the model keeps.
  ///   - unit: what a round is called, in the plural.
  ///   - trainRows: all training rows.
  public func sentence(rounds: Int, unit: String, trainRows: Int) -> String {
    let count = "\(rounds) \(rounds == 1 ? String(unit.dropLast()) : unit)"
    let because = reason.map { ": \($0)" } ?? ""
    switch basis {
    case .number:
      let asked = rounds < mostRounds ? ", of \(mostRounds) asked for" : ", as asked for"
      return count + (reason.map { ", nothing held out: \($0)" } ?? asked)
    case .validation:
      return "\(count) of at most \(mostRounds), by the loss on the validation rows"
    case .heldOut:
      let rows =
        "\(count) of at most \(mostRounds), chosen on \(heldOutRows) held-out training "
        + "rows (\(heldOutRule?.held ?? "by chance"))"
      return isRefitted
        ? "\(rows), then refitted on all \(trainRows)" : "\(rows), not refitted\(because)"
    }
  }
}

extension SplitMethod {
  /// How held-out rows were chosen, in words.
  public var held: String {
    switch self {
    case .random: "by chance"
    case .stratified: "by chance within each class"
    case .group: "whole groups"
    case .time: "the latest"
    }
  }
}
