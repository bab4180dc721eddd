import OrderedCollections
import Foundation
import Tabular
import Testing

@testable import HDF5

/// Honest files that are not as simple as they look. Values are those that
/// Scripts/make_hdf5_fixtures.py writes in `odd`, decoded by hand.
@Suite struct OddTableTests {
  private let path = fixture("odd.h5")

  /// The table of `odd.h5` with a layout without time.
  private func table(_ change: (inout TableLayout) -> Void = { _ in }) throws -> Table {
    var layout = TableLayout()
    layout.time = .absent
    change(&layout)
    return try Table(contentsOf: path, layout: layout)
  }

  private func reason(_ change: (inout TableLayout) -> Void) -> String {
    do {
      _ = try table(change)
      return ""
    } catch {
      return "\(error)"
    }
  }

  private func expect(_ values: [Float], _ expected: [Float]) {
    #expect(values.count == expected.count)
    for (value, wanted) in zip(values, expected) {
      #expect(value == wanted || (value.isNaN && wanted.isNaN), "\(values)")
    }
  }

  // MARK: Targets

  @Test func numbersWithFractionsAreNoClasses() throws {
    let soft = try table {
      $0.target = .required("soft")
      $0.targetKind = .classes
    }
    #expect(soft.target == [0.2, 0.4, 0.2, 0.4, 1, 0] && soft.classNames == nil)
    let whole = try table {
      $0.target = .required("whole_floats")
      $0.targetKind = .classes
    }
    #expect(whole.target == [2, 0, 2, 0, 1, 1] && whole.classNames == ["1", "2", "3"])
  }

  @Test func codesOfCategories() throws {
    for target in ["kind/codes", "kind"] {
      let table = try table { $0.target = .required(target) }
      #expect(table.target == [2, 0, 1, 2, 0, 1] && table.classNames == ["x", "y", "z"])
    }
    let missing = reason { $0.target = .required("gaps") }
    #expect(missing.contains("row 2: the target 'gaps/codes' has the code -1"), "\(missing)")
    #expect(reason { $0.group = .required("gaps/codes") }.contains("row 2: the code is -1"))
  }

  @Test func labelsThatMayMeanNone() throws {
    let minus = try table {
      $0.target = .required("minus")
      $0.targetKind = .classes
    }
    #expect(minus.classNames == ["-1", "0", "1", "2"])
    #expect(minus.notes.contains { $0.contains("-1 is one of the 4 classes") }, "\(minus.notes)")
    let blank = try table { $0.target = .required("blank") }
    #expect(blank.notes.contains { $0.contains("'' is one of the classes") }, "\(blank.notes)")
  }

  @Test(arguments: ["latin1", "latin1_vlen"])
  func bytesThatAreNotUTF8StayApart(target: String) throws {
    let table = try table { $0.target = .required(target) }
    #expect(table.classNames == ["cafè", "café", "tea"])
    #expect(table.target == [1, 0, 1, 2, 2, 0])
    #expect(table.notes.contains { $0.contains("'\(target)' is not UTF-8") })
  }

  @Test func bytesWithinTextStayApart() throws {
    // 'a', 'a\0b', 'a\0c' and 'a ' are four texts; zeros at the end are padding.
    let table = try table { $0.target = .required("inner_zeros") }
    #expect(table.classNames?.count == 4)
    #expect(
      table.target?.map { $0 == table.target?[0] } == [true, false, false, false, true, false])
  }

  @Test func namesThatAreNotUTF8StayApart() throws {
    let drinks = try table { $0.target = .required("drinks") }
    #expect(drinks.classNames == ["café", "cafè"] && drinks.target == [0, 1, 0, 1, 0, 1])
    // The library would leave such a field as memory was, without an error.
    let cups = reason { $0.features = ["cups"] }
    #expect(cups.contains("'café' is not UTF-8; rename the field"), "\(cups)")
    let twice = reason {
      $0.target = .required("twice")
      $0.targetKind = .classes
    }
    #expect(twice.contains("'class_names' hold 'a' twice"), "\(twice)")
  }

  @Test func oneTextInTwoFormsOfUnicode() throws {
    let table = try table { $0.target = .required("forms") }
    #expect(table.classNames?.count == 3 && table.target?[0] == table.target?[1])
    #expect(table.notes.contains { $0.contains("two forms of Unicode") })
  }

  @Test func matricesAreNoTargets() {
    #expect(reason { $0.target = .required("onehot") }.contains("y.argmax(axis=1)"))
    let turned = reason {
      $0.features = ["turned"]
      $0.target = .required("y")
    }
    #expect(turned.contains("axes seem to be exchanged"), "\(turned)")
    let matlab = reason {
      $0.features = ["matlab/X"]
      $0.target = .required("matlab/y")
    }
    #expect(matlab.contains("axes are reversed in HDF5") && matlab.contains("X = X.'"))
  }

  @Test func targetsThatWereNotSaidToBeClasses() throws {
    func notes(task: String?, _ targets: [Int32]) throws -> [String] {
      try withFolder { folder in
        try File.write(to: "\(folder)/a.h5") { file in
          try file.write("X", targets.indices.map { Float($0) })
          try file.write("y", targets)
          if let task { try file.setAttribute("task", .text(task)) }
        }
        return try Table(contentsOf: "\(folder)/a.h5").notes
      }
    }
    let labels = (0..<30).map { Int32($0 % 3) }
    #expect(
      try notes(task: nil, labels).contains { $0.contains("0 to 2 and is taken for a number") })
    #expect(try notes(task: "regression", labels).isEmpty)
    #expect(try notes(task: nil, labels.map { $0 * 2 }).isEmpty)
    let unknown = try notes(task: "classification", labels)
    #expect(unknown.contains { $0.contains("task 'classification' is not known") })
    // labels.h5 is marked as of several classes.
    let fractions = try Table(contentsOf: fixture("labels.h5"), target: "fractions")
    #expect(fractions.classNames == nil)
    #expect(fractions.notes.contains { $0.contains("fractions, such as 0.5") })
  }

  // MARK: Features

  @Test func packedNumbers() throws {
    let table = try table { $0.features = ["packed/short", "packed/unsigned", "packed/real"] }
    func column(_ index: Int) -> [Float] { (0..<6).map { table.features[$0 * 3 + index] } }
    // stored * 0.5 + 100; -32767 is the fill value.
    expect(column(0), [100, 105, .nan, 102.5, 103.5, 90])
    // -1 is 255, which is missing; -128 is 128.
    expect(column(1), [0, 1, .nan, 254, 127, 128])
    // Not whole, so not packed: only the fill values go.
    expect(column(2), [0, 1, .nan, 2, .nan, 3])
    #expect(table.notes.contains { $0.contains("'short' is decoded as stored * 0.5 + 100.0") })
    #expect(table.notes.contains { $0.contains("'real' has a scale_factor") })
    #expect(try File(readingFrom: path).dataset("packed/short").floats()[0] == 0)
    #expect(Packing.plural("is decoded") == "are decoded")
    #expect(Packing.plural("has an offset") == "have an offset")
  }

  @Test func packedTargetsAndSideColumns() throws {
    let refusal = reason { $0.target = .required("packed/short") }
    #expect(refusal.contains("row 2: the target 'packed/short' is missing"), "\(refusal)")
    let table = try table {
      $0.rowData = [.init("size", path: "packed/unsigned")]
      $0.time = .required("packed/short")
    }
    #expect(table.rowData["size"]?[3] == 254 && table.times?[5] == 90)
  }

  @Test func wholeNumbersBeyondFloatAreShifted() throws {
    // As Float32 the six hours are one number: its steps are 128 apart there.
    let table = try table { $0.features = ["hours", "stamps", "X"] }
    let plain = (0..<6).map { Float(2_024_010_100 + $0) }
    #expect(Set(plain).count == 1)
    #expect(
      table.featureShifts == [
        "hours": .whole(offset: 2_024_010_103, step: 1),
        "stamps": .whole(offset: 1_700_000_003_000_000_000, step: 1_000_000_000),
      ])
    for column in 0..<2 {
      let shifted: [Float] = (0..<6).map { table.features[$0 * 3 + column] }
      #expect(shifted == [-3, -2, -1, 0, 1, 2])
    }
    let note = try #require(table.notes.first { $0.contains("'hours'") })
    #expect(note.contains("6 different values, of which 32-bit features hold 1"), "\(note)")
    // A part of the rows keeps the shift, and another file takes it when told to.
    #expect(table.subset([5]).featureShifts == table.featureShifts)
    let again = try self.table {
      $0.features = ["hours", "X"]
      $0.featureShifts = ["hours": .whole(offset: 2_024_010_000, step: 10)]
    }
    #expect(again.features[0] == 10)
    #expect(again.features[2] == Float(101) / 10)
  }

  @Test func numbersWithFractionsBeyondFloatAreShifted() throws {
    let table = try table { $0.features = ["seconds"] }
    #expect(table.featureShifts == ["seconds": .real(offset: 1.7e9 + 0.75)])
    #expect(table.features == [-0.75, -0.5, -0.25, 0, 0.25, 0.5])
  }

  @Test func whatNoShiftKeepsIsSaid() throws {
    let table = try table { $0.features = ["spread"] }
    #expect(table.notes.contains { $0.contains("'spread' has 6 different values") })
    let missing = try self.table { $0.features = ["stamps_missing"] }
    #expect(missing.features[0].isNaN && !missing.features[1].isNaN)
    #expect(Set(missing.features.dropFirst()).count == 5)
    #expect(missing.notes.contains { $0.contains("NaT") })
  }

  @Test func shiftedTablesAreWrittenWithTheirNumbers() throws {
    let table = try table { $0.features = ["hours"] }
    try withFolder { folder in
      try table.write(toHDF5: "\(folder)/hours.h5", task: .regression)
      let values = try File(readingFrom: "\(folder)/hours.h5").dataset("X").doubles()
      let expected = (0..<6).map { 2_024_010_100 + Double($0) }
      #expect(values == expected)
    }
  }

  @Test func recordsWithArraysBitsAndAnIndex() throws {
    let table = try table {
      $0.features = ["frame/table"]
      $0.target = .required("frame/table/y")
    }
    #expect(table.featureNames == ["block_0", "block_1", "flag"])
    #expect(Array(table.features.prefix(6)) == [0, 1, 0, 10, 11, 1])
    #expect(
      table.notes.contains { $0.contains("'text' (text of 3 bytes), 'z' (complex numbers)") },
      "\(table.notes)")
    #expect(table.notes.contains { $0.contains("'frame/table/index', the index") })
    let named = try self.table { $0.features = ["frame/table/index", "frame/table/block"] }
    #expect(named.featureNames == ["index", "block_0", "block_1"])
    let bits = try self.table { $0.features = ["frame/bits"] }
    #expect(bits.featureNames == ["a", "on"])
    let flags: [Float] = (0..<6).map { bits.features[2 * $0 + 1] }
    #expect(flags == [1, 0, 1, 1, 0, 0])
    #expect(try File(readingFrom: path).dataset("frame/bits/on").integers() == [1, 0, 1, 1, 0, 0])
    let cells = try self.table { $0.features = ["cells"] }
    #expect(cells.features == (0..<18).map(Float.init))
    #expect(reason { $0.features = ["complex"] }.contains("complex numbers, which are not read"))
  }

  /// The pickled lists are those that pandas 2.2 wrote for four and one columns.
  @Test func namesInPandasBlocks() throws {
    let four = "(lp0\nVsepal length (cm)\np1\naVsepal width (cm)\np2\naVa\np3\naV\np4\na."
    #expect(
      PandasBlocks.names(pickled: four) == ["sepal length (cm)", "sepal width (cm)", "a", ""])
    #expect(PandasBlocks.names(pickled: "(lp0\nVtarget\np1\na.") == ["target"])
    for other in [
      "", "(lp0\n.", "integer", "(lp0\nI0\na.", "(lp0\nV\\u00e9\np1\na.", "cos\nsystem\na.",
    ] {
      #expect(PandasBlocks.names(pickled: other) == nil)
    }
  }

  // MARK: Parts, times, side columns

  @Test func namesOfParts() throws {
    let named = try table { $0.split = .required("split_names") }
    #expect(named.parts == [.train, .validation, .test, .validation, .train, .validation])
    // The names of an enumeration count, not its codes.
    let codes = try table { $0.split = .required("split_enum") }
    #expect(codes.parts == [.train, .train, .validation, .test, .train, .test])
    let odd = reason { $0.split = .required("split_odd") }
    #expect(odd.contains("row 5: 'other'") && odd.contains("'validation'"), "\(odd)")
  }

  @Test func timesAsText() throws {
    let table = try table { $0.time = .required("dates") }
    let day = 86_400.0
    // 2024-01-01 is 19,723 days after 1970-01-01.
    let days = try #require(table.times).map { $0 / day - 19_723 }
    #expect(Array(days[0..<3]) == [0, 0.5, 1])
    #expect(days[3].isNaN && days[4].isNaN)
    #expect(days[5] == 2)
    // Taken by its name only, a column that holds no times is left alone.
    let usual = try Table(contentsOf: path, layout: TableLayout())
    #expect(usual.times == nil)
    #expect(usual.notes.contains { $0.contains("'time' is not taken for times: row 0: 'early'") })
    #expect(reason { $0.time = .required("time") }.contains("'early' is no date"))
  }

  @Test func sideColumnsThatNobodyNeeds() throws {
    let table = try table { $0.rowData = [.init("size", isRequired: false)] }
    #expect(table.rowData["size"] == nil)
    #expect(table.notes.contains { $0.contains("'size' is not read as row data") })
    #expect(reason { $0.rowData = [.init("size")] }.contains("6 x 2"))
  }

  // MARK: Safety

  /// Asked for its extent, the library would open the source and say 23 x 10.
  @Test func theExtentOfAVirtualDatasetIsNotAskedFor() throws {
    try withFolder { folder in
      let file = "\(folder)/odd.h5"
      try FileManager.default.copyItem(atPath: path, toPath: file)
      try FileManager.default.copyItem(
        atPath: fixture("layouts.h5"), toPath: "\(folder)/large.h5")
      let opened = try File(readingFrom: file)
      let item = try #require(try opened.contents().items.first { $0.path == "unlimited" })
      #expect(item.shape == nil && !item.isReadable && item.storage?.layout == .virtual)
      #expect(try opened.dataset("unlimited").shape == [])
    }
  }

  /// Of 8 bytes, two go to `_FillValue`; the next attribute needs eight.
  @Test func attributesBeyondTheirBudgetAreCounted() throws {
    let dataset = try File(readingFrom: path).dataset("packed/short")
    var budget = 8
    let values = dataset.attributes(budget: &budget).map(\.value)
    #expect(values == [.numbers([-32767]), .other("1 values (64-bit float)"), values[2]])
    #expect(budget == 6 && dataset.attributes()[1].value == .number(100))
  }

  @Test func remediesForAPlainMachine() throws {
    let remedy = Remedy.copy("my/data.h5")
    #expect(remedy.contains("i = h5py.File('my/data.h5'); o = h5py.File('my/data-plain.h5', 'w')"))
    #expect(!Remedy.copy("o'clock.h5").contains("o'clock"))
    #expect(Remedy.copy("a.h5", plugins: true).contains("hdf5plugin"))
  }

  @Test(
    arguments: [
      ("x,y\n1,2\n", "table.csv", "pd.read_csv"), ("a\tb\n1\t2\n", "table.dat", "sep=chr(9)"),
      ("PAR1....", "table.parquet", "pd.read_parquet"),
      ("MATLAB 5.0 MAT-file", "a.mat", "'-v7.3'"), ("CDF\u{1}", "a.nc", "nccopy"),
      ("\u{1}\u{2}\u{3}", "a.bin", "not an HDF5 file"),
      ("version https://git-lfs.github.com/spec/v1\n", "a.h5", "git lfs pull"),
    ])
  func otherFormatsAreNamed(contents: String, name: String, words: String) throws {
    try withFolder { folder in
      let file = "\(folder)/\(name)"
      try Data(contents.utf8).write(to: URL(fileURLWithPath: file))
      let error = hdf5Error { _ = try File(readingFrom: file) }
      #expect(error?.code == .notHDF5)
      #expect(error?.reason.contains(words) == true, "\(error?.reason ?? "")")
    }
  }
}
