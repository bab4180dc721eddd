import OrderedCollections
public import Tabular

extension Table {
  /// Writes the table to an HDF5 file in the convention that `Table(contentsOf:)` reads: `X`, `y`,
  /// `weight`, `group`, `time`, `split` and each row data column by its name.
  ///
  /// - Throws: `FileReplacementError` or `HDF5Error` if the file cannot be written; then the old
  ///   file, or none, is left.
  public func write(
    toHDF5 path: String, task: File.Task, origin: String? = nil, licence: String? = nil,
    note: String? = nil, storage: FileWriter.Storage = .compressed(level: 4)
  ) throws {
    try File.write(to: path) { file in
      let shape = [rowCount, columnCount]
      if featureShifts.isEmpty {
        try file.write("X", features, shape: shape, storage: storage)
      } else {
        let shifts = featureNames.map { featureShifts[$0] }
        let values = features.enumerated().map { place, value in
          shifts[place % columnCount]?.value(of: value) ?? Double(value)
        }
        try file.write("X", values, shape: shape, storage: storage)
      }
      try file.setAttribute("feature_names", .texts(featureNames), of: "X")
      if let target {
        if let classNames {
          try file.write("y", target.map { Int32($0) }, storage: storage)
          try file.setAttribute("class_names", .texts(classNames), of: "y")
        } else if target.allSatisfy({ Double(Float($0)) == $0 }) {
          // Exact in half the bytes.
          try file.write("y", target.map { Float($0) }, storage: storage)
        } else {
          try file.write("y", target, storage: storage)
        }
      }
      if let weights { try file.write("weight", weights, storage: storage) }
      if let groups { try file.write("group", groups.map { Int64($0) }, storage: storage) }
      if let times { try file.write("time", times, storage: storage) }
      if let parts { try file.write("split", parts.map(\.rawValue), storage: storage) }
      for (name, values) in rowData { try file.write(name, values, storage: storage) }
      try file.setAttribute("task", .text(task.rawValue))
      if let origin { try file.setAttribute("source", .text(origin)) }
      if let licence { try file.setAttribute("licence", .text(licence)) }
      if let note { try file.setAttribute("note", .text(note)) }
    }
  }
}
