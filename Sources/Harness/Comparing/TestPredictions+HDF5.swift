import HDF5

extension TestPredictions {
  /// Writes the test rows and every trial's predictions to one HDF5 file, replacing it whole or not
  /// at all.
  ///
  /// Datasets of the rows: `row` (the row of the data file), `y`, and `size`, `group`, `weight` where
  /// there are some. Each finished trial is a group `trial_001`, `trial_002`, ... with `prediction`,
  /// `[rows]` or `[rows x classes]`, which bears learner, objective, form and seed as attributes,
  /// and `score` where the link makes a difference.
  ///
  /// - Throws: what `HDF5.File.write(to:_:)` throws.
  public func write(to path: String) throws {
    try File.write(to: path) { file in
      try file.write("row", rows.map(Int64.init))
      try file.write("y", targets)
      if !sizes.isEmpty { try file.write("size", sizes) }
      if !groups.isEmpty { try file.write("group", groups.map(Int64.init)) }
      if !weights.isEmpty { try file.write("weight", weights) }
      for (index, trial) in trials.enumerated() {
        let name = Self.groupName(index)
        let shape = trial.width == 1 ? [rows.count] : [rows.count, trial.width]
        try file.write("\(name)/prediction", trial.predictions, shape: shape)
        if trial.scores != trial.predictions {
          try file.write("\(name)/score", trial.scores, shape: shape)
        }
        let attributes = [
          ("learner", trial.combination.learner), ("objective", trial.combination.objective),
          ("form", trial.combination.form.rawValue), ("seed", String(trial.seed)),
        ]
        for (key, value) in attributes {
          try file.setAttribute(key, .text(value), of: "\(name)/prediction")
        }
      }
    }
  }

  /// The group of a trial in the file, counted from 1 among the finished ones.
  static func groupName(_ index: Int) -> String {
    let number = String(index + 1)
    return "trial_" + String(repeating: "0", count: max(0, 3 - number.count)) + number
  }
}
