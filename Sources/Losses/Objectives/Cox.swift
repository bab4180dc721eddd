import RealModule

/// Cox's partial likelihood of proportional hazards, ties after Breslow.
///
/// Targets are positive times; row data `event` is 1 if the event happened then and 0 if the row
/// was only watched until then. The score is the logarithm of the relative hazard (log link:
/// predictions are hazard ratios); a larger one means an earlier event. Each event costs
/// `log(sum(exp(score_j), time_j >= time)) - score`; a row that was only watched costs nothing
/// itself.
///
/// All rows take part in each other's loss (reach: table), so an event's row must be seen together
/// with all rows at risk. With `p_ei` the share of row `i` in the risk of event `e`: gradient
/// `sum_e(p_ei) - event`, diagonal Hessian `sum_e(p_ei (1 - p_ei))`, never negative. Sums of
/// exponentials are kept as logarithms, so everything is finite for every finite score. A shift of
/// all scores changes nothing; the start is 0. O(rows log rows).
///
/// Cox, "Regression Models and Life-Tables", Journal of the Royal Statistical Society B 34 (1972);
/// Breslow, "Covariance Analysis of Censored Survival Data", Biometrics 30 (1974).
public struct Cox: Objective {
  /// Cox's partial likelihood, the row data column `event` saying what was an event.
  public init() {}

  public var name: String { "cox" }
  public var rowDataNames: [String] { ["event"] }
  public var link: Link { .log }
  public var reach: Reach { .table }
  public var defaultMetric: Metric { .concordance }

  public func validate(_ rows: borrowing Rows) throws(ObjectiveError) {
    try requireFinite(rows)
    try requireTargets(rows, "be a time greater than 0") { $0 > 0 }
    try requireRowData(rows, column: 0, "be 1 (event) or 0 (only watched until then)") {
      $0 == 0 || $0 == 1
    }
  }

  /// Rows of one time, and what they have in common.
  private struct Moment {
    /// The places in the order of falling times.
    var places: Range<Int>
    var events = 0.0
    /// `log(sum(exp(score)))` over the rows at risk.
    var logRisk = -Double.infinity
  }

  /// Rows by falling time, and the moments in that order.
  private func moments(
    _ scores: Span<Double>, _ rows: borrowing Rows
  ) -> (order: [Int], moments: [Moment]) {
    let times = [Double](capacity: rows.count) { times in
      for row in 0..<rows.count { times.append(rows.targets[row]) }
    }
    let order = times.indices.sorted {
      times[$0] == times[$1] ? $0 < $1 : times[$0] > times[$1]
    }
    var moments: [Moment] = []
    var logRisk = -Double.infinity
    var place = 0
    while place < order.count {
      var moment = Moment(places: place..<place)
      let time = times[order[place]]
      while place < order.count, times[order[place]] == time {
        let row = order[place]
        logRisk = Self.logAdd(logRisk, scores[row])
        if Self.isEvent(rows, row) { moment.events += 1 }
        place += 1
      }
      moment.places = moment.places.lowerBound..<place
      moment.logRisk = logRisk
      moments.append(moment)
    }
    return (order, moments)
  }

  private static func isEvent(_ rows: borrowing Rows, _ row: Int) -> Bool {
    rows.rowData[row * rows.rowDataCount] > 0.5
  }

  /// `log(exp(a) + exp(b))`.
  private static func logAdd(_ a: Double, _ b: Double) -> Double {
    let (low, high) = a < b ? (a, b) : (b, a)
    return low == -.infinity ? high : high + .log(onePlus: .exp(low - high))
  }

  public func losses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) {
    let (order, moments) = moments(scores, rows)
    for moment in moments {
      for row in order[moment.places] {
        losses[row] = Self.isEvent(rows, row) ? moment.logRisk - scores[row] : 0
      }
    }
  }

  public func derivatives(
    at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) {
    let (order, moments) = moments(scores, rows)
    // Logarithms of the sums of 1 / risk and 1 / risk^2 over the events so far, times rising.
    var logSum = -Double.infinity
    var logSumOfSquares = -Double.infinity
    for moment in moments.reversed() {
      if moment.events > 0 {
        let logEvents = Double.log(moment.events)
        logSum = Self.logAdd(logSum, logEvents - moment.logRisk)
        logSumOfSquares = Self.logAdd(logSumOfSquares, logEvents - 2 * moment.logRisk)
      }
      for row in order[moment.places] {
        let share = Double.exp(scores[row] + logSum)
        let squares = Double.exp(2 * scores[row] + logSumOfSquares)
        gradients[row] = share - (Self.isEvent(rows, row) ? 1 : 0)
        // Both are the same number where a row carries the whole risk; rounding must not go below
        // 0.
        hessians[row] = max(0, share - squares)
      }
    }
  }

  public func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? { [0] }

  public var curvature: Curvature {
    Curvature(
      reason: "The loss is convex; rows that nobody at risk compares with have no curvature.")
  }
}

extension Catalogue.Entry {
  static let cox = Self(
    name: "cox", formula: "log(sum(exp(score_j), time_j >= time)) - score, per event",
    rowDataNames: ["event"],
    purpose: "who has the event sooner, where some rows are only watched until a time"
  ) { _ throws(CatalogueError) in Cox() }
}
