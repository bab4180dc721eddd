import Foundation
import HDF5
import Tabular
import Testing

@Suite struct WriterTests {
  @Test func everyTypeOfNumber() throws {
    try withFolder { folder in
      let path = "\(folder)/numbers.h5"
      for storage in [FileWriter.Storage.contiguous, .compressed(level: 6)] {
        try File.write(to: path) { file in
          try file.write("float", [Float(1.5), -2, .nan], storage: storage)
          try file.write("double", [0.1, 1e300, -0.0, 4], shape: [2, 2], storage: storage)
          try file.write("a/b/int32", [Int32.min, 7, .max], storage: storage)
          try file.write("int64", [Int64.min, 7, .max], storage: storage)
          try file.write("byte", [UInt8(0), 255], storage: storage)
          try file.write("none", [Float](), shape: [0, 3], storage: storage)
        }
        let file = try File(readingFrom: path)
        let floats = try file.dataset("float").floats()
        #expect(floats[0] == 1.5 && floats[1] == -2 && floats[2].isNaN)
        #expect(try file.dataset("double").doubles() == [0.1, 1e300, 0, 4])
        #expect(try file.dataset("double").shape == [2, 2])
        #expect(try file.dataset("a/b/int32").integers() == [Int(Int32.min), 7, Int(Int32.max)])
        #expect(try file.dataset("int64").integers() == [.min, 7, .max])
        #expect(try file.dataset("byte").integers() == [0, 255])
        #expect(try file.dataset("none").shape == [0, 3])
      }
    }
  }

  @Test func attributesAndManyNames() throws {
    try withFolder { folder in
      let path = "\(folder)/names.h5"
      // More than the 64 KiB that attributes of the oldest form may take.
      let names = (0..<9000).map { "feature number \($0) ä" }
      try File.write(to: path) { file in
        try file.write("X", [Float(1)])
        try file.setAttribute("feature_names", .texts(names), of: "X")
        try file.setAttribute("empty", .text(""))
        try file.setAttribute("numbers", .numbers([1, 2.5]))
        try file.setAttribute("number", .number(-3))
      }
      let file = try File(readingFrom: path)
      #expect(try file.dataset("X").texts(ofAttribute: "feature_names") == names)
      #expect(try file.attribute("empty") == .text(""))
      #expect(try file.attribute("numbers") == .numbers([1, 2.5]))
      #expect(try file.attribute("number") == .number(-3))
    }
  }

  @Test func theSameCallsWriteTheSameBytes() throws {
    try withFolder { folder in
      let paths = ["\(folder)/a.h5", "\(folder)/b.h5"]
      for path in paths {
        try File.write(to: path) { file in
          try file.write("g/X", (0..<5000).map(Float.init), shape: [500, 10])
          try file.setAttribute("names", .texts(["a", "b"]), of: "g/X")
        }
        // Times of day in the file would differ by now.
        Thread.sleep(forTimeInterval: 1.1)
      }
      let bytes = try paths.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
      #expect(bytes[0] == bytes[1])
    }
  }

  @Test func aFailureLeavesNothingBehind() throws {
    struct Stop: Error {}
    try withFolder { folder in
      let path = "\(folder)/out.h5"
      #expect(throws: Stop.self) {
        try File.write(to: path) { file in
          try file.write("X", [1.0])
          throw Stop()
        }
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
      try File.write(to: path) { try $0.write("X", [1.0]) }
      // A name twice is an error; the old file stays.
      let error = hdf5Error {
        try File.write(to: path) { file in
          try file.write("X", [2.0])
          try file.write("X", [3.0])
        }
      }
      #expect(error?.code == .cannotWrite && error?.dataset == "X")
      #expect(try File(readingFrom: path).dataset("X").doubles() == [1])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["out.h5"])
    }
  }

  @Test func placesThatCannotBeWritten() throws {
    try withFolder { folder in
      for path in ["\(folder)/none/out.h5", folder, "/dev/null"] {
        #expect(throws: FileReplacementError.self) {
          try File.write(to: path) { try $0.write("X", [1.0]) }
        }
      }
    }
  }
}
