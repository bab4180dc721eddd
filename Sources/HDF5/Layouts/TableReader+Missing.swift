import Tabular

/// Values that other datasets say are missing.
extension TableReader {
  /// Whether each value is missing, as a mask of booleans beside `values` says (AnnData's columns of
  /// whole numbers, booleans or texts that may be missing). Nil if there is none.
  func mask(of dataset: Dataset) throws -> [Bool]? {
    let components = File.components(dataset.path)
    guard dataset.fieldName == nil, components.last == "values" else { return nil }
    let path = (components.dropLast() + ["mask"]).joined(separator: "/")
    guard try file.hasDataset(path) else { return nil }
    let mask = try file.dataset(path)
    guard mask.type == .boolean, mask.shape == dataset.shape else { return nil }
    return try mask.integers().map { $0 != 0 }
  }

  /// The rows of a column in which its mask, or a code that stands for no category, says that the
  /// value is missing.
  func markedRows(of dataset: Dataset) throws -> [Int] {
    if let mask = try mask(of: dataset) { return mask.indices.filter { mask[$0] } }
    if let names = try categories(of: dataset) {
      let codes = try dataset.integers()
      return codes.indices.filter { !names.indices.contains(codes[$0]) }
    }
    guard try isPandasCategory(dataset) else { return [] }
    let codes = try dataset.integers()
    return codes.indices.filter { codes[$0] < 0 }
  }

  /// Blanks what is missing in the columns of features, and tells of codes that are read as numbers.
  func blankMissing(in matrix: inout FeatureMatrix, _ sources: [Dataset]) throws {
    var codes: [String] = []
    var column = 0
    for source in sources {
      defer { column += source.width }
      guard source.width == 1 else { continue }
      let isOfCodes = try isPandasCategory(source) || categories(of: source) != nil
      if isOfCodes { codes.append(matrix.names[column]) }
      matrix.blank(column, rows: try markedRows(of: source))
    }
    note(
      columns: codes,
      one: "holds codes of categories, which are read as numbers in their order",
      several: "hold codes of categories, which are read as numbers in their order")
  }

  /// Whether a field of a pandas table holds the codes of a categorical column.
  func isPandasCategory(_ dataset: Dataset) throws -> Bool {
    guard let field = dataset.fieldName, case .integer = dataset.type else { return false }
    switch try dataset.attribute("\(field)_meta") {
    case .text("category"): return true
    case .texts(let texts): return texts == ["category"]
    default: return false
    }
  }
}
