import Tabular

extension TableReader {
  /// The most classes a target may have; more are numbers taken for classes by mistake.
  static let mostClasses = 1000

  /// The target and, if it holds classes, their names; nil if the table does without.
  func target(rows: Int) throws -> (values: [Double]?, classNames: [String]?) {
    let hint = "name the target's dataset (--target PATH)"
    guard
      let dataset = try dataset(layout.target, as: "the target", rows: rows, hint: hint)
    else { return (nil, nil) }
    switch layout.targetKind {
    case .numbers: return (try finite(dataset), nil)
    case .classes: return try classes(dataset, known: nil)
    case .classesNamed(let names): return try classes(dataset, known: names)
    case .asMarked:
      switch dataset.type {
      case .text, .boolean: return try classes(dataset, known: nil)
      default: break
      }
      let isMarked = file.task == .binary || file.task == .multiclass
      return isMarked ? try classes(dataset, known: nil) : (try finite(dataset), nil)
    }
  }

  private func finite(_ dataset: Dataset) throws -> [Double] {
    let values = try dataset.doubles()
    if let row = values.firstIndex(where: { !$0.isFinite }) {
      throw TabularError(
        source: file.path, row: row,
        "the target '\(dataset.path)' is \(values[row]); targets must be finite numbers: "
          + "correct or drop the row")
    }
    return values
  }

  private func classes(
    _ dataset: Dataset, known: [String]?
  ) throws -> (values: [Double]?, classNames: [String]?) {
    var labels = try ClassLabels(dataset)
    if let known {
      return (try labels.indices(among: known, of: dataset), known)
    }
    guard labels.distinct.count > 1 || dataset.rowCount == 0 else {
      throw dataset.error(
        .invalidValue,
        "every row is of the class '\(labels.distinct.first?.name ?? "")'; "
          + "a classification needs at least two")
    }
    guard labels.distinct.count <= TableReader.mostClasses else {
      throw dataset.error(
        .invalidValue,
        "it has \(labels.distinct.count) different values, too many for classes; "
          + "choose an objective for numbers, or set the file's attribute 'task' to regression")
    }
    if let names = try dataset.texts(ofAttribute: "class_names"),
      labels.areCodes(below: names.count)
    {
      labels.takeNames(names)
      return (labels.codes, names)
    }
    return (labels.positions, labels.distinct.map(\.name))
  }
}

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

  /// Reads the labels of `dataset`: text, whole numbers, booleans, enumerations, or numbers.
  init(_ dataset: Dataset) throws {
    switch dataset.type {
    case .text:
      let texts = try dataset.texts()
      self.init(texts) { Label(code: nil, name: $0) }
    case .boolean:
      self.init(try dataset.integers()) { Label(code: $0, name: $0 == 0 ? "false" : "true") }
    case .enumeration(let members):
      let names = Dictionary(members.map { ($0.value, $0.name) }) { first, _ in first }
      self.init(try dataset.integers()) { Label(code: $0, name: names[$0] ?? "\($0)") }
    case .integer:
      self.init(try dataset.integers()) { Label(code: $0, name: "\($0)") }
    default:
      let values = try dataset.doubles()
      if let row = values.firstIndex(where: { !$0.isFinite }) {
        throw TabularError(
          source: dataset.file.path, row: row,
          "the target '\(dataset.path)' is \(values[row]); "
            + "give every row a class, or drop the row")
      }
      self.init(values) { value in
        Int(exactly: value).map { Label(code: $0, name: "\($0)") }
          ?? Label(code: nil, name: "\(value)")
      }
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
  mutating func indices(among names: [String], of dataset: Dataset) throws -> [Double] {
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
