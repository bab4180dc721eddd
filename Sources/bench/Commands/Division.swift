import Harness
import Losses
import Tabular

/// A table ready to be divided into training and test rows: the same in every command.
struct Division {
  /// The rows to divide.
  let table: Table
  /// Whether groups must stay whole, because an objective compares the rows of a group.
  let wholeGroups: Bool
  /// Rows that were set aside because their time is missing.
  let rowsWithoutTime: Int
  private let options: SplitOptions
  private let folds: Int?

  /// Prepares `table` for the objectives that are trained on it, and says what was decided for the
  /// user.
  ///
  /// - Parameter folds: folds of a cross-validation; nil for one split.
  /// - Throws: ``Failure`` if a split that is asked for cannot be made.
  init(
    _ table: Table, by options: SplitOptions, folds: Int? = nil, objectives: [any Objective],
    _ progress: ProgressDisplay
  ) throws {
    self.options = options
    self.folds = folds
    let ranking = objectives.first { $0.reach == .group }
    wholeGroups = ranking != nil
    if let ranking, table.groups == nil,
      folds != nil || options.split(of: table, wholeGroups: true).rule != nil
    {
      throw Failure(
        .badData,
        "\(table.source): objective '\(ranking.name)' compares the rows of a group, and there is no "
          + "group column, so that all rows are one group that a split would tear; name one with "
          + "--group, or give a split column")
    }
    guard Self.rule(options, folds, table, wholeGroups) == .time else {
      self.table = table
      rowsWithoutTime = 0
      Self.noteIdleTimes(of: table, options, folds, progress)
      return
    }
    if table.times == nil {
      progress.note(
        "note: \(table.source): there is no column of times; --split-by time takes the rows in the "
          + "order of the file")
    }
    let dated = table.rowsWithTime
    guard !dated.isEmpty else {
      throw Failure(
        .badData,
        "\(table.source): no row has a time, so that rows cannot be divided by time; use --split-by "
          + "group or random")
    }
    rowsWithoutTime = table.rowCount - dated.count
    guard rowsWithoutTime > 0 else {
      self.table = table
      return
    }
    let first = table.times?.firstIndex { !$0.isFinite } ?? 0
    self.table = table.subset(dated)
    progress.note(
      rowsWithoutTime == 1
        ? "note: \(table.source): row \(table.sourceRow(first)) has no time and is left out: it can "
          + "stand neither before nor after the test rows; --split-by random or group keeps it"
        : "note: \(table.source): \(rowsWithoutTime) rows have no time (the first is row "
          + "\(table.sourceRow(first))) and are left out: they can stand neither before nor after the "
          + "test rows; --split-by random or group keeps them")
  }

  /// The rule by which rows will be chosen; nil for the file's own split.
  private static func rule(
    _ options: SplitOptions, _ folds: Int?, _ table: Table, _ wholeGroups: Bool
  ) -> SplitRule? {
    folds == nil
      ? options.split(of: table, wholeGroups: wholeGroups).rule
      : options.splitBy ?? .usual(for: table, wholeGroups: wholeGroups)
  }

  /// Says that there are times which decide nothing.
  private static func noteIdleTimes(
    of table: Table, _ options: SplitOptions, _ folds: Int?, _ progress: ProgressDisplay
  ) {
    guard table.times != nil, options.splitBy == nil, folds != nil || table.parts == nil else {
      return
    }
    progress.note(
      "note: \(table.source): the column of times does not tell rows apart (it has one value, or "
        + "none), so that the test rows are chosen without it")
  }

  /// Says that far more rows are test rows than were asked for, because they share a time.
  private func noteTies(_ rows: SplitRows, _ progress: ProgressDisplay) {
    let (test, all) = (rows.test.count, table.rowCount)
    guard split.rule == .time, Double(test) > 1.5 * (options.testFraction ?? 0.2) * Double(all)
    else { return }
    progress.note(
      "note: \(table.source): \(test) of \(all) rows are test rows, more than asked for, because rows "
        + "of one time stay together")
  }

  private var split: Split { options.split(of: table, wholeGroups: wholeGroups) }

  /// The rows of the one split, and the rule that chose them. Says what is odd about them.
  func rows(_ progress: ProgressDisplay) throws -> (rule: SplitRule?, rows: SplitRows) {
    let (rule, rows) = try rows()
    noteTies(rows, progress)
    return (rule, rows)
  }

  private func rows() throws -> (rule: SplitRule?, rows: SplitRows) {
    let rows = try table.splitRows(by: split, wholeGroups: wholeGroups)
    return (split.rule?.keepingGroups(wholeGroups), rows)
  }

  /// The data of the one split.
  func data(_ source: DataSource, file: DataFile) throws -> ExperimentData {
    var data = try ExperimentData(
      table, split: split, wholeGroups: wholeGroups, name: source.name, file: file,
      targetName: source.targetName, targetUnit: source.targetUnit, sizeUnit: source.sizeUnit,
      timeUnit: source.timeUnit, groupName: source.groupName, weightName: source.weightName)
    data.countRowsWithoutTime(rowsWithoutTime)
    return data
  }

  /// The folds of a cross-validation.
  func makeFolds() throws -> Folds {
    try table.folds(
      folds ?? 2, by: options.splitBy, seed: options.splitSeed, wholeGroups: wholeGroups)
  }

  /// The data of one fold.
  func data(_ fold: Int, of folds: Folds, _ source: DataSource, file: DataFile) -> ExperimentData {
    let part = folds[fold]
    let how =
      switch folds.rule {
      case .random: "rows dealt by chance (seed \(options.splitSeed))"
      case .stratified: "rows dealt by chance within each class (seed \(options.splitSeed))"
      case .group: "whole groups dealt by chance (seed \(options.splitSeed))"
      case .time: "a block in time, after all its training rows"
      }
    var data = ExperimentData(
      train: part.train, validation: nil, test: part.test, rule: folds.rule,
      splitWords: "fold \(fold + 1) of \(folds.count) is tested: \(how)", validationWords: "none",
      name: "\(source.name), fold \(fold + 1)", file: file, targetName: source.targetName,
      targetUnit: source.targetUnit, sizeUnit: source.sizeUnit, timeUnit: source.timeUnit,
      groupName: source.groupName, weightName: source.weightName)
    data.countRowsWithoutTime(rowsWithoutTime)
    data.countRowsLeftOut(part.rows.leftOut.count)
    return data
  }

  /// What `--folds` does where it does not deal every row once.
  static func note(on folds: Folds) -> String? {
    guard folds.rule == .time else { return nil }
    return "note: folds follow the times: each is tested on a block of rows later than all its "
      + "training rows, and the first block is only trained on; --split-by group or random deals "
      + "rows otherwise"
  }
}
