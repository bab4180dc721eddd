import OrderedCollections
import HDF5
import Tabular

extension PhotovoltaicFleet {
  /// Writes the fleet's table in the convention of bundled files, with the meaning of each column
  /// and the command that makes it again.
  ///
  /// - Throws: `FileReplacementError` or `HDF5Error` if the file cannot be written.
  func write(_ table: Table, to path: String) throws {
    let storage = FileWriter.Storage.compressed(level: 9)
    try File.write(to: path) { file in
      try file.write(
        "X", table.features, shape: [table.rowCount, table.columnCount], storage: storage)
      try file.setAttribute("feature_names", .texts(table.featureNames), of: "X")
      try file.setAttribute("feature_meanings", .texts(Self.columns.map(\.meaning)), of: "X")

      try file.write("y", (table.target ?? []).map { Float($0) }, storage: storage)
      try file.setAttribute("name", .text("yield"), of: "y")
      try file.setAttribute("unit", .text("kWh"), of: "y")

      try file.write("size", (table.rowData["size"] ?? []).map { Float($0) }, storage: storage)
      try file.setAttribute("name", .text("rated power"), of: "size")
      try file.setAttribute("unit", .text("kWp"), of: "size")

      try file.write("group", (table.groups ?? []).map { Int32($0) }, storage: storage)
      try file.setAttribute("name", .text("system"), of: "group")

      try file.write("time", (table.times ?? []).map { Int32($0) }, storage: storage)
      try file.setAttribute("unit", .text("hours since 1 July, 0:00"), of: "time")

      try file.write("split", (table.parts ?? []).map(\.rawValue), storage: storage)

      try file.setAttribute("task", .text("regression"))
      try file.setAttribute("source", .text("bench synth pv \(options)"))
      try file.setAttribute("licence", .text("Apache-2.0"))
    }
  }

  /// The options that make the fleet again.
  private var options: String {
    "--systems \(systems) --days \(calendar.days) --every \(interval) --seed \(seed)"
  }
}
