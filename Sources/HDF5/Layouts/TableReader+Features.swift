import Foundation
import Tabular

extension TableReader {
  /// The feature matrix, row-major, and what belongs to its columns.
  struct Features {
    var values: [Float]
    var names: [String]
    var rows: Int
    var shifts: [String: FeatureShift]
  }

  /// The feature matrix. NaN is a missing value; infinite values are refused, since no
  /// standardisation survives them.
  func features() throws -> Features {
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
            + "features need the same number of rows" + turnedHint(source, rows: rows))
      }
    }
    guard rows > 0 else {
      throw sources[0].error(.wrongShape, "it has no rows; a table needs at least one")
    }
    let columns = sources.reduce(0) { $0 + $1.width }
    guard columns > 0 else {
      throw sources[0].error(.wrongShape, "it has no columns; a table needs at least one feature")
    }
    try checkTarget(isNotAmong: sources)
    try checkAxes(of: sources[0], rows: rows)
    // Each source fits by itself; a table of many may not.
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard !overflow, count <= Int(ProcessInfo.processInfo.physicalMemory) / 4 else {
      throw sources[0].error(
        .refused,
        "\(rows) rows of \(columns) features need more memory than this machine has; use fewer")
    }
    let names = try featureNames(sources)
    var matrix = FeatureMatrix(rows: rows, names: names)
    try matrix.fill(from: sources, shifts: layout.featureShifts)
    try blankMissing(in: &matrix, sources)
    noteDecisions(of: matrix, sources)
    try noteWideNumbers(sources)
    if let place = matrix.values.firstIndex(where: { $0.isInfinite }) {
      throw TabularError(
        source: file.path, row: place / columns,
        "the feature '\(names[place % columns])' is infinite as Float32; use NaN for a missing "
          + "value, or a number below 3.4e38")
    }
    return Features(values: matrix.values, names: names, rows: rows, shifts: matrix.shifts)
  }

  /// Tells of whole numbers that are rounded before anything can be subtracted from them.
  private func noteWideNumbers(_ sources: [Dataset]) throws {
    for source in sources {
      guard case .integer(bytes: 8, signed: false, _) = source.type, try Packing(source) == nil
      else { continue }
      noteRounding(try source.doubles(), of: source)
    }
  }

  /// Refuses a target that is a feature too, whatever path or link leads to it: the model would
  /// learn to copy it.
  private func checkTarget(isNotAmong sources: [Dataset]) throws {
    let path: String
    switch layout.target {
    case .absent: return
    case .ifPresent(let named), .required(let named): path = try place(of: named)
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

  /// Refuses a matrix of MATLAB's whose axes are exchanged, before the target is said to be wrong.
  private func checkAxes(of source: Dataset, rows: Int) throws {
    guard source.shape.count == 2, isFromMatlab(source), case .required(let path) = layout.target,
      try file.hasDataset(path)
    else { return }
    let target = try file.dataset(path)
    let length = target.shape.reduce(1, *)
    guard target.shape.count <= 2, length != rows, length == source.shape[1] else { return }
    throw source.error(
      .wrongShape,
      "it has \(rows) rows, but '\(path)' has \(length) values: \(TableReader.matlab)")
  }

  /// The dataset at `path`; of a dataset of records, every numeric field not used elsewhere.
  private func featureSources(_ path: String) throws -> [Dataset] {
    let path = try place(of: path)
    let dataset = try file.dataset(path)
    guard dataset.fieldName == nil, case .compound(let fields) = dataset.type else {
      return [dataset]
    }
    let used = try usedFields(of: path)
    let index = try indexField(of: dataset, fields)
    let candidates = fields.filter { !used.contains($0.name) && $0.name != index }
    let sources = candidates.filter { $0.type.numberCount > 0 }
      .compactMap { dataset.field($0.name, path: "\(path)/\($0.name)") }
    let others = candidates.filter { $0.type.numberCount == 0 }
    guard !sources.isEmpty else {
      throw dataset.error(.wrongType, "none of its fields holds numbers; name other features")
    }
    if !others.isEmpty {
      let words = others.prefix(8).map { "'\($0.name)' (\($0.type))" }.joined(separator: ", ")
      note(
        "fields of '\(path)' that hold no numbers are left out of the features: \(words)"
          + (others.count > 8 ? " and \(others.count - 8) more" : ""))
    }
    let usual = sources.compactMap(\.fieldName).filter {
      ["group", "split", "time", "weight"].contains($0)
    }
    note(
      columns: usual,
      one: "of '\(path)' is taken for a feature; `\(usual.first ?? ""): \(path)/"
        + "\(usual.first ?? "")` gives it its usual meaning",
      several: "of '\(path)' are taken for features; `\(usual.first ?? ""): \(path)/"
        + "\(usual.first ?? "")` and so on give them their usual meaning")
    if let index {
      note(
        "'\(path)/\(index)', the index of a pandas table, is left out of the features: it numbers "
          + "the rows; `features: \(path)/\(index),...` takes it in")
    }
    return sources
  }

  /// The names of the fields of the records at `path` that other parts of the table are read from.
  private func usedFields(of path: String) throws -> Set<String> {
    let prefix = File.components(path)
    let others: [TableLayout.Column] =
      [layout.target, layout.weight, layout.group, layout.split, layout.time]
      + layout.rowData.map(\.column)
    return Set(
      others.compactMap { column in
        switch column {
        case .absent: return nil
        case .ifPresent(let path), .required(let path):
          let components = File.components(path)
          return components.dropLast() == prefix[...] ? components.last : nil
        }
      })
  }

  /// The field that is the index of a pandas table: by that name, and either written by pandas or
  /// counting the rows.
  private func indexField(of dataset: Dataset, _ fields: [ValueType.Field]) throws -> String? {
    guard let field = fields.first(where: { $0.name == "index" }), fields.count > 1,
      field.type.numberCount == 1
    else { return nil }
    if try dataset.attribute("index_kind") != nil { return field.name }
    let group = File.components(dataset.path).dropLast().joined(separator: "/")
    if try !group.isEmpty && file.hasGroupAttribute("pandas_type", of: group) { return field.name }
    guard case .integer = field.type, let values = try dataset.field(field.name)?.integers(),
      let first = values.first
    else { return nil }
    let counts = values.enumerated().allSatisfy { $0.element &- first == $0.offset }
    return counts && values.count > 1 ? field.name : nil
  }

  private func featureNames(_ sources: [Dataset]) throws -> [String] {
    var names: [String] = []
    for source in sources {
      let own = source.fieldName ?? File.components(source.path).last ?? source.path
      if source.width == 1, source.shape.count == 1 {
        names.append(try blockNames(of: source)?.first ?? own)
      } else if let columns = try blockNames(of: source) {
        names += columns
      } else if source.fieldName == nil, let given = try source.texts(ofAttribute: "feature_names")
      {
        guard given.count == source.width else {
          throw source.error(
            .wrongShape,
            "its attribute 'feature_names' has \(given.count) names for \(source.width) columns; "
              + "give one name per column")
        }
        names += given
      } else if sources.count == 1, source.fieldName == nil {
        names += (0..<source.width).map { "x\($0)" }
      } else {
        let stem = source.fieldName ?? source.path
        names += (0..<source.width).map { "\(stem)_\($0)" }
      }
    }
    return names
  }

  /// The names of the columns in a field of a pandas table, as many as it has values.
  private func blockNames(of source: Dataset) throws -> [String]? {
    guard let field = source.fieldName,
      let names = try PandasBlocks.columns(of: field, in: source), names.count == source.width
    else { return nil }
    return names
  }
}
