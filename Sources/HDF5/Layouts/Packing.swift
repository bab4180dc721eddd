/// How a dataset's stored numbers become values, by the conventions of NetCDF for climate and
/// forecast data (CF 1.11, sections 2.5.1 and 8.1): `stored * scale_factor + add_offset`, where
/// `_FillValue` and `missing_value` and what lies outside `valid_range` are missing.
struct Packing {
  private(set) var scale = 1.0
  private(set) var offset = 0.0
  /// Stored numbers that stand for a missing value.
  private(set) var fills: Set<Double> = []
  /// Stored numbers that are values.
  private(set) var valid = -Double.infinity...Double.infinity
  /// What is added to a negative stored number, if the numbers are unsigned in disguise.
  private(set) var wrap = 0.0
  /// What should be known of the decoding, as the end of a sentence about one column, beginning with
  /// "is" or "has"; nil if nothing.
  private(set) var remark: String?

  /// A ``remark`` about several columns.
  static func plural(_ remark: String) -> String {
    remark.hasPrefix("is ") ? "are \(remark.dropFirst(3))" : "have \(remark.dropFirst(4))"
  }

  /// Whether numbers are multiplied or moved, and not only missing ones told from others.
  var isScaled: Bool { scale != 1 || offset != 0 || wrap != 0 }

  /// The value of a stored number; NaN if it is missing.
  func value(_ stored: Double) -> Double {
    let number = stored < 0 ? stored + wrap : stored
    guard valid.contains(number), !fills.contains(number) else { return .nan }
    return number * scale + offset
  }

  /// Reads the attributes of `dataset`; nil if stored numbers are the values themselves.
  ///
  /// - Throws: ``HDF5Error`` if an attribute makes no sense.
  init?(_ dataset: Dataset) throws(HDF5Error) {
    guard dataset.fieldName == nil, dataset.type.isNumeric else { return nil }
    let isInteger: Bool
    switch dataset.type {
    case .integer(let bytes, let signed, _):
      isInteger = true
      if signed, try Packing.text("_Unsigned", of: dataset)?.lowercased() == "true" {
        wrap = Packing.power(ofTwo: 8 * bytes)
      }
    case .float: isInteger = false
    default: return nil
    }
    try readScale(of: dataset, isInteger: isInteger)
    try readFills(of: dataset)
    try readValidRange(of: dataset)
    guard isScaled || !fills.isEmpty || valid != -Double.infinity...Double.infinity || remark != nil
    else { return nil }
  }

  private mutating func readScale(of dataset: Dataset, isInteger: Bool) throws(HDF5Error) {
    let scale = try Packing.number("scale_factor", of: dataset)
    let offset = try Packing.number("add_offset", of: dataset)
    guard (scale ?? 1) != 1 || (offset ?? 0) != 0 else {
      for name in ["scale_factor", "add_offset"] {
        if case .numbers(let values) = try dataset.attribute(name), values.count > 1 {
          remark = "has a \(name) of \(values.count) values, which is left alone: decode it first"
        }
      }
      return
    }
    guard isInteger else {
      // Packed numbers are whole by the convention: these have been unpacked.
      remark =
        "has a scale_factor or add_offset, which is left alone since values are no "
        + "whole numbers"
      return
    }
    let factor = scale ?? 1
    guard factor != 0, factor.isFinite, (offset ?? 0).isFinite else {
      throw dataset.error(
        .invalidValue,
        "its attributes scale_factor = \(scale ?? 1) and add_offset = \(offset ?? 0) make no "
          + "numbers; correct or remove them")
    }
    self.scale = factor
    self.offset = offset ?? 0
    remark =
      "is decoded as stored * \(factor) + \(self.offset) (its attributes scale_factor and "
      + "add_offset)"
  }

  private mutating func readFills(of dataset: Dataset) throws(HDF5Error) {
    for name in ["_FillValue", "missing_value"] {
      switch try dataset.attribute(name) {
      case .number(let value): fills.insert(stored(value, in: dataset))
      case .numbers(let values): fills.formUnion(values.map { stored($0, in: dataset) })
      case .text(let text): if let value = Double(text) { fills.insert(stored(value, in: dataset)) }
      default: break
      }
    }
    if fills.isEmpty, try Packing.isNetCDF(dataset), let usual = Packing.usualFill(dataset.type) {
      fills.insert(stored(usual, in: dataset))
    }
    // NaN equals nothing, and is missing anyway.
    fills = fills.filter { !$0.isNaN }
  }

  private mutating func readValidRange(of dataset: Dataset) throws(HDF5Error) {
    var lower = try Packing.number("valid_min", of: dataset)
    var upper = try Packing.number("valid_max", of: dataset)
    if case .numbers(let pair)? = try dataset.attribute("valid_range"), pair.count == 2 {
      (lower, upper) = (pair[0], pair[1])
    }
    let from = lower.map { stored($0, in: dataset) } ?? -.infinity
    let to = upper.map { stored($0, in: dataset) } ?? .infinity
    if from <= to { valid = from...to }
  }

  /// An attribute's number as it is stored: of the dataset's own precision, and not negative if the
  /// numbers are unsigned in disguise.
  private func stored(_ value: Double, in dataset: Dataset) -> Double {
    if case .float(bytes: 4, _) = dataset.type { return Double(Float(value)) }
    return value < 0 ? value + wrap : value
  }

  private static func number(_ name: String, of dataset: Dataset) throws(HDF5Error) -> Double? {
    switch try dataset.attribute(name) {
    case .number(let value): return value
    case .numbers(let values) where values.count == 1: return values[0]
    case .text(let text): return Double(text)
    default: return nil
    }
  }

  private static func text(_ name: String, of dataset: Dataset) throws(HDF5Error) -> String? {
    switch try dataset.attribute(name) {
    case .text(let text): return text
    case .texts(let texts) where texts.count == 1: return texts[0]
    default: return nil
    }
  }

  /// Whether NetCDF wrote the dataset: what was never written is then missing, too.
  private static func isNetCDF(_ dataset: Dataset) throws(HDF5Error) -> Bool {
    if try dataset.attribute("_Netcdf4Dimid") != nil { return true }
    if try dataset.attribute("_Netcdf4Coordinates") != nil { return true }
    return try dataset.file.attribute("_NCProperties") != nil
  }

  /// NetCDF's own fill value of a type; none for bytes, of which every value is used.
  private static func usualFill(_ type: ValueType) -> Double? {
    switch type {
    case .integer(bytes: 2, signed: true, _): -32767
    case .integer(bytes: 2, signed: false, _): 65535
    case .integer(bytes: 4, signed: true, _): -2_147_483_647
    case .integer(bytes: 4, signed: false, _): 4_294_967_295
    case .integer(bytes: 8, signed: true, _): -0x1p63
    case .integer(bytes: 8, signed: false, _): 0x1p64
    case .float: 9.969209968386869e36
    default: nil
    }
  }

  private static func power(ofTwo exponent: Int) -> Double {
    (0..<exponent).reduce(1.0) { power, _ in power * 2 }
  }
}
