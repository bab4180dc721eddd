/// The loss of a few hundred training rows, to notice cheaply that a round raised it.
struct LossSample {
  private let objective: any Objective
  private let rows: ObjectiveRows
  private let usesLoss: Bool
  /// Where the rows stand in the table.
  private let places: [Int]
  /// Scores and losses as last accepted, and as last looked at.
  private var accepted: (scores: [Double], losses: [Double]) = ([], [])
  private var seen: (scores: [Double], losses: [Double]) = ([], [])

  /// - Parameters:
  ///   - table: the training rows, which have losses of their own.
  ///   - places: the rows to follow.
  ///   - usesLoss: whether to go by the objective's loss rather than its gradient's integral.
  ///   - scores: the scores to begin with.
  init(
    _ objective: any Objective, _ table: Table, places: [Int], usesLoss: Bool,
    scores: AlignedBuffer<Double>
  ) throws(LearningError) {
    self.objective = objective
    self.usesLoss = usesLoss
    self.places = places
    rows = try ObjectiveRows(table.subset(places), for: objective)
    look(at: scores)
    accept()
  }

  /// Whether the weighted loss has risen from the accepted scores to these, or is no number.
  mutating func rises(to scores: AlignedBuffer<Double>) -> Bool {
    look(at: scores)
    var change = 0.0
    for row in places.indices {
      let before = usesLoss ? accepted.losses[row] : 0
      guard before.isFinite else { continue }
      change += (rows.weights.isEmpty ? 1 : rows.weights[row]) * (seen.losses[row] - before)
    }
    return !(change <= 0)
  }

  /// The weighted magnitudes of the accepted losses, as so many rows would have them.
  func extent(of rowCount: Int) -> Double {
    var sum = 0.0
    for row in places.indices where accepted.losses[row].isFinite {
      sum += (rows.weights.isEmpty ? 1 : rows.weights[row]) * accepted.losses[row].magnitude
    }
    return sum * Double(rowCount) / Double(max(1, places.count))
  }

  private mutating func look(at scores: AlignedBuffer<Double>) {
    let width = objective.scoresPerRow
    var own: [Double] = []
    own.reserveCapacity(places.count * width)
    for row in places {
      for score in 0..<width { own.append(scores[row * width + score]) }
    }
    var losses = [Double](repeating: 0, count: places.count)
    var span = losses.mutableSpan
    if usesLoss {
      objective.losses(at: own.span, rows.rows, into: &span)
    } else if !accepted.scores.isEmpty {
      IntegratedLoss.changes(
        of: objective, from: accepted.scores.span, to: own.span, rows.rows, into: &span)
    }
    seen = (own, losses)
  }

  /// Takes the scores last looked at for those to compare with.
  mutating func accept() { accepted = seen }

  /// Takes other scores for those to compare with.
  mutating func accept(_ scores: AlignedBuffer<Double>) {
    look(at: scores)
    accept()
  }
}
