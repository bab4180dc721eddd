/// The rows of a table in time, to be cut at moments so that everything before a moment ends before
/// it, and everything after begins at or after it.
///
/// A row that may stand alone begins and ends at its own time. Where groups must stay whole each row
/// begins with the earliest row of its group and ends with the latest; groups that a cut would tear
/// are in neither part.
struct TimeLine {
  private let starts: [Double]
  private let ends: [Double]
  private let sortedStarts: [Double]
  private let sortedEnds: [Double]

  /// Places the rows, by row number if the table has no times. O(rows log rows).
  ///
  /// - Throws: ``TabularError`` naming the first row without a time.
  init(of table: Table, wholeGroups: Bool) throws(TabularError) {
    let times = table.times ?? (0..<table.rowCount).map(Double.init)
    if let row = times.firstIndex(where: { !$0.isFinite }) {
      let more = times.count { !$0.isFinite } - 1
      throw TabularError(
        source: table.source, row: table.sourceRow(row),
        "the time is missing\(more > 0 ? " (and in \(more) more rows)" : ""), so that the row is "
          + "neither before nor after the others; drop such rows (rowsWithTime has the others), "
          + "or split by group or by chance")
    }
    if wholeGroups, let groups = table.groups {
      var spans: [Int: ClosedRange<Double>] = [:]
      for (row, group) in groups.enumerated() {
        let span = spans[group] ?? times[row]...times[row]
        spans[group] = min(span.lowerBound, times[row])...max(span.upperBound, times[row])
      }
      starts = groups.indices.map { spans[groups[$0]]?.lowerBound ?? times[$0] }
      ends = groups.indices.map { spans[groups[$0]]?.upperBound ?? times[$0] }
    } else {
      (starts, ends) = (times, times)
    }
    sortedStarts = starts.sorted()
    sortedEnds = ends.sorted()
  }

  /// The moment from which on as nearly `wanted` rows as possible begin, with some that end before
  /// it; the later one of two that are as near. Nil if there is none.
  func moment(leaving wanted: Double) -> Double? {
    var best: (moment: Double, distance: Double)?
    for place in sortedStarts.indices.dropFirst()
    where sortedStarts[place] > sortedStarts[place - 1] {
      let moment = sortedStarts[place]
      guard sortedEnds[0] < moment else { continue }
      let distance = abs(Double(sortedStarts.count - place) - wanted)
      if distance <= best?.distance ?? .infinity { best = (moment, distance) }
    }
    return best?.moment
  }

  /// Rows that end before `moment` to train on, rows that begin at or after it but before `end` to
  /// test on; those that begin before it and end later are left out.
  func cut(from moment: Double, before end: Double) -> SplitRows {
    var rows = SplitRows(train: [], test: [])
    for row in starts.indices {
      if ends[row] < moment {
        rows.train.append(row)
      } else if starts[row] < moment {
        rows.leftOut.append(row)
      } else if starts[row] < end {
        rows.test.append(row)
      }
    }
    return rows
  }

  /// Why `purpose` cannot be had.
  func refusal(of purpose: String) -> String {
    sortedStarts.first == sortedStarts.last
      ? "all rows are of one time, and \(purpose) needs several; split by group or by chance"
      : "no group ends before another begins, so that \(purpose) would tear groups; split by group"
  }
}
