public import OrderedCollections

/// Rows of features with what belongs to each row: target, weight, group, split and row data.
///
/// Features are Float32, row-major `[rows x columns]`; NaN means missing. Everything else about a
/// row travels with it through every subset and split.
public struct Table: Sendable {
  /// Feature values, row-major `[rows x columns]`. NaN is a missing value.
  public private(set) var features: [Float]
  /// One name per feature column.
  public let featureNames: [String]
  /// The number of rows.
  public let rowCount: Int
  /// The target, `[rows]`; nil in a table that is only predicted. Class targets are indices into
  /// ``classNames``.
  public private(set) var target: [Double]?
  /// Non-negative row weights, `[rows]`; nil if every row weighs 1.
  public private(set) var weights: [Double]?
  /// The group each row belongs to, `[rows]`.
  public private(set) var groups: [Int]?
  /// When each row happened, `[rows]`, in any increasing unit; of dates in text, seconds since
  /// 1970. NaN where the time is missing: a split by time must refuse such rows or set them aside,
  /// since NaN has no place in an order.
  public private(set) var times: [Double]?
  /// The part each row was assigned to by the table's author, `[rows]`.
  public private(set) var parts: [Part]?
  /// Named side columns, `[rows]` each, that objectives and metrics read.
  public private(set) var rowData: OrderedDictionary<String, [Double]>
  /// Names of the classes that the target's indices stand for; nil if the target is a number.
  public let classNames: [String]?
  /// What the rows came from, for messages: a file name.
  public let source: String
  /// The row of ``source`` each row came from; nil if they are the same.
  public private(set) var sourceRows: [Int]?
  /// How features too large for Float32 were shifted, by column name; empty if none was.
  public let featureShifts: [String: FeatureShift]
  /// What the reader of ``source`` had to decide and a person should know, in sentences.
  public let notes: [String]

  /// A table from its columns.
  ///
  /// - Throws: ``TabularError`` if a column's length is not the number of rows, names repeat, a
  ///   target is not finite, or a weight is negative or not finite.
  public init(
    features: [Float], featureNames: [String], target: [Double]? = nil,
    weights: [Double]? = nil, groups: [Int]? = nil, times: [Double]? = nil,
    parts: [Part]? = nil, rowData: OrderedDictionary<String, [Double]> = [:],
    classNames: [String]? = nil, source: String = "table", rowCount: Int? = nil,
    featureShifts: [String: FeatureShift] = [:], notes: [String] = []
  ) throws(TabularError) {
    let columns = featureNames.count
    let rows = rowCount ?? (columns > 0 ? features.count / columns : target?.count ?? 0)
    guard features.count == rows * columns else {
      throw TabularError(
        source: source,
        "\(features.count) feature values do not make \(rows) rows of \(columns) columns")
    }
    if let repeated = firstRepeated(featureNames) {
      throw TabularError(source: source, "two features are called '\(repeated)'; rename one")
    }
    self.features = features
    self.featureNames = featureNames
    self.rowCount = rows
    self.target = target
    self.weights = weights
    self.groups = groups
    self.times = times
    self.parts = parts
    self.rowData = rowData
    self.classNames = classNames
    self.source = source
    self.featureShifts = featureShifts
    self.notes = notes
    try checkLengths()
    try checkValues()
  }

  /// The number of feature columns.
  public var columnCount: Int { featureNames.count }

  /// The features of one row.
  public func features(ofRow row: Int) -> ArraySlice<Float> {
    features[row * columnCount..<(row + 1) * columnCount]
  }

  /// The row of ``source`` that row `row` came from, for messages.
  public func sourceRow(_ row: Int) -> Int { sourceRows?[row] ?? row }

  /// The rows at `indices`, in that order, with everything that belongs to them.
  /// O(indices x columns).
  public func subset(_ indices: [Int]) -> Table {
    func picked<Value>(_ column: [Value]) -> [Value] { indices.map { column[$0] } }
    var result = Table(copyingSchemaOf: self, rowCount: indices.count)
    result.features = features(ofRows: indices)
    result.target = target.map(picked)
    result.weights = weights.map(picked)
    result.groups = groups.map(picked)
    result.times = times.map(picked)
    result.parts = parts.map(picked)
    result.rowData = rowData.mapValues(picked)
    result.sourceRows = indices.map(sourceRow)
    return result
  }

  private func features(ofRows indices: [Int]) -> [Float] {
    let columns = columnCount
    // Without elements the standard library writes to the storage that all empty arrays share,
    // which other threads may be reading.
    guard !indices.isEmpty, columns > 0 else { return [] }
    return [Float](unsafeUninitializedCapacity: indices.count * columns) { buffer, count in
      // Safe because: every element of `0..<indices.count * columns` is initialised once below.
      features.withUnsafeBufferPointer { source in
        for (place, row) in indices.enumerated() {
          precondition(row >= 0 && row < rowCount, "a subset holds rows of the table")
          for column in 0..<columns {
            buffer.initializeElement(
              at: place * columns + column, to: source[row * columns + column])
          }
        }
      }
      count = indices.count * columns
    }
  }

  /// This table with another target, as with permuted or simulated targets.
  public func withTarget(_ target: [Double]) throws(TabularError) -> Table {
    var copy = self
    copy.target = target
    try copy.checkLengths()
    try copy.checkValues()
    return copy
  }

  /// This table with a named side column added or replaced.
  public func withRowData(_ name: String, _ values: [Double]) throws(TabularError) -> Table {
    var copy = self
    copy.rowData[name] = values
    try copy.checkLengths()
    return copy
  }

  private init(copyingSchemaOf other: Table, rowCount: Int) {
    features = []
    featureNames = other.featureNames
    self.rowCount = rowCount
    rowData = [:]
    classNames = other.classNames
    source = other.source
    featureShifts = other.featureShifts
    notes = other.notes
  }

  private func checkLengths() throws(TabularError) {
    func check(_ length: Int?, _ what: String) throws(TabularError) {
      if let length, length != rowCount {
        throw TabularError(
          source: source, "\(what) has \(length) values, but the features have \(rowCount) rows")
      }
    }
    try check(target?.count, "the target")
    try check(weights?.count, "the weight column")
    try check(groups?.count, "the group column")
    try check(times?.count, "the time column")
    try check(parts?.count, "the split column")
    for (name, values) in rowData { try check(values.count, "row data '\(name)'") }
  }

  private func checkValues() throws(TabularError) {
    if let target, let row = target.firstIndex(where: { !$0.isFinite }) {
      throw TabularError(
        source: source, row: sourceRow(row),
        "the target is \(target[row]); targets must be finite numbers: correct or drop the row")
    }
    if let weights, let row = weights.firstIndex(where: { !($0 >= 0) || !$0.isFinite }) {
      throw TabularError(
        source: source, row: sourceRow(row),
        "the weight is \(weights[row]); weights must be 0 or positive, and finite")
    }
  }
}

/// Data that a table cannot hold, as one sentence.
public struct TabularError: Error, Sendable, CustomStringConvertible {
  /// The file or table concerned.
  public let source: String
  /// The row of ``source`` concerned, counted from 0, if it is one.
  public let row: Int?
  /// What is wrong and what to do.
  public let reason: String

  /// An error about `source`, and one of its rows if given.
  public init(source: String, row: Int? = nil, _ reason: String) {
    self.source = source
    self.row = row
    self.reason = reason
  }

  public var description: String {
    row.map { "\(source): row \($0): \(reason)" } ?? "\(source): \(reason)"
  }
}

func firstRepeated(_ names: [String]) -> String? {
  var seen: Set<String> = []
  return names.first { !seen.insert($0).inserted }
}
