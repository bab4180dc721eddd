import HDF5
import Testing

/// Values are those that Scripts/make_hdf5_fixtures.py writes.
@Suite struct TypeTests {
  @Test(arguments: ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"], ["le", "be"])
  func integersOfAllSizesAndByteOrders(kind: String, order: String) throws {
    let dataset = try File(readingFrom: fixture("types.h5")).dataset("integers/\(kind)\(order)")
    let bits = (Int(kind.dropFirst()) ?? 0) * 8
    let signed = kind.hasPrefix("i")
    let low: Double = signed ? -(0...(bits - 2)).reduce(1) { power, _ in power * 2 } : 0
    let high = (0..<(signed ? bits - 1 : bits)).reduce(1.0) { power, _ in power * 2 } - 1
    #expect(try dataset.doubles() == [low, high, 0, 1, 7])
    #expect(try dataset.floats() == [Float(low), Float(high), 0, 1, 7])
    let isBig = order == "be" && bits > 8
    #expect(
      "\(dataset.type)"
        == "\(bits)-bit \(signed ? "" : "unsigned ")integer\(isBig ? ", big-endian" : "")")
  }

  @Test(arguments: ["f2", "f4", "f8"], ["le", "be"])
  func floatsOfAllSizesAndByteOrders(kind: String, order: String) throws {
    let dataset = try File(readingFrom: fixture("types.h5")).dataset("floats/\(kind)\(order)")
    let values = try dataset.floats()
    #expect(Array(values.prefix(4)) == [0, 1.5, -2.25, 1000])
    #expect(values[4].isNaN && values[5] == .infinity && values.count == 6)
    #expect(try dataset.doubles().prefix(4) == [0, 1.5, -2.25, 1000])
  }

  @Test func wholeNumbersAreExact() throws {
    let file = try File(readingFrom: fixture("types.h5"))
    #expect(try file.dataset("integers/i8be").integers() == [.min, .max, 0, 1, 7])
    let beyond = hdf5Error { _ = try file.dataset("integers/u8le").integers() }
    #expect(beyond?.code == .invalidValue)
    #expect(beyond?.reason.contains("18446744073709551615") == true)
    let fraction = hdf5Error { _ = try file.dataset("floats/f4le").integers() }
    #expect(fraction?.code == .wrongType)
  }

  @Test func booleansAndEnumerations() throws {
    let file = try File(readingFrom: fixture("types.h5"))
    let boolean = try file.dataset("boolean")
    #expect(boolean.type == .boolean)
    #expect(try boolean.doubles() == [1, 0, 1])
    let colour = try file.dataset("colour")
    guard case .enumeration(let members) = colour.type else {
      Issue.record("not an enumeration: \(colour.type)")
      return
    }
    #expect(members.first { $0.name == "BLUE" }?.value == -3)
    #expect(members.first { $0.name == "GREEN" }?.value == 5)
    #expect(try colour.integers() == [5, -3, 0, 5])
    #expect(try colour.floats() == [5, -3, 0, 5])
  }

  @Test func texts() throws {
    let file = try File(readingFrom: fixture("types.h5"))
    #expect(try file.dataset("text/varying").texts() == ["a", "ünïcode", ""])
    #expect(try file.dataset("text/fixed").texts() == ["ab", "abcde", ""])
    #expect(try file.dataset("text/blanks").texts() == ["one", "three"])
    let error = hdf5Error { _ = try file.dataset("text/fixed").floats() }
    #expect(error?.code == .wrongType)
    #expect(error?.description.contains("'text/fixed': its values are text") == true)
    #expect(hdf5Error { _ = try file.dataset("boolean").texts() }?.code == .wrongType)
  }

  @Test func fieldsOfRecords() throws {
    let file = try File(readingFrom: fixture("types.h5"))
    #expect(try file.dataset("records/temperature").floats() == [1.5, 2.5, 3.5])
    #expect(try file.dataset("/records/load").doubles() == [10, 20, 30])
    #expect(try file.dataset("records/y").integers() == [3, 4, 5])
    #expect(try file.dataset("records/on").doubles() == [1, 0, 1])
    #expect(try file.dataset("records/site").texts() == ["ab", "cdef", ""])
    let whole = hdf5Error { _ = try file.dataset("records").doubles() }
    #expect(whole?.reason.contains("'records/load'") == true)
    #expect(try file.hasDataset("records/none") == false)
  }

  @Test(
    arguments: [
      ("complex", HDF5Error.Code.wrongType), ("opaque", .wrongType), ("sequences", .wrongType),
      ("references", .wrongType), ("scalar", .wrongShape), ("cube", .wrongShape),
    ])
  func whatHoldsNoColumnsIsRefused(name: String, code: HDF5Error.Code) throws {
    let file = try File(readingFrom: fixture("types.h5"))
    let error = hdf5Error { _ = try file.dataset(name).doubles() }
    #expect(error?.code == code)
    #expect(error?.dataset == name)
  }

  @Test func attributes() throws {
    let file = try File(readingFrom: fixture("types.h5"))
    #expect(try file.attribute("text") == .text("words"))
    #expect(try file.attribute("number") == .number(-7))
    #expect(try file.attribute("numbers") == .numbers([0.5, 2]))
    #expect(try file.attribute("bytes") == .texts(["ab", "c"]))
    #expect(try file.attribute("empty") == .other("empty"))
    #expect(try file.attribute("none") == nil)
    #expect(try file.attributes().map(\.name) == ["bytes", "empty", "number", "numbers", "text"])
  }
}
