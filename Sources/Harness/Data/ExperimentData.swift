import OrderedCollections
public import Tabular

/// Where a table came from.
public struct DataFile: Sendable, Hashable {
  /// The file, as the user named it.
  public var path: String
  /// SHA-256 of its bytes, in hexadecimal.
  public var sha256: String
  /// Its bytes.
  public var bytes: Int

  /// Reads the whole file once, in pieces. O(bytes).
  ///
  /// - Throws: `CocoaError` if it cannot be read.
  public init(path: String) throws {
    self.path = path
    (sha256, bytes) = try FileDigest.sha256(ofFile: path)
  }
}

/// What the trials of an experiment learn from and are judged on: the same rows for all of them.
public struct ExperimentData: Sendable {
  /// Rows to train on.
  public let train: Table
  /// Rows to stop early on; nil if there are none.
  public let validation: Table?
  /// Rows to judge on. No trial sees them before it is finished.
  public let test: Table
  /// The data for the record.
  public private(set) var record: DataRecord

  /// Divides `table` into training, validation and test rows.
  ///
  /// Validation rows are those that the split names, if any. Otherwise there are none, and learners
  /// hold out training rows of their own where they choose a number of rounds (`HoldOut`).
  ///
  /// - Parameters:
  ///   - wholeGroups: whether groups must stay whole whatever the split (ranking).
  ///   - name: the name for reports: `pv-fleet`.
  ///   - file: the file the table was read from.
  ///   - facts: datasets read and other facts worth a line.
  ///   - timeUnit: what times are counted in, if known.
  ///   - groupName: what a group is, in the singular.
  ///   - weightName: the column that the weights are from, if rows have weights.
  /// - Throws: ``TabularError`` if the split cannot be made or the table has no target.
  public init(
    _ table: Table, split: Split, wholeGroups: Bool = false, name: String, file: DataFile? = nil,
    facts: [NamedValue] = [], targetName: String = "y", targetUnit: String? = nil,
    sizeUnit: String? = nil, timeUnit: String? = nil, groupName: String = "group",
    weightName: String = "weight"
  ) throws(TabularError) {
    guard table.target != nil else {
      throw TabularError(
        source: table.source, "there is no target column; name it with `target`")
    }
    let rows = try table.splitRows(by: split, wholeGroups: wholeGroups)
    let share = Double(rows.test.count) / Double(table.rowCount - rows.leftOut.count)
    self.init(
      train: table.subset(rows.train),
      validation: rows.validation.isEmpty ? nil : table.subset(rows.validation),
      test: table.subset(rows.test), rule: split.rule?.keepingGroups(wholeGroups),
      splitWords: split.words(testShare: share, wholeGroups: wholeGroups),
      validationWords: rows.validation.isEmpty ? "none" : "the split's own validation rows",
      name: name, file: file, facts: facts, targetName: targetName, targetUnit: targetUnit,
      sizeUnit: sizeUnit, timeUnit: timeUnit, groupName: groupName, weightName: weightName)
    countRowsLeftOut(rows.leftOut.count)
  }

  /// Records that so many rows are in no part, because their groups would be torn.
  public mutating func countRowsLeftOut(_ count: Int) { record.splitFacts?.leftOutRows = count }

  /// Records that so many rows were set aside because their time is missing.
  public mutating func countRowsWithoutTime(_ count: Int) {
    record.splitFacts?.rowsWithoutTime = count
  }

  /// Takes parts that are divided already; all three have the same columns.
  public init(
    train: Table, validation: Table?, test: Table, rule: SplitRule? = nil,
    splitWords: String = "given by the caller", validationWords: String = "given by the caller",
    name: String, file: DataFile? = nil, facts: [NamedValue] = [], targetName: String = "y",
    targetUnit: String? = nil, sizeUnit: String? = nil, timeUnit: String? = nil,
    groupName: String = "group", weightName: String = "weight"
  ) {
    self.train = train
    self.validation = validation
    self.test = test
    let parts = [train, validation, test].compactMap { $0 }
    let rowCount = parts.reduce(0) { $0 + $1.rowCount }
    let missing = parts.reduce(0) { sum, part in
      sum + part.features.reduce(0) { $0 + ($1.isNaN ? 1 : 0) }
    }
    func groupCount(_ tables: [Table]) -> Int? {
      guard tables.allSatisfy({ $0.groups != nil }) else { return nil }
      return Set(tables.flatMap { $0.groups ?? [] }).count
    }
    record = DataRecord(
      name: name, path: file?.path, sha256: file?.sha256, bytes: file?.bytes,
      facts: facts + UninformativeColumns(train).facts + SuspectColumns(train).facts
        + AbsentClasses(train, others: Array(parts.dropFirst())).facts,
      task: Task(train), rowCount: rowCount, trainRows: train.rowCount,
      validationRows: validation?.rowCount ?? 0, testRows: test.rowCount, split: splitWords,
      splitFacts: SplitFacts(
        rule: rule, learned: [train, validation].compactMap { $0 }, test: test, timeUnit: timeUnit),
      validation: validation == nil && validationWords.hasPrefix("given")
        ? "none" : validationWords,
      repeatedTestRows: RepeatedRows.count(of: test, in: train),
      missingShare: Double(missing) / Double(max(1, rowCount * train.columnCount)),
      featureNames: train.featureNames, targetName: targetName, targetUnit: targetUnit,
      sizeUnit: sizeUnit, rowDataNames: Array(train.rowData.keys),
      weightName: train.weights == nil ? nil : weightName, classNames: train.classNames,
      groupCount: groupCount(parts), testGroupCount: groupCount([test]), groupName: groupName)
  }
}

extension Split {
  /// The split in words, for reports.
  ///
  /// - Parameter testShare: the share of the rows that came to be test rows.
  func words(testShare: Double, wholeGroups: Bool) -> String {
    func percent(_ fraction: Double) -> String { "\((fraction * 1000).rounded() / 10) %" }
    switch self {
    case .column: return "the file's own split column"
    case .random(_, let seed) where !wholeGroups:
      return "\(percent(testShare)) of the rows by chance (seed \(seed)) are test rows"
    case .stratified(let fraction, let seed) where !wholeGroups:
      return "\(percent(fraction)) of each class by chance (seed \(seed)) are test rows"
    case .random(_, let seed), .stratified(_, let seed), .group(_, let seed):
      return "whole groups by chance (seed \(seed)), \(percent(testShare)) of the rows, are test "
        + "rows"
    case .time: return "the latest \(percent(testShare)) of the rows are test rows"
    }
  }
}
