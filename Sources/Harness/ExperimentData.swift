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
  public let record: DataRecord

  /// Divides `table` into training, validation and test rows.
  ///
  /// Validation rows are the split's own if it has some. Otherwise `validationFraction` of the
  /// training rows are set aside the way the test rows were: by time for ``Split/time(testFraction:)``,
  /// whole groups for ``Split/group(testFraction:seed:)``, within each class for
  /// ``Split/stratified(testFraction:seed:)``, by chance for ``Split/random(testFraction:seed:)``.
  /// For ``Split/column`` without validation rows it follows from the data (see
  /// ``ValidationRule``).
  ///
  /// - Parameters:
  ///   - name: the name for reports: `pv-fleet`.
  ///   - file: the file the table was read from.
  ///   - facts: datasets read and other facts worth a line.
  ///   - groupName: what a group is, in the singular.
  ///   - weightName: the column that the weights are from, if rows have weights.
  ///   - leastRowsToDivide: with fewer training rows none are set aside: a few dozen validation
  ///     rows stop by chance, and every row is needed to learn from.
  ///   - seed: decides which rows are set aside by chance.
  /// - Throws: ``TabularError`` if the split cannot be made or the table has no target.
  public init(
    _ table: Table, split: Split, name: String, file: DataFile? = nil, facts: [NamedValue] = [],
    targetName: String = "y", targetUnit: String? = nil, sizeUnit: String? = nil,
    groupName: String = "group", weightName: String = "weight", validationFraction: Double = 0.15,
    leastRowsToDivide: Int = 2_000, seed: UInt64 = 0
  ) throws(TabularError) {
    guard table.target != nil else {
      throw TabularError(
        source: table.source, "there is no target column; name it with target: or --target")
    }
    var rows = try table.splitRows(by: split)
    var validationWords = "the split's own validation rows"
    if rows.validation.isEmpty, rows.train.count < leastRowsToDivide {
      validationWords = "none: fewer than \(leastRowsToDivide) training rows"
    } else if rows.validation.isEmpty {
      let rule = ValidationRule(split, of: table, rows)
      (rows.train, rows.validation) = try rule.divide(
        rows.train, of: table, fraction: validationFraction, seed: seed)
      validationWords =
        rows.validation.isEmpty ? "none: too few training rows" : rule.words(validationFraction)
    }
    self.init(
      train: table.subset(rows.train),
      validation: rows.validation.isEmpty ? nil : table.subset(rows.validation),
      test: table.subset(rows.test), splitWords: split.words, validationWords: validationWords,
      name: name, file: file, facts: facts, targetName: targetName, targetUnit: targetUnit,
      sizeUnit: sizeUnit, groupName: groupName, weightName: weightName)
  }

  /// Takes parts that are divided already; all three have the same columns.
  public init(
    train: Table, validation: Table?, test: Table, splitWords: String = "given by the caller",
    validationWords: String = "given by the caller", name: String, file: DataFile? = nil,
    facts: [NamedValue] = [], targetName: String = "y", targetUnit: String? = nil,
    sizeUnit: String? = nil, groupName: String = "group", weightName: String = "weight"
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
  var words: String {
    func percent(_ fraction: Double) -> String { "\((fraction * 1000).rounded() / 10) %" }
    switch self {
    case .column: return "the file's own split column"
    case .random(let fraction, let seed):
      return "\(percent(fraction)) of the rows by chance (seed \(seed)) are test rows"
    case .stratified(let fraction, let seed):
      return "\(percent(fraction)) of each class by chance (seed \(seed)) are test rows"
    case .group(let fraction, let seed):
      return "whole groups by chance (seed \(seed)), about \(percent(fraction)) of the rows, "
        + "are test rows"
    case .time(let fraction): return "the latest \(percent(fraction)) of the rows are test rows"
    }
  }
}
