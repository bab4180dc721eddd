import OrderedCollections
import Tabular
import Testing

@testable import HDF5

/// Values that a mask, a code or an attribute beside them says are missing. Expected values are those
/// that Scripts/make_hdf5_fixtures.py writes in `missing`.
struct MissingValueTests {
  private func table(_ change: (inout TableLayout) -> Void) throws -> Table {
    var layout = TableLayout()
    layout.target = .absent
    change(&layout)
    return try Table(contentsOf: fixture("missing.h5"), layout: layout)
  }

  private func reason(_ change: (inout TableLayout) -> Void) -> String {
    do {
      _ = try table(change)
      return ""
    } catch {
      return "\(error)"
    }
  }

  private func classes(_ target: String) throws -> Table {
    try table {
      $0.target = .required(target)
      $0.targetKind = .classes
    }
  }

  /// The mask of AnnData's nullable columns counts, for the group as for its values.
  @Test(arguments: ["maybe", "maybe/values"])
  func maskedTargetsAreMissing(target: String) {
    let sentence = reason { $0.target = .required(target) }
    #expect(sentence.contains("row 2: the target 'maybe/values' is missing (nan), as are 1 more"))
  }

  @Test func maskedClassesAreMissing() throws {
    let sentence = reason {
      $0.target = .required("flag")
      $0.targetKind = .classes
    }
    #expect(sentence.contains("row 1: the target 'flag/values' is missing"), "\(sentence)")
    // A mask that masks nothing changes nothing.
    #expect(try table { $0.target = .required("whole") }.target == [1, 2, 3, 4, 5, 6])
  }

  @Test func maskedFeaturesAndGroups() throws {
    let features = try table { $0.setFeatures("maybe,kind") }
    let values = features.features
    #expect([0, 2, 6, 10].map { values[$0] } == [10, 11, 13, 15])
    #expect([4, 8].allSatisfy { values[$0].isNaN })
    // The code -1 is no category.
    #expect(values[5].isNaN && [1, 3, 7].map { values[$0] } == [0, 1, 2])
    #expect(features.notes.contains { $0.contains("'codes' holds codes of categories") })
    #expect(reason { $0.group = .required("maybe") }.contains("row 2: the group is missing"))
    #expect(reason { $0.group = .required("groups") }.contains("row 4: the group is missing"))
    let rowData = try table { $0.rowData = [.init("m", path: "maybe", isRequired: true)] }
    #expect(rowData.rowData["m"]?[2].isNaN == true && rowData.rowData["m"]?[3] == 13)
  }

  @Test func categoriesOfPandasTables() throws {
    let table = try table { $0.setFeatures("frame") }
    #expect(table.features[5].isNaN && table.features[3] == 1)
    #expect(table.notes.contains { $0.hasPrefix("column 'cat' holds codes of categories") })
  }

  @Test(arguments: [("minus_nine", "-9"), ("top", "255")])
  func codesThatStandApartAreTold(target: String, code: String) throws {
    let notes = try classes(target).notes
    #expect(
      notes == [
        "\(code) is one of the 4 classes of '\(target)', in 1 rows; if it means that the class is "
          + "missing, drop these rows"
      ])
  }

  @Test func codesThatMayMeanAnythingAreNot() throws {
    #expect(try classes("apart").notes.isEmpty)
    #expect(TableReader.placeOfOddCode([-1, 1]) == nil)
    #expect(TableReader.placeOfOddCode([-1, 0, 1]) == 0)
    #expect(TableReader.placeOfOddCode([1, 2, 3, 9]) == 3)
    // Ten classes from 0 to 9 are a row.
    #expect(TableReader.placeOfOddCode(Array(0...9)) == nil)
  }

  @Test func namesThatDoNotReach() throws {
    let colour = try classes("colour")
    #expect(colour.classNames == ["RED", "GREEN", "9"])
    #expect(colour.notes.count == 1 && colour.notes[0].contains("has no name for it"))
    let few = try classes("few_names")
    #expect(few.classNames == ["0", "1", "2"])
    #expect(few.notes[0].contains("the 2 names in the attribute 'class_names' of 'few_names'"))
  }
}
