import Tabular

extension TableReader {
  /// A column of numbers, decoded; nil if the table does without.
  func numbers(
    _ column: TableLayout.Column, as role: String, rows: Int, hint: String = "",
    option: String? = nil
  ) throws -> [Double]? {
    guard let source = try dataset(column, as: role, rows: rows, hint: hint, option: option) else {
      return nil
    }
    let values = try numbers(of: source)
    noteRounding(values, of: source)
    return values
  }

  /// Tells of whole numbers that Double rounds.
  func noteRounding(_ values: [Double], of dataset: Dataset) {
    guard case .integer(bytes: 8, _, _) = dataset.type, values.contains(where: { abs($0) > 0x1p53 })
    else { return }
    note(
      "'\(dataset.path)' holds whole numbers beyond 2^53, which are rounded to 53 bits; subtract an "
        + "offset from them if the last digits matter")
  }

  /// The values of a column, unpacked if its attributes say so; NaN where they are missing.
  func numbers(of dataset: Dataset) throws -> [Double] {
    var stored = try dataset.doubles()
    if let mask = try mask(of: dataset) {
      for row in stored.indices where mask[row] { stored[row] = .nan }
    }
    guard let packing = try Packing(dataset) else { return stored }
    if let remark = packing.remark {
      note(columns: [dataset.path], one: remark, several: Packing.plural(remark))
    }
    return stored.map(packing.value)
  }

  /// Side columns, in the layout's order. One that only is read where it is there is left alone if
  /// it is no column of numbers.
  func rowData(rows: Int) throws -> [(name: String, values: [Double])] {
    try layout.rowData.compactMap { data in
      let role = "row data '\(data.name)'"
      let hint =
        "\(role) is needed: add it, or name its dataset (`rowData: \(data.name)`)"
      if case .ifPresent(let path) = data.column {
        do {
          return try numbers(data.column, as: role, rows: rows).map { (data.name, $0) }
        } catch let error as HDF5Error where error.code == .wrongShape || error.code == .wrongType {
          note("dataset '\(path)' is not read as row data: \(error.reason)")
          return nil
        }
      }
      let values = try numbers(data.column, as: role, rows: rows, hint: hint)
      return values.map { (data.name, $0) }
    }
  }

  /// The part of each row; nil if the table does without.
  func parts(rows: Int) throws -> [Table.Part]? {
    let source = try dataset(layout.split, as: "the split", rows: rows, option: "split")
    guard let source else { return nil }
    if let names = try labels(of: source) {
      return try names.enumerated().map { row, name in
        guard let part = name.flatMap({ Table.Part(named: $0) }) else {
          throw unknownPart(source, row, name ?? "missing")
        }
        return part
      }
    }
    return try source.doubles().enumerated().map { row, value in
      guard let part = UInt8(exactly: value).flatMap(Table.Part.init(rawValue:)) else {
        throw unknownPart(source, row, "\(value)")
      }
      return part
    }
  }

  private func unknownPart(_ dataset: Dataset, _ row: Int, _ value: String) -> HDF5Error {
    dataset.error(
      .invalidValue,
      "row \(row): '\(value)' names no part; write 'train', 'test' or 'validation', or 0 for train, "
        + "1 for test, 2 for validation")
  }

  /// The names that stand for the values of text, of an enumeration, or of codes beside their
  /// categories; nil for a missing one. Nil altogether for plain numbers.
  func labels(of dataset: Dataset) throws -> [String?]? {
    switch dataset.type {
    case .text: return try texts(of: dataset)
    case .enumeration(let members):
      let names = Dictionary(members.map { ($0.value, $0.name) }) { first, _ in first }
      let values = try dataset.integers()
      if let unnamed = values.first(where: { names[$0] == nil }) {
        note(
          "\(unnamed) is a value of '\(dataset.path)' that its enumeration has no name for; if it means "
            + "that the value is missing, drop these rows")
      }
      return values.map { names[$0] ?? "\($0)" }
    default:
      guard let names = try categories(of: dataset) else { return nil }
      return try dataset.integers().map { names.indices.contains($0) ? names[$0] : nil }
    }
  }

  /// The texts of a column, with a note if they were not UTF-8.
  func texts(of dataset: Dataset) throws -> [String] {
    let (texts, encoding) = try dataset.decodedTexts()
    if encoding == .latin1 {
      note(
        "the text of '\(dataset.path)' is not UTF-8: it is read as Latin-1, in which each byte is a "
          + "character, so that no two are taken for the same")
    }
    return texts
  }

  /// The names of categories of which a dataset holds the codes: those beside `codes` (AnnData from
  /// 0.8, Zarr), or in the group `__categories` beside it (AnnData before). Nil if there are none.
  func categories(of dataset: Dataset) throws -> [String]? {
    guard case .integer = dataset.type, dataset.fieldName == nil else { return nil }
    let components = File.components(dataset.path)
    guard let name = components.last else { return nil }
    let above = components.dropLast()
    var places: [[String]] = [above + ["__categories", name]]
    if name == "codes" { places.append(above + ["categories"]) }
    for place in places {
      let path = place.joined(separator: "/")
      guard try file.hasDataset(path) else { continue }
      let categories = try file.dataset(path)
      guard categories.shape.count == 1 else { continue }
      if case .text = categories.type { return try texts(of: categories) }
      guard categories.type.isNumeric else { continue }
      if case .float = categories.type { return try categories.doubles().map { "\($0)" } }
      return try categories.integers().map { "\($0)" }
    }
    return nil
  }

  /// The group of each row; nil if the table does without. O(rows log rows).
  func groups(rows: Int) throws -> [Int]? {
    let source = try dataset(layout.group, as: "the group", rows: rows, option: "group")
    guard let source else { return nil }
    if case .float = source.type {
      let values = try numbers(of: source)
      if let row = values.firstIndex(where: { !$0.isFinite }) {
        throw source.error(
          .invalidValue, "row \(row): the group is \(values[row]); give every row a group")
      }
      let whole = values.compactMap(Int.init(exactly:))
      return whole.count == values.count ? whole : numbered(values)
    }
    if case .text = source.type { return numbered(try texts(of: source)) }
    try source.checkNumeric(bytesPerValue: MemoryLayout<Int>.size)
    let codes = try source.integers()
    let packing = try Packing(source)
    let mask = try mask(of: source)
    if let row = codes.indices.first(where: {
      mask?[$0] == true || packing?.value(Double(codes[$0])).isNaN == true
    }) {
      throw source.error(
        .invalidValue, "row \(row): the group is missing; give every row a group")
    }
    if let names = try categories(of: source),
      let row = codes.firstIndex(where: { !names.indices.contains($0) })
    {
      throw source.error(
        .invalidValue,
        "row \(row): the code is \(codes[row]), which stands for a missing group; give every row a "
          + "group")
    }
    return codes
  }

  private func numbered<Value: Comparable & Hashable>(_ values: [Value]) -> [Int] {
    let sorted = Set(values).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: zip(sorted, 0...))
    return values.map { numbers[$0] ?? 0 }
  }

  /// When each row happened, NaN where that is missing; nil if the table does without, or the
  /// column, taken by its usual name only, holds no times.
  func times(rows: Int) throws -> [Double]? {
    guard case .ifPresent(let path) = layout.time, !layout.needsTimes else {
      return try dataset(layout.time, as: "the time", rows: rows).map { try times(of: $0) }
    }
    do {
      return try dataset(layout.time, as: "the time", rows: rows).map { try times(of: $0) }
    } catch let error as HDF5Error
      where [.wrongShape, .wrongType, .invalidValue].contains(error.code)
    {
      note("dataset '\(path)' is not taken for times: \(error.reason)")
      return nil
    }
  }

  private func times(of dataset: Dataset) throws -> [Double] {
    if case .text = dataset.type { return try times(ofTexts: try texts(of: dataset), dataset) }
    let values = try numbers(of: dataset)
    guard case .integer(bytes: 8, signed: true, _) = dataset.type else { return values }
    // The smallest number marks a missing time in pandas and NumPy.
    return values.map { $0 == -0x1p63 ? .nan : $0 }
  }

  private func times(ofTexts texts: [String], _ dataset: Dataset) throws -> [Double] {
    var times: [Double] = []
    times.reserveCapacity(texts.count)
    for text in texts {
      guard let time = TimeText.seconds(text) else { break }
      times.append(time)
    }
    guard times.count < texts.count else { return times }
    let numbers = texts.compactMap { Double($0.filter { !$0.isWhitespace }) }
    if numbers.count == texts.count { return numbers }
    throw dataset.error(
      .invalidValue,
      "row \(times.count): '\(texts[times.count].prefix(40))' is no date; write dates as "
        + "2024-01-31 or 2024-01-31T12:00:00, or store numbers")
  }
}
