import CHDF5

/// A dataset of an open file: shape, type and storage, and the methods that read it.
///
/// Any dataset can be looked at; only those that pass the safety rules can be read
/// (``checkReadable()``).
public struct Dataset: Sendable {
  /// The file it is in.
  public let file: File
  /// Its path in the file, as it was named.
  public let path: String
  /// Its extent along each dimension; empty for a single value, and for a virtual dataset, whose
  /// extent may depend on other files.
  public let shape: [Int]
  /// The type of its values; of the field's values if a field was named.
  public let type: ValueType
  /// How its values are stored.
  public let storage: Storage
  /// The field of each record that is read, if one was named.
  public let fieldName: String?

  let handle: Handle
  /// The number of bytes of one value (a whole record if there are fields) in the file.
  let valueSize: Int

  /// How a dataset's values are stored in the file.
  public struct Storage: Sendable, Hashable {
    /// Where the values lie.
    public enum Layout: String, Sendable {
      case compact, contiguous, chunked, virtual, external, unknown
    }

    /// Where the values lie.
    public let layout: Layout
    /// The extent of a chunk along each dimension, if the layout is chunked.
    public let chunk: [Int]?
    /// The filters that each chunk passed through, in that order.
    public let filters: [Filter]
    /// The bytes that the values take in the file, after compression.
    public let storedBytes: Int
    /// Whether values that were never written are left undefined instead of being filled.
    let leavesGaps: Bool
  }

  /// A step such as compression that a chunk's bytes passed through when written.
  public struct Filter: Sendable, Hashable {
    /// HDF5's registered number of the filter.
    public let number: Int
    /// Its name.
    public let name: String
    /// Whether this library reads it: deflate, shuffle, fletcher32.
    public var isSupported: Bool { (1...3).contains(number) }
    /// Whether h5py reads it only with the package `hdf5plugin`: LZF and the library's own come
    /// with it.
    var needsPlugin: Bool { number > 6 && number != 32000 }
  }

  /// The number of rows: the first dimension.
  public var rowCount: Int { shape.first ?? 0 }

  /// The number of values per row: the second dimension, or the numbers that one value holds.
  public var width: Int {
    if shape.count == 2 { return shape[1] }
    if case .array = type { return type.numberCount }
    return 1
  }

  init(_ handle: Handle, path: String, in file: File) throws(HDF5Error) {
    // The layout first: asked for the extent of a virtual dataset, the library opens its sources.
    guard let creation = Handle.list(H5Dget_create_plist(handle.id)),
      let type = Handle.type(H5Dget_type(handle.id))
    else { throw file.damaged(path) }
    self.file = file
    self.path = path
    self.handle = handle
    self.type = ValueType(type.id)
    fieldName = nil
    valueSize = H5Tget_size(type.id)
    guard H5Pget_layout(creation.id) != H5D_VIRTUAL else {
      shape = []
      storage = Storage(
        layout: .virtual, chunk: nil, filters: [], storedBytes: 0, leavesGaps: true)
      return
    }
    guard let space = Handle.space(H5Dget_space(handle.id)) else { throw file.damaged(path) }
    let extents = try Dataset.extents(of: space, file: file, path: path)
    shape = extents
    storage = try Dataset.storage(
      of: handle, creation: creation, rank: extents.count, file: file, path: path)
  }

  private init(_ whole: Dataset, field: ValueType.Field, path: String) {
    file = whole.file
    self.path = path
    shape = whole.shape
    type = field.type
    storage = whole.storage
    fieldName = field.name
    handle = whole.handle
    valueSize = whole.valueSize
  }

  /// One field of a dataset of records; nil if there is none of this name.
  public func field(_ name: String) -> Dataset? { field(name, path: path) }

  /// The same, called `path` in messages.
  func field(_ name: String, path: String) -> Dataset? {
    guard case .compound(let fields) = type, let field = fields.first(where: { $0.name == name })
    else { return nil }
    return Dataset(self, field: field, path: path)
  }

  /// Whether another dataset, or field of one, of the same file has the same values because it is
  /// the same, by whatever path it was found.
  func isSame(as other: Dataset) -> Bool {
    guard fieldName == other.fieldName else { return false }
    return Library.locked {
      var (place, otherPlace): (UInt64, UInt64) = (0, 0)
      return hdf5_object_kind(handle.id, &place) == 1
        && hdf5_object_kind(other.handle.id, &otherPlace) == 1 && place == otherPlace
    }
  }

  func error(
    _ code: HDF5Error.Code, _ reason: String, libraryMessage: String? = nil
  ) -> HDF5Error {
    HDF5Error(
      code, file: file.path, dataset: path, reason, libraryMessage: libraryMessage)
  }

  private static func extents(
    of space: Handle, file: File, path: String
  ) throws(HDF5Error) -> [Int] {
    switch H5Sget_simple_extent_type(space.id) {
    case H5S_SCALAR: return []
    case H5S_NULL: return [0]
    default: break
    }
    let rank = Int(H5Sget_simple_extent_ndims(space.id))
    guard (0...32).contains(rank) else { throw file.damaged(path) }
    var extents = [hsize_t](repeating: 0, count: rank)
    guard H5Sget_simple_extent_dims(space.id, &extents, nil) == rank else {
      throw file.damaged(path)
    }
    var result: [Int] = []
    for extent in extents {
      guard let value = Int(exactly: extent) else {
        throw HDF5Error(
          .refused, file: file.path, dataset: path,
          "it declares \(extent) values along one dimension, which no file can hold; "
            + "make the file again")
      }
      result.append(value)
    }
    return result
  }

  private static func storage(
    of handle: Handle, creation: Handle, rank: Int, file: File, path: String
  ) throws(HDF5Error) -> Storage {
    var layout: Storage.Layout
    switch H5Pget_layout(creation.id) {
    case H5D_COMPACT: layout = .compact
    case H5D_CONTIGUOUS: layout = .contiguous
    case H5D_CHUNKED: layout = .chunked
    default: layout = .unknown
    }
    if H5Pget_external_count(creation.id) > 0 { layout = .external }
    var chunk: [Int]?
    if layout == .chunked {
      var extents = [hsize_t](repeating: 0, count: 32)
      guard Int(H5Pget_chunk(creation.id, 32, &extents)) == rank else { throw file.damaged(path) }
      let known = extents.prefix(rank).compactMap(Int.init(exactly:))
      guard known.count == rank, known.allSatisfy({ $0 > 0 }) else { throw file.damaged(path) }
      chunk = known
    }
    var filters: [Filter] = []
    let count = H5Pget_nfilters(creation.id)
    guard count >= 0 else { throw file.damaged(path) }
    for index in 0..<UInt32(count) {
      var flags: UInt32 = 0
      var valueCount = 0
      var name = [CChar](repeating: 0, count: 128)
      let number = H5Pget_filter2(
        creation.id, index, &flags, &valueCount, nil, name.count, &name, nil)
      guard number >= 0 else { throw file.damaged(path) }
      filters.append(Filter(number: Int(number), name: filterName(Int(number), name)))
    }
    // Virtual and external storage is only named: no other file is touched to measure it.
    let isInside = layout == .compact || layout == .contiguous || layout == .chunked
    let stored = isInside ? Int(clamping: H5Dget_storage_size(handle.id)) : 0
    var fillTime = H5D_FILL_TIME_IFSET
    var fillState = H5D_FILL_VALUE_DEFAULT
    let isKnown =
      H5Pget_fill_time(creation.id, &fillTime) >= 0
      && H5Pfill_value_defined(creation.id, &fillState) >= 0
    return Storage(
      layout: layout, chunk: chunk, filters: filters, storedBytes: stored,
      leavesGaps: !isKnown || fillTime == H5D_FILL_TIME_NEVER
        || fillState == H5D_FILL_VALUE_UNDEFINED)
  }

  private static func filterName(_ number: Int, _ stored: [CChar]) -> String {
    let known = [
      1: "deflate", 2: "shuffle", 3: "fletcher32", 4: "szip", 5: "nbit", 6: "scaleoffset",
      305: "lzo", 307: "bzip2", 32000: "lzf", 32001: "blosc", 32004: "lz4", 32008: "bitshuffle",
      32013: "zfp", 32015: "zstd", 32026: "blosc2",
    ]
    if let name = known[number] { return name }
    let bytes = stored.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    let name = String(decoding: bytes, as: UTF8.self).split(separator: ";").first ?? ""
    return name.isEmpty ? "number \(number)" : String(name)
  }
}
