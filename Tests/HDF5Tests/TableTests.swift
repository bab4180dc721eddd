import OrderedCollections
import Foundation
import HDF5
import Tabular
import Testing

@Suite struct TableTests {
  func labels(
    _ target: String, _ kind: TableLayout.TargetKind = .asMarked
  ) throws -> Table {
    var layout = TableLayout()
    layout.target = .required(target)
    layout.targetKind = kind
    return try Table(contentsOf: fixture("labels.h5"), layout: layout)
  }

  @Test(
    arguments: [
      ("codes", [2, 0, 1, 2, 0, 1], ["0", "1", "2"]),
      ("from_one", [0, 2, 1, 0, 2, 1], ["1", "2", "3"]),
      ("signs", [0, 1, 1, 0, 1, 0], ["-1", "1"]),
      ("booleans", [1, 0, 1, 1, 0, 0], ["false", "true"]),
      ("texts", [1, 2, 0, 1, 0, 2], ["ant", "cat", "dog"]),
      ("fixed_texts", [0, 1, 0, 1, 0, 1], ["no", "yes"]),
      ("named", [0, 2, 0, 2, 0, 2], ["red", "green", "blue"]),
    ] as [(String, [Double], [String])])
  func classesOfEveryForm(target: String, indices: [Double], names: [String]) throws {
    let table = try labels(target)
    #expect(table.target == indices)
    #expect(table.classNames == names)
  }

  @Test func classesOfAModel() throws {
    let table = try labels("texts", .classesNamed(["dog", "cat", "ant", "eel"]))
    #expect(table.target == [1, 0, 2, 1, 2, 0])
    #expect(table.classNames == ["dog", "cat", "ant", "eel"])
    // Codes without names of their own are taken as the model's.
    #expect(try labels("codes", .classesNamed(["a", "b", "c"])).target == [2, 0, 1, 2, 0, 1])
    #expect(try labels("single", .classesNamed(["a", "b"])).target == [0, 0, 0, 0, 0, 0])
    #expect(throws: TabularError.self) { try labels("texts", .classesNamed(["dog", "cat"])) }
  }

  @Test func targetsThatAreNone() throws {
    #expect(hdf5Error { _ = try labels("single") }?.code == .invalidValue)
    #expect(try labels("single", .numbers).target == [Double](repeating: 0, count: 6))
    #expect(hdf5Error { _ = try labels("texts", .numbers) }?.code == .wrongType)
    do {
      _ = try labels("with_nan")
      Issue.record("NaN was taken for a class")
    } catch let error as TabularError {
      #expect(error.row == 2)
    }
    do {
      _ = try labels("infinite", .numbers)
      Issue.record("infinity was taken for a target")
    } catch let error as TabularError {
      #expect(error.row == 2 && error.reason.contains("'infinite' is inf"))
    }
    do {
      _ = try Table(contentsOf: fixture("labels.h5"), features: "size,infinite", target: "codes")
      Issue.record("infinity was taken for a feature")
    } catch let error as TabularError {
      #expect(error.row == 2 && error.reason.contains("'infinite' is infinite"))
    }
    #expect(hdf5Error { _ = try labels("yy") }?.reason.contains("`target`") == true)
  }

  @Test func everyPartOfATable() throws {
    var layout = TableLayout()
    layout.target = .required("numbers")
    layout.targetKind = .numbers
    layout.group = .required("group_texts")
    layout.split = .required("split_texts")
    layout.weight = .required("size")
    layout.time = .required("codes")
    layout.rowData = [
      .init("size"), .init("other", path: "numbers"), .init("no", isRequired: false),
    ]
    let table = try Table(contentsOf: fixture("labels.h5"), layout: layout)
    #expect(table.features == [0, 1, 2, 3, 4, 5])
    #expect(table.featureNames == ["x0"])
    #expect(table.target == [0.25, 1, 2, 3, 4, 5])
    #expect(table.groups == [1, 0, 1, 2, 0, 0])
    #expect(table.parts == [.train, .test, .validation, .train, .train, .test])
    #expect(table.weights == [1, 2, 3, 4, 5, 6])
    #expect(table.times == [2, 0, 1, 2, 0, 1])
    #expect(Array(table.rowData.keys) == ["size", "other"])
    #expect(table.rowData["size"] == [1, 2, 3, 4, 5, 6])
    layout.group = .required("group_floats")
    #expect(
      try Table(contentsOf: fixture("labels.h5"), layout: layout).groups == [1, 0, 1, 2, 2, 2])
  }

  @Test func columnsWithoutRoomAreRefused() throws {
    func error(_ change: (inout TableLayout) -> Void) -> HDF5Error? {
      var layout = TableLayout()
      layout.target = .required("codes")
      change(&layout)
      return hdf5Error { _ = try Table(contentsOf: fixture("labels.h5"), layout: layout) }
    }
    let split = error { $0.split = .required("split_wrong") }
    #expect(split?.code == .invalidValue)
    #expect(split?.reason.hasPrefix("row 3: ") == true)
    #expect(error { $0.group = .required("large") }?.code == .invalidValue)
    #expect(error { $0.features = ["texts"] }?.code == .wrongType)
    #expect(error { $0.features = [] }?.code == .missingDataset)
    let size = error { $0.rowData = [.init("sizes")] }
    #expect(size?.reason.contains("`rowData: sizes`") == true)
    #expect(size?.reason.contains("did you mean 'size'?") == true)
  }

  @Test func shapesThatDoNotFit() throws {
    func error(features: String, target: String?) -> HDF5Error? {
      hdf5Error {
        _ = try Table(contentsOf: fixture("types.h5"), features: features, target: target)
      }
    }
    #expect(error(features: "cube", target: nil)?.code == .wrongShape)
    #expect(error(features: "scalar", target: nil)?.code == .wrongShape)
    #expect(error(features: "no_rows", target: nil)?.reason.contains("no rows") == true)
    #expect(error(features: "no_columns", target: nil)?.reason.contains("no columns") == true)
    #expect(error(features: "nothing", target: nil)?.reason.contains("no rows") == true)
    #expect(error(features: "column", target: "wide")?.code == .wrongShape)
    #expect(error(features: "column", target: "boolean")?.reason.contains("3 rows") == true)
    #expect(error(features: "boolean,column", target: nil)?.code == .wrongShape)
    #expect(try Table(contentsOf: fixture("types.h5"), features: "wide", target: nil).rowCount == 1)
  }

  @Test func featuresFromColumnsAndFields() throws {
    let path = fixture("types.h5")
    let table = try Table(
      contentsOf: path, features: "records/temperature, boolean, records/load", target: "records/y")
    #expect(table.features == [1.5, 1, 10, 2.5, 0, 20, 3.5, 1, 30])
    #expect(table.featureNames == ["temperature", "boolean", "load"])
    #expect(table.target == [3, 4, 5])
    // A whole dataset of records gives its numeric fields but the target.
    let records = try Table(contentsOf: path, features: "records", target: "records/y")
    #expect(records.featureNames == ["temperature", "load", "on"])
    #expect(records.features == [1.5, 10, 1, 2.5, 20, 0, 3.5, 30, 1])
    let both = try Table(contentsOf: fixture("layouts.h5"), features: "tiles,columns", target: nil)
    #expect(both.columnCount == 20)
    #expect(Array(both.features(ofRow: 22)) == (220..<230).map(Float.init) * 2)
  }

  @Test func aTableIsWrittenAndReadBack() throws {
    try withFolder { folder in
      let table = try Table(
        features: [1, .nan, 3, 4, 5, 6], featureNames: ["a", "ü b"], target: [0.1, 2, 3],
        weights: [1, 0.5, 0], groups: [3, 3, -1], times: [1, 2, 4],
        parts: [.train, .validation, .test], rowData: ["size": [2, 3, 5e6]])
      let path = "\(folder)/fleet.h5"
      try table.write(toHDF5: path, task: .regression, origin: "test", licence: "none")
      let copy = try Table(contentsOf: path, target: "y", weight: "weight", rowData: ["size"])
      #expect(copy.features.map(\.bitPattern) == table.features.map(\.bitPattern))
      #expect(copy.featureNames == table.featureNames)
      #expect(copy.target == table.target && copy.weights == table.weights)
      #expect(copy.groups == table.groups && copy.times == table.times)
      #expect(copy.parts == table.parts && copy.rowData == table.rowData)
      let file = try File(readingFrom: path)
      #expect(file.task == .regression && file.text("licence") == "none")
      #expect(try file.datasetPaths() == ["X", "group", "size", "split", "time", "weight", "y"])
    }
  }

  @Test func bundledDataSets() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Datasets").standardized.path
    // Rows, columns and classes as scikit-learn's documentation states them.
    let known: [(String, Int, Int, Int?)] = [
      ("iris", 150, 4, 3), ("wine", 178, 13, 3), ("breast-cancer", 569, 30, 2),
      ("digits", 1797, 64, 10), ("diabetes", 442, 10, nil),
    ]
    for (name, rows, columns, classes) in known {
      let table = try Table(contentsOf: "\(folder)/\(name).h5")
      #expect(table.rowCount == rows && table.columnCount == columns)
      #expect(table.classNames?.count == classes)
      let parts = try table.splitRows(by: .column)
      #expect(abs(parts.test.count * 5 - rows) <= 5 * (classes ?? 1))
    }
  }
}

/// The elements of `values`, `times` times over.
private func * <Element>(values: [Element], times: Int) -> [Element] {
  (0..<times).flatMap { _ in values }
}
