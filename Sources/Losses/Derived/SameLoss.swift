extension Objective {
  /// Whether the loss is that of `other`, up to a positive factor and a term without scores: by
  /// their gradients on a few dozen of `rows`, not by names or texts.
  ///
  /// Losses that compare rows with one another are only the same if their names are. About a
  /// millisecond.
  ///
  /// - Parameter rows: rows that both accept, with the row data that both read.
  public func hasSameLoss(as other: some Objective, on rows: borrowing Rows) -> Bool {
    guard reach == .row, other.reach == .row else {
      return name == other.name && parameters == other.parameters
    }
    guard scoresPerRow == other.scoresPerRow, rowDataNames == other.rowDataNames, rows.count > 0
    else { return false }
    return ShippedTwin(other, of: self, on: ProbeRows(rows, limit: ShippedTwin.rowLimit)) != nil
  }
}
