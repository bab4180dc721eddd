import Tabular

extension TableReader {
  /// The most classes a target may have; more are numbers taken for classes by mistake.
  static let mostClasses = 1000

  /// The target and, if it holds classes, their names; nil if the table does without.
  func target(rows: Int) throws -> (values: [Double]?, classNames: [String]?) {
    let hint = "name the target's dataset (`target`)"
    guard
      let dataset = try dataset(layout.target, as: "the target", rows: rows, hint: hint)
    else { return (nil, nil) }
    if let mask = try mask(of: dataset), let row = mask.firstIndex(of: true) {
      throw missing(dataset, row, .nan, mask.count { $0 })
    }
    switch layout.targetKind {
    case .numbers: return (try finite(dataset), nil)
    case .classes: return try classesOrNumbers(dataset)
    case .classesNamed(let names):
      return (try ClassLabels(dataset, self).indices(among: names, of: dataset), names)
    case .asMarked:
      noteUnknownTask()
      if try file.task == .binary || file.task == .multiclass || isOfNames(dataset) {
        let (values, names) = try classesOrNumbers(dataset)
        if names == nil, let task = file.task,
          let value = values?.first(where: { $0 != $0.rounded() })
        {
          note(
            "the file's task is \(task.rawValue), but '\(dataset.path)' holds numbers with fractions, "
              + "such as \(value): it is taken for a number")
        }
        return (values, names)
      }
      let values = try finite(dataset)
      if file.task == nil { noteLikelyClasses(values, dataset) }
      return (values, nil)
    }
  }

  private func noteUnknownTask() {
    guard file.task == nil, let task = file.text("task") else { return }
    note(
      "the file's task '\(task)' is not known; write "
        + File.Task.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", "))
  }

  /// Tells of a target that was not said to be classes and looks like them: it holds 0 to K-1 and
  /// nothing else.
  private func noteLikelyClasses(_ values: [Double], _ dataset: Dataset) {
    guard dataset.type.isWhole, let most = values.max(), (1...9).contains(most),
      values.count >= 20, Set(values) == Set((0...Int(most)).map(Double.init))
    else { return }
    note(
      "'\(dataset.path)' holds the whole numbers 0 to \(Int(most)) and is taken for a number; if they "
        + "are classes, name an objective for classes (`objective: "
        + (most == 1 ? "logistic`)" : "softmax`)"))
  }

  private func isOfNames(_ dataset: Dataset) throws -> Bool {
    switch dataset.type {
    case .text, .boolean, .enumeration: true
    default: try categories(of: dataset) != nil
    }
  }

  private func finite(_ dataset: Dataset) throws -> [Double] {
    switch dataset.type {
    case .text:
      throw dataset.error(
        .wrongType,
        "its values are text, which names classes, but a number is to be predicted; choose an "
          + "objective for classes (`objective: softmax`, or logistic for two), or store numbers")
    case .enumeration:
      note("the names in '\(dataset.path)' are read as the numbers that stand for them")
    default: break
    }
    let values = try finite(try numbers(of: dataset), dataset)
    noteRounding(values, of: dataset)
    return values
  }

  private func finite(_ values: [Double], _ dataset: Dataset) throws -> [Double] {
    if let row = values.firstIndex(where: { !$0.isFinite }) {
      throw missing(dataset, row, values[row], values.count { !$0.isFinite })
    }
    return values
  }

  private func missing(
    _ dataset: Dataset, _ row: Int, _ value: Double, _ count: Int
  ) -> TabularError {
    let others = count > 1 ? ", as are \(count - 1) more" : ""
    return TabularError(
      source: file.path, row: row,
      "the target '\(dataset.path)' is \(value.isNaN ? "missing (nan)" : "\(value)")\(others); "
        + "targets must be finite numbers: correct or drop the row\(count > 1 ? "s" : "")")
  }

  /// Classes, if the values are labels; numbers, if some are none.
  private func classesOrNumbers(
    _ dataset: Dataset
  ) throws -> (values: [Double]?, classNames: [String]?) {
    if let numbers = try numbersThatAreNoLabels(dataset) { return (numbers, nil) }
    var labels = try ClassLabels(dataset, self)
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
    let given = try dataset.texts(ofAttribute: "class_names")
    if let given, !labels.areCodes(below: given.count) {
      note(
        "the \(given.count) names in the attribute 'class_names' of '\(dataset.path)' are left aside: "
          + "its values are not the codes 0 to \(given.count - 1)")
    }
    if let names = given, labels.areCodes(below: names.count) {
      try requireDifferent(names, "its attribute 'class_names'", dataset)
      labels.takeNames(names)
      return (labels.codes, names)
    }
    let names = labels.distinct.map(\.name)
    try requireDifferent(names, "the names of its classes", dataset)
    noteDoubtfulLabels(labels, of: dataset)
    return (labels.positions, names)
  }

  /// Refuses two classes of one name: nobody could tell them apart.
  private func requireDifferent(
    _ names: [String], _ what: String, _ dataset: Dataset
  ) throws(HDF5Error) {
    var seen: Set<String> = []
    guard let repeated = names.first(where: { !seen.insert($0).inserted }) else { return }
    throw dataset.error(
      .invalidValue, "\(what) hold '\(repeated)' twice; give every class a name of its own")
  }

  /// The values of a column of which one is no whole number; nil for labels of any other form.
  private func numbersThatAreNoLabels(_ dataset: Dataset) throws -> [Double]? {
    guard dataset.type.isNumeric else { return nil }
    switch dataset.type {
    case .boolean, .enumeration, .bits: return nil
    default: break
    }
    let isFloat = if case .float = dataset.type { true } else { false }
    guard try isFloat || Packing(dataset)?.isScaled == true else { return nil }
    let values = try finite(dataset)
    return values.allSatisfy { $0 == $0.rounded() } ? nil : values
  }

  /// The place of the one code among sorted ones that stands apart from a row 0, 1, ... or 1, 2, ...
  /// and is negative, or one of the numbers that files write for a missing code; nil if there is none.
  static func placeOfOddCode(_ codes: [Int]) -> Int? {
    func isRow(_ codes: ArraySlice<Int>) -> Bool {
      guard let first = codes.first, first == 0 || first == 1, codes.count > 1 else { return false }
      return zip(codes, first...).allSatisfy { $0 == $1 }
    }
    guard let first = codes.first, let last = codes.last else { return nil }
    if first < 0, isRow(codes.dropFirst()) { return 0 }
    let marks: Set<Int> = [9, 99, 127, 255, 999, 9999, 32767, 65535, Int(Int32.max)]
    return marks.contains(last) && isRow(codes.dropLast()) && last > codes.count
      ? codes.count - 1 : nil
  }

  /// Tells of labels that often mean that there is none.
  private func noteDoubtfulLabels(_ labels: ClassLabels, of dataset: Dataset) {
    let codes = labels.distinct.compactMap(\.code)
    let isEnumeration = if case .enumeration = dataset.type { true } else { false }
    // Of an enumeration, a value without a name was told already.
    if let odd = Self.placeOfOddCode(codes), codes.count == labels.distinct.count,
      !isEnumeration || labels.distinct[odd].name != "\(codes[odd])"
    {
      note(
        "\(codes[odd]) is one of the \(codes.count) classes of '\(dataset.path)', in "
          + "\(labels.count(of: odd)) rows; if it means that the class is missing, drop these rows")
    }
    let blanks = ["", "nan", "none", "null", "na", "n/a", "<na>"]
    for (place, label) in labels.distinct.enumerated()
    where label.code == nil && blanks.contains(label.name.lowercased().filter { $0 != " " }) {
      note(
        "'\(label.name)' is one of the classes of '\(dataset.path)', in \(labels.count(of: place)) "
          + "rows; if it means that the class is missing, drop these rows")
    }
  }
}
