import CHDF5

/// A named value attached to a file or a dataset.
public struct Attribute: Sendable, Hashable {
  /// The name.
  public let name: String
  /// The value.
  public let value: AttributeValue
}

/// What an attribute holds.
public enum AttributeValue: Sendable, Hashable, CustomStringConvertible {
  /// One text.
  case text(String)
  /// Several texts.
  case texts([String])
  /// One number.
  case number(Double)
  /// Several numbers.
  case numbers([Double])
  /// Something that is not read, in words.
  case other(String)

  public var description: String {
    func listed(_ values: [String]) -> String {
      let more = values.count > 8 ? ", ... (\(values.count) in all)" : ""
      return "[" + values.prefix(8).joined(separator: ", ") + more + "]"
    }
    switch self {
    case .text(let text): return text
    case .texts(let texts): return listed(texts)
    case .number(let number): return "\(number)"
    case .numbers(let numbers): return listed(numbers.map { "\($0)" })
    case .other(let words): return words
    }
  }
}

extension Dataset {
  /// An attribute of the dataset; nil if there is none.
  public func attribute(_ name: String) throws(HDF5Error) -> AttributeValue? {
    try Library.locked { () throws(HDF5Error) in
      try readAttribute(name, of: handle, in: file, dataset: path)
    }
  }

  /// All attributes of the dataset, by name.
  public func attributes() -> [Attribute] {
    var budget = largestAttribute
    return attributes(budget: &budget)
  }

  /// The same, with a bound in bytes on all that are read.
  func attributes(budget: inout Int) -> [Attribute] {
    Library.locked { readAttributes(of: handle, in: file, dataset: path, budget: &budget) }
  }

  /// Texts of an attribute, such as `feature_names`; nil if there is none or it is no list.
  public func texts(ofAttribute name: String) throws(HDF5Error) -> [String]? {
    switch try attribute(name) {
    case .texts(let texts): texts
    case .text(let text): [text]
    default: nil
    }
  }
}

let largestAttribute = 16 << 20

/// The attributes of an object, for a person to read. Those that are longer than what is left of
/// `budget`, in bytes, are only counted: attributes may share one value in the file.
func readAttributes(
  of object: Handle, in file: File, dataset: String?, budget: inout Int
) -> [Attribute] {
  let names = collectNames { hdf5_visit_attributes(object.id, $0, $1) }
  return names.map { name in
    do throws(HDF5Error) {
      let (value, bytes) = try readSizedAttribute(
        name, of: object, in: file, dataset: dataset, most: budget)
      budget -= bytes
      return Attribute(name: name, value: value ?? .other("unreadable"))
    } catch {
      return Attribute(name: name, value: .other("unreadable"))
    }
  }
}

func readAttribute(
  _ name: String, of object: Handle, in file: File, dataset: String?
) throws(HDF5Error) -> AttributeValue? {
  try readSizedAttribute(name, of: object, in: file, dataset: dataset, most: largestAttribute).value
}

/// An attribute's value, and the bytes it takes; nil if there is none.
private func readSizedAttribute(
  _ name: String, of object: Handle, in file: File, dataset: String?, most: Int
) throws(HDF5Error) -> (value: AttributeValue?, bytes: Int) {
  guard H5Aexists(object.id, name) > 0 else {
    _ = Library.lastMessage()
    return (nil, 0)
  }
  func damaged() -> HDF5Error {
    HDF5Error(
      .damaged, file: file.path, dataset: dataset,
      "the attribute '\(name)' cannot be read; make the file again",
      libraryMessage: Library.lastMessage())
  }
  guard let attribute = Handle.attribute(H5Aopen(object.id, name, hdf5_default())),
    let type = Handle.type(H5Aget_type(attribute.id)),
    let space = Handle.space(H5Aget_space(attribute.id))
  else { throw damaged() }
  let kind = H5Sget_simple_extent_type(space.id)
  guard kind != H5S_NULL else { return (.other("empty"), 0) }
  let points = H5Sget_simple_extent_npoints(space.id)
  let size = H5Tget_size(type.id)
  let largest = min(most, largestAttribute)
  guard points >= 0, size > 0, points <= Int64(max(0, largest) / size) else {
    return (.other("\(points) values (\(ValueType(type.id)))"), 0)
  }
  let count = Int(points)
  // Attributes are stored as they are: a file has at least as many bytes.
  guard count * size <= file.byteCount else { return (.other("damaged: longer than the file"), 0) }
  let isSingle = kind == H5S_SCALAR
  let valueType = ValueType(type.id)
  if valueType.isNumeric {
    var values = [Double](repeating: 0, count: count)
    guard count == 0 || H5Aread(attribute.id, hdf5_native_double(), &values) >= 0 else {
      throw damaged()
    }
    return (isSingle ? .number(values[0]) : .numbers(values), count * size)
  }
  guard case .text(let bytes) = valueType else { return (.other("\(valueType)"), 0) }
  guard count > 0 else { return (.texts([]), 0) }
  let texts = try attributeTexts(
    attribute, type, space, count: count, isVariable: bytes == nil, in: file, dataset: dataset,
    damaged: damaged)
  let bytesRead = (texts ?? []).reduce(count * size) { $0 + $1.utf8.count }
  return (texts.map { isSingle ? .text($0[0]) : .texts($0) }, bytesRead)
}

/// The texts of an attribute, UTF-8 or else Latin-1; nil if they are neither.
private func attributeTexts(
  _ attribute: Handle, _ type: Handle, _ space: Handle, count: Int, isVariable: Bool,
  in file: File, dataset: String?, damaged: () -> HDF5Error
) throws(HDF5Error) -> [String]? {
  let size = H5Tget_size(type.id)
  // Safe because: the buffer has a value's size for each value, which is what the library writes
  // for the attribute's own type; zeroed, so that a pointer it leaves out is null.
  let buffer = UnsafeMutableRawPointer.allocate(byteCount: count * size, alignment: 16)
  defer { buffer.deallocate() }
  buffer.initializeMemory(as: UInt8.self, repeating: 0, count: count * size)
  let status = MemoryBound.during(textsOf: file, isOn: isVariable) {
    H5Aread(attribute.id, type.id, buffer)
  }
  guard status >= 0 else { throw damaged() }
  if isVariable {
    defer { _ = hdf5_free_strings(type.id, space.id, buffer) }
    let texts = try variableTexts(buffer, count, .utf8, file: file.path, dataset: dataset)
    if let texts { return texts }
    return try variableTexts(buffer, count, .latin1, file: file.path, dataset: dataset)
  }
  let padding = TextPadding(of: type.id)
  return fixedTexts(buffer, count, width: size, padding, .utf8)
    ?? fixedTexts(buffer, count, width: size, padding, .latin1)
}
