import Tabular

/// The labels of a target's rows, and the distinct ones in sorted order.
struct ClassLabels {
  /// A label, with its value if it is a whole number.
  struct Label: Hashable {
    var code: Int?
    var name: String
  }

  /// Distinct labels in sorted order.
  private(set) var distinct: [Label]
  /// For each row, the place of its label in ``distinct``.
  private let places: [Int]

  /// Reads the labels of `dataset`: text, whole numbers, booleans, enumerations, codes of
  /// categories, or numbers.
  ///
  /// - Throws: `TabularError` with the first row that has no label.
  init(_ dataset: Dataset, _ reader: TableReader) throws {
    switch dataset.type {
    case .text:
      let texts = try reader.texts(of: dataset)
      self.init(texts) { Label(code: nil, name: $0) }
      let forms = Set(texts.map { Array($0.utf8) }).count
      if forms > distinct.count {
        reader.note(
          "\(forms) labels of '\(dataset.path)' are \(distinct.count) classes, since some are the "
            + "same text in two forms of Unicode")
      }
    case .boolean:
      self.init(try dataset.integers()) { Label(code: $0, name: $0 == 0 ? "false" : "true") }
    case .enumeration(let members):
      let names = Dictionary(members.map { ($0.value, $0.name) }) { first, _ in first }
      self.init(try dataset.integers()) { Label(code: $0, name: names[$0] ?? "\($0)") }
      if let unnamed = distinct.compactMap(\.code).first(where: { names[$0] == nil }) {
        reader.note(
          "\(unnamed) is one of the classes of '\(dataset.path)', but its enumeration has no name for "
            + "it; if it means that the class is missing, drop these rows")
      }
    case .integer, .bits:
      if let categories = try reader.categories(of: dataset) {
        try self.init(codesOf: categories, dataset)
      } else {
        try self.init(numbers: dataset, reader)
      }
    default: try self.init(numbers: dataset, reader)
    }
  }

  private init(codesOf categories: [String], _ dataset: Dataset) throws {
    let codes = try dataset.integers()
    let missing = codes.indices.filter { !categories.indices.contains(codes[$0]) }
    if let row = missing.first {
      throw TabularError(
        source: dataset.file.path, row: row,
        "the target '\(dataset.path)' has the code \(codes[row]), as have \(missing.count - 1) more "
          + "rows: it stands for no category and means missing; drop the rows")
    }
    self.init(codes) { Label(code: $0, name: categories[$0]) }
  }

  private init(numbers dataset: Dataset, _ reader: TableReader) throws {
    let packing = try Packing(dataset)
    if packing == nil, dataset.type.isWhole {
      self.init(try dataset.integers()) { Label(code: $0, name: "\($0)") }
      return
    }
    let values = try reader.numbers(of: dataset)
    if let row = values.firstIndex(where: { !$0.isFinite }) {
      throw TabularError(
        source: dataset.file.path, row: row,
        "the target '\(dataset.path)' is \(values[row].isNaN ? "missing (nan)" : "\(values[row])"); "
          + "give every row a class, or drop the row")
    }
    self.init(values) { value in
      Int(exactly: value).map { Label(code: $0, name: "\($0)") }
        ?? Label(code: nil, name: "\(value)")
    }
  }

  private init<Value: Comparable & Hashable>(_ values: [Value], _ label: (Value) -> Label) {
    let sorted = Set(values).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: zip(sorted, 0...))
    distinct = sorted.map(label)
    places = values.map { numbers[$0] ?? 0 }
  }

  /// Whether every label is a code in `0..<count`.
  func areCodes(below count: Int) -> Bool {
    distinct.allSatisfy { $0.code.map { (0..<count).contains($0) } ?? false }
  }

  /// The rows that have the label at `place`.
  func count(of place: Int) -> Int { places.count { $0 == place } }

  /// The codes themselves, one per row.
  var codes: [Double] { places.map { Double(distinct[$0].code ?? $0) } }

  /// Each row's place among the distinct labels.
  var positions: [Double] { places.map(Double.init) }

  /// Names the labels by their codes.
  mutating func takeNames(_ names: [String]) {
    for index in distinct.indices {
      if let code = distinct[index].code { distinct[index].name = names[code] }
    }
  }

  /// Each row's class among `names`, matched by name.
  consuming func indices(among names: [String], of dataset: Dataset) throws -> [Double] {
    if let own = try dataset.texts(ofAttribute: "class_names"), areCodes(below: own.count) {
      takeNames(own)
    }
    let numbers = Dictionary(zip(names, 0...)) { first, _ in first }
    var indices = distinct.map { numbers[$0.name] }
    if let unknown = indices.firstIndex(of: nil) {
      // Labels without names of their own may be the codes of the classes.
      guard areCodes(below: names.count), distinct.allSatisfy({ "\($0.code ?? 0)" == $0.name })
      else {
        let known = names.prefix(12).map { "'\($0)'" }.joined(separator: ", ")
        throw TabularError(
          source: dataset.file.path, row: places.firstIndex(of: unknown),
          "the class '\(distinct[unknown].name)' of the target '\(dataset.path)' is none of "
            + "\(known); correct the label or drop the row")
      }
      indices = distinct.map(\.code)
    }
    return places.map { Double(indices[$0] ?? 0) }
  }
}
