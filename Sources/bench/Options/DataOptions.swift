import Wording
import ArgumentParser
import Foundation
import HDF5
import Harness
import Losses
import Tabular

/// Where data comes from.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A bundled dataset; see 'bench datasets'. (default: pv-fleet)", valueName: "name"))
  var dataset: String?

  @Option(
    name: .customLong("data"),
    help: ArgumentHelp("A file of your own; repeatable in compare.", valueName: "file.h5"))
  var files: [String] = []

  @Option(
    help: ArgumentHelp(
      "The features: a matrix, or columns separated by commas.", valueName: "path"))
  var features = "X"

  @Option(help: ArgumentHelp("The target column.", valueName: "path"))
  var target = "y"

  @Option(help: ArgumentHelp("The column of row weights. (default: none)", valueName: "path"))
  var weight: String?

  @Option(
    help: ArgumentHelp(
      "The column of groups; none for none. (default: group, if there)", valueName: "path"))
  var group: String?

  @Option(
    name: .customLong("split"),
    help: ArgumentHelp(
      "The column of parts: train, test, validation, or 0, 1, 2; none for none. "
        + "(default: split, if there)",
      valueName: "path"))
  var parts: String?

  @Option(
    help: ArgumentHelp(
      "The column of times: numbers or dates; none for none. (default: time, if there)",
      valueName: "path"))
  var time: String?

  @Option(
    name: .customLong("row-data"),
    help: ArgumentHelp(
      "Where an objective's side column is, as size=capacity; repeatable. "
        + "(default: its own name)", valueName: "name=path"))
  var rowData: [String] = []

  func validate() throws {
    if dataset != nil, !files.isEmpty {
      throw ValidationError("--dataset and --data exclude each other; name one of them")
    }
    if files.contains("") { throw ValidationError("--data is empty; name a file") }
    for pair in rowData where DataOptions.parsed(pair) == nil {
      throw ValidationError("--row-data is '\(pair)'; write it as NAME=PATH, as in size=capacity")
    }
  }

  private static func parsed(_ pair: String) -> (name: String, path: String)? {
    let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
    return parts.count == 2 ? (parts[0], parts[1]) : nil
  }

  /// The file or files named, or the bundled dataset.
  ///
  /// - Throws: ``Failure`` if there is no bundled dataset of that name.
  func sources() throws -> [DataSource] {
    if files.isEmpty {
      let name = dataset ?? "pv-fleet"
      return [try DataSource(name: name, path: BundledDatasets().path(of: name), options: self)]
    }
    return try files.map { path in
      let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
      return try DataSource(name: name, path: path, options: self)
    }
  }

  /// The only source of a command that takes one.
  func source() throws -> DataSource {
    guard files.count <= 1 else {
      throw ValidationError("--data is given \(files.count) times; this command takes one file")
    }
    return try sources()[0]
  }

  /// Reads a source's table for some objectives. What is worth knowing of the options is said to
  /// `note`.
  ///
  /// The target is read as classes if an objective is over classes, as numbers if all are over
  /// numbers, and as the file marks it if none is named. Row data the objectives and metrics need
  /// must be there; `size` is read wherever it is.
  ///
  /// - Parameter needsTimes: whether the rows are to be divided by time.
  /// - Throws: `HDF5Error` or `TabularError`; `ValidationError` for misspelt row data.
  func table(
    _ source: DataSource, objectives: [ObjectiveChoice], rowDataNames: [String] = [],
    needsTimes: Bool = false, note: (String) -> Void
  ) throws -> Table {
    var layout = layout()
    layout.needsTimes = needsTimes
    layout.target = .required(target)
    if !objectives.isEmpty {
      layout.targetKind =
        objectives.contains(where: \.isOverClasses) ? .classes : .numbers
    }
    let required = objectives.flatMap(\.rowDataNames) + rowDataNames
    let optional = ["size"] + objectives.flatMap(\.rowDataNamesOfMoreClasses)
    try checkRowData(readBy: "objective or metric", required + optional, note)
    addRowData(required, optional: optional, to: &layout)
    let table = try read(source, layout, note)
    try noteUnread(source, rows: table.rowCount, objectives, required, note)
    return table
  }

  /// Says which columns with a usual meaning nothing reads.
  private func noteUnread(
    _ source: DataSource, rows: Int, _ objectives: [ObjectiveChoice], _ read: [String],
    _ note: (String) -> Void
  ) throws {
    let named =
      features.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } + read
      + rowData.compactMap(DataOptions.parsed).map(\.path)
    func isIdle(_ name: String) throws -> Bool {
      guard !named.contains(name), target != name else { return false }
      return try UntrustedFile.reading(source.path) {
        let dataset = try? File(readingFrom: source.path).dataset(name)
        return dataset?.type.isNumeric == true && dataset?.rowCount == rows
      }
    }
    if weight == nil, try isIdle("weight") {
      note(
        "note: \(source.path): the column 'weight' is not used; --weight weight weighs the rows by it, "
          + "--weight none says that it is no weight")
    }
    let able = objectives.filter(\.canReadExposure)
    if let choice = able.first, try isIdle("exposure") {
      note(
        "note: \(source.path): the column 'exposure' is not used; --objective "
          + "'\(choice.textWithExposure)' counts per unit of it")
    }
  }

  /// Reads a table and says what its reader had to decide.
  private func read(
    _ source: DataSource, _ layout: TableLayout, _ note: (String) -> Void
  ) throws -> Table {
    let table = try UntrustedFile.reading(source.path) {
      try MemoryNeeds(of: source.path, features: features)?.check(
        copies: layout.target == .absent ? 1 : 2)
      return try Table(contentsOf: source.path, layout: layout)
    }
    for sentence in table.notes { note("note: \(source.path): \(sentence)") }
    return table
  }

  /// Row data that nothing reads: a misspelt name is refused, any other noted.
  ///
  /// - Throws: `ValidationError` with the name that was meant.
  private func checkRowData(
    readBy reader: String, _ known: [String], _ note: (String) -> Void
  ) throws {
    let given = rowData.compactMap(DataOptions.parsed).map(\.name)
    // A name that is given anyway is not what another was meant to be.
    let missing = known.filter { !given.contains($0) }
    for name in given where !known.contains(name) {
      if let meant = Spelling.nearest(to: name, in: missing) {
        throw ValidationError(
          "no \(reader) reads row data '\(name)' of --row-data; did you mean '\(meant)'?")
      }
      note("note: no \(reader) reads row data '\(name)' of --row-data")
    }
  }

  /// Reads a table to predict: features, shifted as the model's were, and the row data it needs.
  func unlabelledTable(
    _ source: DataSource, rowDataNames: [String], featureShifts: [String: FeatureShift],
    note: (String) -> Void
  ) throws -> Table {
    try checkRowData(readBy: "part of the model", rowDataNames, note)
    var layout = layout()
    layout.target = .absent
    layout.weight = .absent
    layout.group = .absent
    layout.split = .absent
    layout.time = .absent
    layout.featureShifts = featureShifts
    addRowData(rowDataNames, optional: [], to: &layout)
    return try read(source, layout, note)
  }

  /// Where row data of a name lies.
  func path(ofRowData name: String) -> String {
    rowData.compactMap(DataOptions.parsed).first { $0.name == name }?.path ?? name
  }

  private func layout() -> TableLayout {
    var layout = TableLayout()
    layout.setFeatures(features)
    layout.weight = column(weight, otherwise: .absent)
    layout.group = column(group, otherwise: layout.group)
    layout.split = column(parts, otherwise: layout.split)
    layout.time = column(time, otherwise: layout.time)
    return layout
  }

  /// The column of an option; `none` is no column.
  private func column(
    _ path: String?, otherwise fallback: TableLayout.Column
  ) -> TableLayout.Column {
    path == "none" || path == "" ? .absent : .init(path, otherwise: fallback)
  }

  private func addRowData(
    _ required: [String], optional: [String], to layout: inout TableLayout
  ) {
    let named = rowData.compactMap(DataOptions.parsed)
    func add(_ name: String, path: String?, isRequired: Bool) {
      guard !layout.rowData.contains(where: { $0.name == name }) else { return }
      layout.rowData.append(.init(name, path: path, isRequired: isRequired))
    }
    for (name, path) in named { add(name, path: path, isRequired: true) }
    for name in required { add(name, path: nil, isRequired: true) }
    for name in optional { add(name, path: nil, isRequired: false) }
  }
}

/// A data file, and what it says of itself.
struct DataSource {
  /// The name for reports: the file's, without its ending.
  let name: String
  /// The file.
  let path: String
  /// The target's name.
  let targetName: String
  /// The target's unit, from its attribute `unit`.
  let targetUnit: String?
  /// The unit of `size`, from its attribute `unit`.
  let sizeUnit: String?
  /// What times are counted in, from the attribute `unit` of the column of times.
  let timeUnit: String?
  /// What a group is, from the attribute `name` of the group column.
  let groupName: String
  /// The column of row weights.
  let weightName: String

  /// Opens the file for a moment.
  ///
  /// - Throws: `HDF5Error` if it is not there or not HDF5.
  init(name: String, path: String, options: DataOptions) throws {
    self.name = name
    self.path = path
    targetName = options.target
    weightName = options.weight ?? "weight"
    (targetUnit, sizeUnit, timeUnit, groupName) = try UntrustedFile.reading(path) {
      let file = try File(readingFrom: path)
      func text(_ attribute: String, of dataset: String) -> String? {
        guard let value = try? file.dataset(dataset).attribute(attribute),
          case .text(let text) = value
        else { return nil }
        return text
      }
      // Ours is `unit`, that of CF and NetCDF `units`.
      func unit(of dataset: String) -> String? {
        text("unit", of: dataset) ?? text("units", of: dataset)
      }
      func hasTexts(_ dataset: String) -> Bool {
        guard case .text = try? file.dataset(dataset).type else { return false }
        return true
      }
      return (
        unit(of: options.target), unit(of: options.path(ofRowData: "size")),
        hasTexts(options.time ?? "time")
          ? SplitFacts.unixSeconds : unit(of: options.time ?? "time"),
        text("name", of: options.group ?? "group") ?? "group"
      )
    }
  }
}
