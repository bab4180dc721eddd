import Foundation
import Testing

@testable import HDF5

/// How far paths and listings go.
@Suite struct LookupTests {
  /// A file with a dataset below `depth` groups, each in the one before.
  private func withNest(_ depths: [Int], _ body: (File) throws -> Void) throws {
    try withFolder { folder in
      let path = "\(folder)/nest.h5"
      try File.write(to: path) { file in
        for depth in depths { try file.write(nested(depth), [Float(depth)]) }
      }
      try body(try File(readingFrom: path))
    }
  }

  private func nested(_ depth: Int) -> String { String(repeating: "g/", count: depth) + "X" }

  @Test func aPathMayPassThirtyTwoLinks() throws {
    try withNest([0, 1, 31, 32]) { file in
      #expect(try file.dataset(nested(31)).floats() == [31])
      let error = hdf5Error { _ = try file.dataset(nested(32)) }
      #expect(error?.code == .refused)
      #expect(error?.reason.contains("more than 32 links") == true)
      // It is listed nevertheless, so that nobody takes it for missing.
      let listed = try file.datasetPaths()
      #expect(Set(listed) == Set([0, 1, 31, 32].map(nested)))
    }
  }

  @Test func aListingGoesThirtyTwoGroupsDeep() throws {
    try withNest([32, 33]) { file in
      let listed = try file.datasetPaths()
      #expect(listed == [nested(32)])
    }
  }

  @Test func aWalkPassesNoMoreLinksThanItMay() throws {
    try withFolder { folder in
      let path = "\(folder)/many.h5"
      try File.write(to: path) { file in
        for name in ["a/x", "a/y", "b", "c/z"] { try file.write(name, [Float(1)]) }
      }
      let file = try File(readingFrom: path)
      func met(_ limit: Int) throws -> [String] {
        try Library.locked { () throws(HDF5Error) in
          var paths: [String] = []
          try file.walk(limit: limit) { path, kind in if kind == .dataset { paths.append(path) } }
          return paths
        }
      }
      // The links of the top, a, b and c, come before those of the groups.
      #expect(try met(6) == ["b", "a/x", "a/y", "c/z"])
      #expect(try met(5) == ["b", "a/x", "a/y"])
      #expect(try met(3) == ["b"])
      #expect(try met(1) == [])
    }
  }

  @Test func pathsThatLeadToSomethingElse() throws {
    try withNest([1]) { file in
      for path in ["g/X", "/g/./X", "g//X"] {
        let isThere = try file.hasDataset(path)
        #expect(isThere, "\(path)")
      }
      for path in ["g", "g/X/Y", "g/Y", "Y", ""] {
        let isThere = try file.hasDataset(path)
        #expect(!isThere, "\(path)")
      }
      #expect(hdf5Error { _ = try file.dataset("g/X/Y") }?.code == .missingDataset)
      let group = hdf5Error { _ = try file.dataset("g") }
      #expect(group?.code == .missingDataset)
      #expect(group?.reason.contains("'g/X'") == true, "\(group?.reason ?? "")")
    }
  }

  @Test func attributesOfGroups() throws {
    let file = try File(readingFrom: fixture("types.h5"))
    for (name, path, expected) in [
      ("text", "/", true), ("none", "/", false), ("text", "boolean", false),
      ("text", "nowhere", false),
    ] {
      let found = try file.hasGroupAttribute(name, of: path)
      #expect(found == expected, "\(name) of \(path)")
    }
  }

  @Test func attributesInWords() {
    func words(_ value: AttributeValue) -> String { value.description }
    #expect(words(.text("a b")) == "a b" && words(.number(0.5)) == "0.5")
    #expect(words(.texts(["a", "b"])) == "[a, b]" && words(.numbers([])) == "[]")
    #expect(words(.other("empty")) == "empty")
    let eight = (1...8).map(Double.init)
    #expect(words(.numbers(eight)) == "[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]")
    #expect(
      words(.numbers(eight + [9]))
        == "[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, ... (9 in all)]")
  }
}
