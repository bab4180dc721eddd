import Foundation
public import Tabular

extension Table {
  /// The table in the HDF5 file at `path`.
  ///
  ///     let fleet = try Table(contentsOf: "fleet.h5", target: "y", rowData: ["size"])
  ///
  /// - Parameters:
  ///   - features: the path of a `[rows x features]` dataset, or several columns, comma-separated.
  ///   - target: the target's path; nil for a table that is only predicted.
  ///   - weight: the weights' path.
  ///   - group, split, time: their paths; nil takes a dataset of that name if there is one.
  ///   - rowData: names of side columns, each looked up by its own name.
  /// - Throws: `HDF5Error` for the file, `TabularError` for its values.
  public init(
    contentsOf path: String, features: String = "X", target: String? = "y",
    weight: String? = nil, group: String? = nil, split: String? = nil, time: String? = nil,
    rowData: [String] = []
  ) throws {
    var layout = TableLayout()
    layout.setFeatures(features)
    layout.target = TableLayout.Column(target, otherwise: .absent)
    layout.weight = TableLayout.Column(weight, otherwise: .absent)
    layout.group = TableLayout.Column(group, otherwise: layout.group)
    layout.split = TableLayout.Column(split, otherwise: layout.split)
    layout.time = TableLayout.Column(time, otherwise: layout.time)
    layout.rowData = rowData.map { TableLayout.RowData($0) }
    try self.init(contentsOf: path, layout: layout)
  }

  /// The table in the HDF5 file at `path`, its parts found by `layout`.
  ///
  /// Features go slab by slab straight into the table's storage: beside it, less than 64 MiB are
  /// needed unless a single chunk of the file is larger.
  /// - Throws: `HDF5Error` for the file, `TabularError` for its values.
  public init(contentsOf path: String, layout: TableLayout) throws {
    let reader = TableReader(file: try File(readingFrom: path), layout: layout)
    let (features, names, rows) = try reader.features()
    let (target, classNames) = try reader.target(rows: rows)
    try self.init(
      features: features, featureNames: names, target: target,
      weights: try reader.numbers(layout.weight, as: "the weight", rows: rows),
      groups: try reader.groups(rows: rows),
      times: try reader.numbers(layout.time, as: "the time", rows: rows),
      parts: try reader.parts(rows: rows), classNames: classNames, source: path, rowCount: rows)
    for (name, values) in try reader.rowData(rows: rows) {
      self = try withRowData(name, values)
    }
  }
}

/// Reads the parts of one table from one file.
struct TableReader {
  let file: File
  let layout: TableLayout

  /// The feature matrix, its column names and its number of rows. NaN is a missing value;
  /// infinite values are refused, since no standardisation survives them.
  func features() throws -> (values: [Float], names: [String], rows: Int) {
    guard !layout.features.isEmpty else {
      throw HDF5Error(.missingDataset, file: file.path, "no features are named; name a dataset")
    }
    var sources: [Dataset] = []
    for path in layout.features { sources += try featureSources(path) }
    let rows = sources[0].rowCount
    for source in sources {
      try source.checkNumeric(bytesPerValue: MemoryLayout<Float>.size)
      guard source.rowCount == rows else {
        throw source.error(
          .wrongShape,
          "it has \(source.rowCount) rows, but '\(sources[0].path)' has \(rows); "
            + "features need the same number of rows")
      }
    }
    guard rows > 0 else {
      throw sources[0].error(.wrongShape, "it has no rows; a table needs at least one")
    }
    let widths = sources.map { $0.shape.count == 2 ? $0.shape[1] : 1 }
    let columns = widths.reduce(0, +)
    guard columns > 0 else {
      throw sources[0].error(.wrongShape, "it has no columns; a table needs at least one feature")
    }
    try checkTarget(isNotAmong: sources)
    // Each source fits by itself; a table of many may not.
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard !overflow, count <= Int(ProcessInfo.processInfo.physicalMemory) / 4 else {
      throw sources[0].error(
        .refused,
        "\(rows) rows of \(columns) features need more memory than this machine has; use fewer")
    }
    let names = try featureNames(sources, widths)
    var failure: HDF5Error?
    let values = [Float](unsafeUninitializedCapacity: rows * columns) { buffer, initialized in
      guard let start = buffer.baseAddress else { return }
      do throws(HDF5Error) {
        try Library.locked { () throws(HDF5Error) in
          var first = 0
          for (source, width) in zip(sources, widths) {
            // Safe because: the buffer holds rows x columns values, and the sources' widths add
            // up to the columns, so that each value is written once.
            try source.readMatrix(
              into: start, memoryType: Float.memoryType, columns: columns, firstColumn: first)
            first += width
          }
        }
        initialized = rows * columns
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    if let place = values.firstIndex(where: { $0.isInfinite }) {
      throw TabularError(
        source: file.path, row: place / columns,
        "the feature '\(names[place % columns])' is infinite as Float32; use NaN for a missing "
          + "value, or a number below 3.4e38")
    }
    return (values, names, rows)
  }

  /// Refuses a target that is a feature too, whatever path or link leads to it: the model would
  /// learn to copy it.
  private func checkTarget(isNotAmong sources: [Dataset]) throws {
    let path: String
    switch layout.target {
    case .absent: return
    case .ifPresent(let named), .required(let named): path = named
    }
    guard try file.hasDataset(path) else { return }
    let target = try file.dataset(path)
    // Any other shape is no column, as reading the target will say.
    guard target.shape.dropFirst().allSatisfy({ $0 == 1 }) else { return }
    for source in sources where source.isSame(as: target) {
      throw source.error(
        .invalidValue,
        "it is the target, but it is named as a feature too, so that a model would only copy it; "
          + "leave it out of the features, or name another target")
    }
  }

  /// The dataset at `path`; of a dataset of records, every numeric field not used elsewhere.
  private func featureSources(_ path: String) throws -> [Dataset] {
    let dataset = try file.dataset(path)
    guard dataset.fieldName == nil, case .compound(let fields) = dataset.type else {
      return [dataset]
    }
    let prefix = File.components(path).joined(separator: "/") + "/"
    let others: [TableLayout.Column] =
      [layout.target, layout.weight, layout.group, layout.split, layout.time]
      + layout.rowData.map(\.column)
    let used = Set(
      others.map { column in
        switch column {
        case .absent: ""
        case .ifPresent(let path), .required(let path):
          File.components(path).joined(separator: "/")
        }
      })
    let sources = fields.filter { $0.type.isNumeric && !used.contains(prefix + $0.name) }
      .compactMap { dataset.field($0.name) }
    guard !sources.isEmpty else {
      throw dataset.error(.wrongType, "none of its fields holds numbers; name other features")
    }
    return sources
  }

  private func featureNames(_ sources: [Dataset], _ widths: [Int]) throws -> [String] {
    var names: [String] = []
    for (source, width) in zip(sources, widths) {
      if source.shape.count == 1 {
        names.append(source.fieldName ?? File.components(source.path).last ?? source.path)
      } else if let given = try source.texts(ofAttribute: "feature_names") {
        guard given.count == width else {
          throw source.error(
            .wrongShape,
            "its attribute 'feature_names' has \(given.count) names for \(width) columns; "
              + "give one name per column")
        }
        names += given
      } else {
        names += (0..<width).map { sources.count == 1 ? "x\($0)" : "\(source.path)_\($0)" }
      }
    }
    return names
  }

  /// The dataset of a column, one value per row; nil if the table does without.
  func dataset(
    _ column: TableLayout.Column, as role: String, rows: Int, hint: String = ""
  ) throws -> Dataset? {
    let dataset: Dataset
    switch column {
    case .absent: return nil
    case .ifPresent(let path):
      guard try file.hasDataset(path) else { return nil }
      dataset = try file.dataset(path)
    case .required(let path): dataset = try required(path, hint: hint)
    }
    // A matrix of one column is a column.
    guard dataset.shape.count == 1 || (dataset.shape.count == 2 && dataset.shape[1] == 1) else {
      try dataset.checkReadable()
      throw dataset.error(
        .wrongShape,
        "it is a matrix of \(dataset.shape[0]) x \(dataset.shape[1]), but \(role) needs one value "
          + "per row; name a one-dimensional dataset")
    }
    guard dataset.rowCount == rows else {
      throw dataset.error(
        .wrongShape,
        "it has \(dataset.rowCount) rows, but the features have \(rows); "
          + "\(role) needs one value per row")
    }
    return dataset
  }

  private func required(_ path: String, hint: String) throws(HDF5Error) -> Dataset {
    do throws(HDF5Error) {
      return try file.dataset(path)
    } catch {
      guard error.code == .missingDataset, !hint.isEmpty else { throw error }
      throw HDF5Error(
        .missingDataset, file: error.file, dataset: error.dataset, "\(error.reason); \(hint)")
    }
  }

  /// A column of numbers; nil if the table does without.
  func numbers(
    _ column: TableLayout.Column, as role: String, rows: Int, hint: String = ""
  ) throws -> [Double]? {
    try dataset(column, as: role, rows: rows, hint: hint)?.doubles()
  }

  /// Side columns, in the layout's order.
  func rowData(rows: Int) throws -> [(name: String, values: [Double])] {
    try layout.rowData.compactMap { data in
      let hint =
        "row data '\(data.name)' is needed: add it, or name its dataset "
        + "(--row-data \(data.name)=PATH)"
      let values = try numbers(
        data.column, as: "row data '\(data.name)'", rows: rows, hint: hint)
      return values.map { (data.name, $0) }
    }
  }

  /// The part of each row; nil if the table does without.
  func parts(rows: Int) throws -> [Table.Part]? {
    guard let dataset = try dataset(layout.split, as: "the split", rows: rows) else { return nil }
    if case .text = dataset.type {
      let names = ["train": Table.Part.train, "test": .test, "validation": .validation]
      return try parts(of: dataset, dataset.texts()) { names[$0.lowercased()] }
    }
    return try parts(of: dataset, dataset.doubles()) {
      UInt8(exactly: $0).flatMap(Table.Part.init(rawValue:))
    }
  }

  private func parts<Value>(
    of dataset: Dataset, _ values: [Value], _ part: (Value) -> Table.Part?
  ) throws -> [Table.Part] {
    try values.enumerated().map { row, value in
      guard let part = part(value) else {
        throw dataset.error(
          .invalidValue,
          "row \(row): '\(value)' names no part; use 0 for train, 1 for test, 2 for validation")
      }
      return part
    }
  }

  /// The group of each row; nil if the table does without. O(rows log rows).
  func groups(rows: Int) throws -> [Int]? {
    guard let dataset = try dataset(layout.group, as: "the group", rows: rows) else { return nil }
    switch dataset.type {
    case .text: return numbered(try dataset.texts())
    case .float:
      let values = try dataset.doubles()
      if let row = values.firstIndex(where: { !$0.isFinite }) {
        throw dataset.error(
          .invalidValue, "row \(row): the group is \(values[row]); give every row a group")
      }
      let whole = values.compactMap(Int.init(exactly:))
      return whole.count == values.count ? whole : numbered(values)
    default:
      try dataset.checkNumeric(bytesPerValue: MemoryLayout<Int>.size)
      return try dataset.integers()
    }
  }

  private func numbered<Value: Comparable & Hashable>(_ values: [Value]) -> [Int] {
    let sorted = Set(values).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: zip(sorted, 0...))
    return values.map { numbers[$0] ?? 0 }
  }
}
