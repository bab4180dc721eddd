extension Objective {
  /// Refuses the first row whose target does not hold `isAllowed`; `rule` ends the sentence
  /// "the target must ...".
  func requireTargets(
    _ rows: borrowing Rows, _ rule: String, _ isAllowed: (Double) -> Bool
  ) throws(ObjectiveError) {
    for row in rows.targets.indices where !isAllowed(rows.targets[row]) {
      throw ObjectiveError(
        .invalidTarget, objective: name, row: row, value: rows.targets[row],
        "the target must \(rule)")
    }
  }

  /// Refuses the first row whose row data in `column` does not hold `isAllowed`.
  func requireRowData(
    _ rows: borrowing Rows, column: Int, _ rule: String, _ isAllowed: (Double) -> Bool
  ) throws(ObjectiveError) {
    for row in 0..<rows.count {
      let value = rows.rowData[row * rows.rowDataCount + column]
      if !isAllowed(value) {
        throw ObjectiveError(
          .invalidRowData(rowDataNames[column]), objective: name, row: row, value: value,
          "'\(rowDataNames[column])' must \(rule)")
      }
    }
  }

  /// Refuses negative targets, and exposures (the first row data column) that are not positive.
  func requireCounts(_ rows: borrowing Rows, hasExposure: Bool) throws(ObjectiveError) {
    try requireFinite(rows)
    try requireTargets(rows, "be 0 or more") { $0 >= 0 }
    guard hasExposure else { return }
    try requireRowData(rows, column: 0, "be greater than 0; correct it or drop the row") { $0 > 0 }
  }

  /// Refuses targets that are no class index below `classes`.
  func requireClasses(_ rows: borrowing Rows, _ classes: Int) throws(ObjectiveError) {
    try requireFinite(rows)
    try requireTargets(rows, "be a class index from 0 to \(classes - 1)") {
      $0 >= 0 && $0 < Double(classes) && $0 == $0.rounded()
    }
  }
}

extension Derivatives {
  /// The derivatives that a jet carries.
  init(_ jet: Jet) { self.init(gradient: jet.first, hessian: jet.second) }
}
