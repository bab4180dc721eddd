import CHDF5

/// The type of a dataset's values, as far as this library reads it.
public indirect enum ValueType: Sendable, Hashable, CustomStringConvertible {
  /// A whole number of 1 to 8 bytes.
  case integer(bytes: Int, signed: Bool, bigEndian: Bool)
  /// An IEEE number of 2, 4 or 8 bytes.
  case float(bytes: Int, bigEndian: Bool)
  /// An enumeration of exactly `FALSE` = 0 and `TRUE` = 1.
  case boolean
  /// Whole numbers that have names.
  case enumeration([Member])
  /// Text of a fixed number of bytes, or of any length if nil.
  case text(bytes: Int?)
  /// Records of named fields.
  case compound([Field])
  /// A small array of numbers in each value, as pandas keeps columns of one type together.
  case array(of: ValueType, extents: [Int])
  /// Eight bits, as PyTables keeps booleans: read as a whole number.
  case bits
  /// A type that is not read, in words.
  case unsupported(String)

  /// A named value of an enumeration.
  public struct Member: Sendable, Hashable {
    /// The name.
    public let name: String
    /// The value it stands for.
    public let value: Int
  }

  /// A field of a record.
  public struct Field: Sendable, Hashable {
    /// The name.
    public let name: String
    /// The type of its values.
    public let type: ValueType
  }

  /// Whether values convert to numbers.
  public var isNumeric: Bool {
    switch self {
    case .integer, .float, .boolean, .enumeration, .bits: true
    case .text, .compound, .array, .unsupported: false
    }
  }

  /// Whether values are whole numbers by type.
  var isWhole: Bool {
    switch self {
    case .integer, .boolean, .enumeration, .bits: true
    case .float, .text, .compound, .array, .unsupported: false
    }
  }

  /// The numbers that one value holds: 1 of a number, n of an array of n numbers, 0 of any other.
  public var numberCount: Int {
    if case .array(let element, let extents) = self {
      return element.isNumeric && element != .bits ? extents.reduce(1, *) : 0
    }
    return isNumeric ? 1 : 0
  }

  /// The type in words, such as `32-bit float, big-endian`.
  public var description: String {
    func order(_ bigEndian: Bool) -> String { bigEndian ? ", big-endian" : "" }
    switch self {
    case .integer(let bytes, let signed, let bigEndian):
      return "\(8 * bytes)-bit \(signed ? "" : "unsigned ")integer\(order(bigEndian && bytes > 1))"
    case .float(let bytes, let bigEndian): return "\(8 * bytes)-bit float\(order(bigEndian))"
    case .boolean: return "boolean"
    case .enumeration(let members): return "enumeration of \(members.count) names"
    case .text(let bytes): return bytes.map { "text of \($0) bytes" } ?? "text"
    case .compound(let fields):
      return "records of " + fields.map { "\($0.name) (\($0.type))" }.joined(separator: ", ")
    case .array(let element, let extents):
      return "arrays of \(extents.map(String.init).joined(separator: " x ")) values (\(element))"
    case .bits: return "bit field"
    case .unsupported(let words): return words
    }
  }

  /// The type behind a handle; call inside ``Library/locked(_:)``.
  init(_ type: hid_t, depth: Int = 0) {
    let bytes = H5Tget_size(type)
    let bigEndian = H5Tget_order(type) == H5T_ORDER_BE
    switch H5Tget_class(type) {
    case H5T_INTEGER:
      // A precision below the size would need masking that few writers get right.
      if (1...8).contains(bytes), H5Tget_precision(type) == 8 * bytes {
        self = .integer(
          bytes: bytes, signed: H5Tget_sign(type) == H5T_SGN_2, bigEndian: bigEndian)
      } else {
        self = .unsupported("integer of \(H5Tget_precision(type)) bits in \(bytes) bytes")
      }
    case H5T_FLOAT:
      if [2, 4, 8].contains(bytes), H5Tget_order(type) != H5T_ORDER_VAX {
        self = .float(bytes: bytes, bigEndian: bigEndian)
      } else {
        self = .unsupported("\(8 * bytes)-bit float")
      }
    case H5T_STRING:
      self = .text(bytes: H5Tis_variable_str(type) > 0 ? nil : bytes)
    case H5T_ENUM: self = ValueType.enumeration(of: type, bytes: bytes)
    case H5T_COMPOUND: self = ValueType.compound(of: type, depth: depth)
    case H5T_REFERENCE: self = .unsupported("object references")
    case H5T_OPAQUE: self = .unsupported("opaque bytes")
    case H5T_BITFIELD: self = bytes == 1 ? .bits : .unsupported("bit field of \(bytes) bytes")
    case H5T_TIME: self = .unsupported("HDF5 time")
    case H5T_VLEN: self = .unsupported("sequences of varying length")
    case H5T_ARRAY: self = ValueType.array(type, depth: depth)
    case H5T_class_t(11): self = .unsupported("complex numbers")
    default: self = .unsupported("an unknown type")
    }
  }

  /// The library compares enumerations in time quadratic in their names.
  private static let mostNames = 1024

  private static func enumeration(of type: hid_t, bytes: Int) -> ValueType {
    let count = Int(H5Tget_nmembers(type))
    guard count <= mostNames else { return .unsupported("enumeration of \(count) names") }
    guard let base = Handle.type(H5Tget_super(type)), count > 0, (1...8).contains(bytes),
      H5Tget_class(base.id) == H5T_INTEGER
    else { return .unsupported("enumeration") }
    var members: [Member] = []
    for index in 0..<UInt32(count) {
      // Room for the value in the file's form and, after conversion, in ours.
      var value: Int64 = 0
      guard let name = H5Tget_member_name(type, index) else { return .unsupported("enumeration") }
      defer { H5free_memory(name) }
      guard H5Tget_member_value(type, index, &value) >= 0,
        H5Tconvert(base.id, hdf5_native_int64(), 1, &value, nil, hdf5_default()) >= 0
      else { return .unsupported("enumeration") }
      members.append(Member(name: decodedName(name), value: Int(value)))
    }
    let names = Dictionary(members.map { ($0.value, $0.name.uppercased()) }) { first, _ in first }
    if members.count == 2, names[0] == "FALSE", names[1] == "TRUE" { return .boolean }
    return .enumeration(members)
  }

  /// No array may hold more values.
  private static let largestArray = 1 << 20

  private static func array(_ type: hid_t, depth: Int) -> ValueType {
    let rank = Int(H5Tget_array_ndims(type))
    guard (1...32).contains(rank), let base = Handle.type(H5Tget_super(type)) else {
      return .unsupported("arrays")
    }
    var extents = [hsize_t](repeating: 0, count: rank)
    guard H5Tget_array_dims2(type, &extents) == Int32(rank) else { return .unsupported("arrays") }
    let element = ValueType(base.id, depth: depth + 1)
    var count = 1
    for extent in extents {
      let (product, overflow) = count.multipliedReportingOverflow(by: Int(clamping: extent))
      guard !overflow, (1...largestArray).contains(product) else { return .unsupported("arrays") }
      count = product
    }
    guard depth < 8, element.isNumeric else { return .unsupported("arrays of \(element)") }
    return .array(of: element, extents: extents.map { Int($0) })
  }

  /// Whether fields are the two parts of a complex number, as h5py, MATLAB and PyTables write it.
  private static func areComplex(_ fields: [Field]) -> Bool {
    let names = fields.map { $0.name.lowercased() }
    return [["r", "i"], ["re", "im"], ["real", "imag"], ["real", "imaginary"]].contains(names)
      && fields.allSatisfy { if case .float = $0.type { true } else { false } }
  }

  private static func compound(of type: hid_t, depth: Int) -> ValueType {
    let count = Int(H5Tget_nmembers(type))
    // Of records in records only complex numbers are told by name.
    guard (1...(depth == 0 ? 4096 : 2)).contains(count), depth < 3 else {
      return .unsupported("nested records")
    }
    var fields: [Field] = []
    for index in 0..<UInt32(count) {
      guard let name = H5Tget_member_name(type, index) else { return .unsupported("records") }
      defer { H5free_memory(name) }
      guard let member = Handle.type(H5Tget_member_type(type, index)) else {
        return .unsupported("records")
      }
      if H5Tget_class(member.id) == H5T_ENUM, H5Tget_nmembers(member.id) > mostNames {
        return .unsupported("records with an enumeration of more than \(mostNames) names")
      }
      fields.append(
        Field(name: decodedName(name), type: ValueType(member.id, depth: depth + 1)))
    }
    if areComplex(fields) { return .unsupported("complex numbers") }
    return depth == 0 ? .compound(fields) : .unsupported("nested records")
  }
}
