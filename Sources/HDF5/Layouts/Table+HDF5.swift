import Foundation
public import Tabular

extension Table {
  /// The table in the HDF5 file at `path`.
  ///
  ///     let fleet = try Table(contentsOf: "fleet.h5", target: "y", rowData: ["size"])
  ///
  /// What the reader had to decide is in ``Table/notes``.
  ///
  /// - Warning: A file made to do harm can crash libhdf5, and the process with it: see ``File``.
  ///
  /// - Parameters:
  ///   - features: the path of a `[rows x features]` dataset, or several columns, comma-separated.
  ///   - target: the target's path; nil for a table that is only predicted.
  ///   - weight: the weights' path.
  ///   - group, split, time: their paths; nil takes a dataset of that name if there is one.
  ///   - rowData: names of side columns, each looked up by its own name.
  ///   - featureShifts: how columns are shifted, as a model that is to predict the table keeps it
  ///     (`model.header.featureShifts`); nil to decide by the values.
  /// - Throws: `HDF5Error` for the file, `TabularError` for its values.
  public init(
    contentsOf path: String, features: String = "X", target: String? = "y",
    weight: String? = nil, group: String? = nil, split: String? = nil, time: String? = nil,
    rowData: [String] = [], featureShifts: [String: FeatureShift]? = nil
  ) throws {
    var layout = TableLayout()
    layout.setFeatures(features)
    layout.target = TableLayout.Column(target, otherwise: .absent)
    layout.weight = TableLayout.Column(weight, otherwise: .absent)
    layout.group = TableLayout.Column(group, otherwise: layout.group)
    layout.split = TableLayout.Column(split, otherwise: layout.split)
    layout.time = TableLayout.Column(time, otherwise: layout.time)
    layout.rowData = rowData.map { TableLayout.RowData($0) }
    layout.featureShifts = featureShifts
    try self.init(contentsOf: path, layout: layout)
  }

  /// The table in the HDF5 file at `path`, its parts found by `layout`.
  ///
  /// Features go slab by slab straight into the table's storage: beside it, less than 64 MiB are
  /// needed unless a single chunk of the file is larger, and 8 bytes for each row of a column of
  /// numbers that Float32 cannot tell apart.
  ///
  /// - Warning: A file made to do harm can crash libhdf5, and the process with it: see ``File``.
  /// - Throws: `HDF5Error` for the file, `TabularError` for its values.
  public init(contentsOf path: String, layout: TableLayout) throws {
    let reader = TableReader(file: try File(readingFrom: path), layout: layout)
    let features = try reader.features()
    let rows = features.rows
    let (target, classNames) = try reader.target(rows: rows)
    let weights = try reader.numbers(
      layout.weight, as: "the weight", rows: rows, option: "weight")
    let groups = try reader.groups(rows: rows)
    let times = try reader.times(rows: rows)
    let parts = try reader.parts(rows: rows)
    let rowData = try reader.rowData(rows: rows)
    try self.init(
      features: features.values, featureNames: features.names, target: target, weights: weights,
      groups: groups, times: times, parts: parts, classNames: classNames, source: path,
      rowCount: rows, featureShifts: features.shifts, notes: reader.notes)
    for (name, values) in rowData { self = try withRowData(name, values) }
  }
}
