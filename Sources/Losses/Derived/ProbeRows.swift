/// Rows at which a loss is looked at to tell what it is like: their targets and row data, not their
/// scores.
package struct ProbeRows: Sendable {
  /// The targets, `[rows]`.
  private(set) var targets: [Double] = []
  /// Row data, row-major `[rows x columns]`.
  private(set) var rowData: [Double] = []
  /// Columns of row data.
  let columns: Int

  init(columns: Int) { self.columns = columns }

  /// Rows without row data.
  init(targets: [Double]) {
    self.init(columns: 0)
    self.targets = targets
  }

  /// At most `limit` of a table's rows, evenly spaced.
  init(_ rows: borrowing Rows, limit: Int) {
    self.init(columns: rows.rowDataCount)
    let count = min(limit, rows.count)
    for place in 0..<count { append(rows, at: place * rows.count / count) }
  }

  /// Rows made up to suit any formula: targets over many magnitudes on both sides of 0, whole ones
  /// among them, and positive row data; for losses of classes, each class in turn.
  package init(madeFor objective: some Objective, classes: Int?) {
    self.init(columns: objective.rowDataNames.count)
    let numbers = [1, 0, 3.7, 2, -1.3, 0.04, 52, -38, 0.7, 5, 1e-6, 2400, -1e-4, 1e6]
    let sizes = [1, 0.4, 7.5, 0.02, 90, 2.5, 3000, 0.3, 12, 0.007, 1.7]
    for row in 0..<28 {
      let number = numbers[row % numbers.count]
      targets.append(
        classes.map { Double(row % $0) } ?? (objective.link == .log ? number.magnitude : number))
      for column in 0..<columns { rowData.append(sizes[(row + 4 * column) % sizes.count]) }
    }
  }

  /// The number of rows.
  var count: Int { targets.count }

  private mutating func append(_ rows: borrowing Rows, at row: Int) {
    targets.append(rows.targets[row])
    for column in 0..<columns { rowData.append(rows.rowData[row * columns + column]) }
  }

  /// The row data of one row.
  func data(of row: Int) -> ArraySlice<Double> {
    rowData[row * columns..<(row + 1) * columns]
  }

  /// The rows at `places`, in that order, which may name a row several times.
  func gathered(_ places: [Int]) -> ProbeRows {
    var result = ProbeRows(columns: columns)
    for row in places {
      result.targets.append(targets[row])
      result.rowData.append(contentsOf: data(of: row))
    }
    return result
  }

  /// The rows with targets and row data changed.
  func mapped(
    target: (Double) -> Double = { $0 }, data: (_ column: Int, Double) -> Double = { $1 }
  ) -> ProbeRows {
    var result = self
    for row in targets.indices { result.targets[row] = target(targets[row]) }
    for place in rowData.indices { result.rowData[place] = data(place % columns, rowData[place]) }
    return result
  }

  /// The rows that `objective` does not refuse.
  func accepted(by objective: some Objective) -> ProbeRows {
    gathered(
      (0..<count).filter { row in
        gathered([row]).withRows { rows in
          do {
            try objective.validate(rows)
            return true
          } catch {
            return false
          }
        }
      })
  }

  /// Calls `body` with the rows as an objective reads them.
  func withRows<Result>(_ body: (borrowing Rows) -> Result) -> Result {
    body(Rows(targets: targets.span, rowData: rowData.span, rowDataCount: columns))
  }

  /// Gradients and Hessians at `scores`, all `[rows x scoresPerRow]`.
  func derivatives(
    of objective: some Objective, at scores: [Double]
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

  /// Losses at `scores`, `[rows]`.
  func losses(of objective: some Objective, at scores: [Double]) -> [Double] {
    var losses = [Double](repeating: .nan, count: count)
    withRows { rows in
      var span = losses.mutableSpan
      objective.losses(at: scores.span, rows, into: &span)
    }
    return losses
  }
}

/// A place at which a loss was looked at: a row of ``ProbeRows`` with scores.
struct ProbePlaces {
  /// Rows, one per place.
  let rows: ProbeRows
  /// Scores, `[places x scoresPerRow]`.
  let scores: [Double]

  /// Every row at each of the scores `scores(row)`, which hold `width` numbers each.
  init(_ rows: ProbeRows, width: Int, _ scores: (Int) -> [[Double]]) {
    var places: [Int] = []
    var all: [Double] = []
    for row in 0..<rows.count {
      for point in scores(row) {
        places.append(row)
        all.append(contentsOf: point)
      }
    }
    self.rows = rows.gathered(places)
    self.scores = all
  }

  /// Gradients and Hessians there.
  func derivatives(of objective: some Objective) -> (gradients: [Double], hessians: [Double]) {
    rows.derivatives(of: objective, at: scores)
  }
}
