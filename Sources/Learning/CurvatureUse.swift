import Losses

/// What a curvature policy did to the Hessians of a fit: which policy, and how many it changed.
public struct CurvatureUse: Sendable, Hashable, Codable {
  /// The policy as command lines write it: `exact`, `floor(0.01)`.
  public var policy: String
  /// Hessians computed in all rounds together.
  public var hessians: Int
  /// Hessians changed in each round; empty if none were in any round.
  public var changedPerRound: [Int]
  /// Rounds in which steps were shortened because whole they would have raised the training loss;
  /// nil in records of older versions.
  public var shortenedRounds: Int?

  /// A use from its parts; `changedPerRound` may be all zeros.
  public init(policy: String, hessians: Int, changedPerRound: [Int]) {
    self.policy = policy
    self.hessians = hessians
    self.changedPerRound = changedPerRound.contains { $0 != 0 } ? changedPerRound : []
  }

  /// What a training log tells; nil for a learner that makes no Newton steps.
  public init?(_ log: TrainingLog) {
    guard let policy = log.curvature else { return nil }
    let rounds = log.refitRounds ?? log.rounds
    self.init(
      policy: "\(policy)", hessians: log.hessiansPerRound * rounds.count,
      changedPerRound: rounds.map(\.adjustedHessians))
    shortenedRounds = rounds.count { $0.shortenedLeaves > 0 }
  }

  /// Hessians changed in all rounds together.
  public var changed: Int { changedPerRound.reduce(0, +) }

  /// The changed ones as a share of all; 0 if there were none.
  public var share: Double { hessians > 0 ? Double(changed) / Double(hessians) : 0 }

  /// The round that changed most, counted from 1, and its share; nil if no round changed any.
  public var worstRound: (round: Int, share: Double)? {
    guard hessians > 0,
      let place = changedPerRound.indices.max(by: { changedPerRound[$0] < changedPerRound[$1] })
    else { return nil }
    let perRound = Double(hessians) / Double(changedPerRound.count)
    return (place + 1, Double(changedPerRound[place]) / perRound)
  }

  /// Whether there is anything to tell: a policy other than the exact Hessian, one that changed
  /// something, or steps that had to be shortened.
  public var isWorthTelling: Bool {
    policy != "\(CurvaturePolicy.exact)" || !changedPerRound.isEmpty || (shortenedRounds ?? 0) > 0
  }

  /// What became of steps that were too long, in a sentence; nil if none were.
  public var shortenedText: String? {
    guard let shortenedRounds, shortenedRounds > 0 else { return nil }
    return "in \(shortenedRounds) round\(shortenedRounds == 1 ? "" : "s") steps were shortened, "
      + "because at full length they would have raised the training loss: the Hessian is too small "
      + "for them"
  }
}
