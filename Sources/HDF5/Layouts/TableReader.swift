import Tabular

/// Reads the parts of one table from one file, and notes what it had to decide.
final class TableReader {
  let file: File
  let layout: TableLayout
  /// Sentences for a person, without the file's name.
  private(set) var notes: [String] = []

  init(file: File, layout: TableLayout) {
    self.file = file
    let (freed, taken) = layout.leavingColumnsToTheirUse()
    self.layout = freed
    for column in taken where (try? file.hasDataset(column.path)) == true {
      note(
        "dataset '\(column.path)' is \(column.use), and so not taken for the \(column.name) of the "
          + "rows by its name alone; --\(column.name) \(column.path) does")
    }
  }

  /// Adds a sentence, unless it was said.
  func note(_ sentence: String) {
    if !notes.contains(sentence) { notes.append(sentence) }
  }

  /// Adds a sentence about columns: `columns 'a', 'b' and 3 more are ...`.
  func note(columns: [String], one: String, several: String) {
    guard !columns.isEmpty else { return }
    note(
      TableReader.list(columns, one: "column", several: "columns") + " "
        + (columns.count == 1 ? one : several))
  }

  /// Some names in words: `columns 'a', 'b' and 3 more`.
  static func list(_ names: [String], one: String, several: String, most: Int = 8) -> String {
    let shown = names.prefix(most).map { "'\($0)'" }.joined(separator: ", ")
    let rest = names.count > most ? " and \(names.count - most) more" : ""
    return "\(names.count == 1 ? one : several) \(shown)\(rest)"
  }

  /// The place of a column: of a group that holds categories and their codes, as AnnData and pandas
  /// write them, the codes; of one that holds values and what of them is missing, the values.
  func place(of path: String) throws(HDF5Error) -> String {
    guard try !file.hasDataset(path) else { return path }
    for (own, other) in [("/codes", "/categories"), ("/values", "/mask")] {
      if try file.hasDataset(path + own), try file.hasDataset(path + other) { return path + own }
    }
    return path
  }

  /// The dataset of a column, one value per row; nil if the table does without.
  ///
  /// - Parameter option: what names or leaves out the column.
  func dataset(
    _ column: TableLayout.Column, as role: String, rows: Int, hint: String = "",
    option: String? = nil
  ) throws -> Dataset? {
    let dataset: Dataset
    var remedy = "name a one-dimensional dataset"
    switch column {
    case .absent: return nil
    case .ifPresent(let path):
      let path = try place(of: path)
      guard try file.hasDataset(path) else { return nil }
      dataset = try file.dataset(path)
      if let option { remedy += ", or leave it out with `\(option): none`" }
    case .required(let path): dataset = try required(place(of: path), hint: hint)
    }
    // A matrix of one column is a column.
    guard dataset.shape.count == 1 || (dataset.shape.count == 2 && dataset.shape[1] == 1),
      dataset.width == 1
    else {
      try dataset.checkReadable()
      throw dataset.error(.wrongShape, shapeRefusal(of: dataset, role, rows: rows, remedy))
    }
    guard dataset.rowCount == rows else {
      throw dataset.error(
        .wrongShape,
        "it has \(dataset.rowCount) rows, but the features have \(rows); \(role) needs one value "
          + "per row" + turnedHint(dataset, rows: rows))
    }
    return dataset
  }

  private func required(_ path: String, hint: String) throws(HDF5Error) -> Dataset {
    do throws(HDF5Error) {
      return try file.dataset(path)
    } catch {
      guard error.code == .missingDataset, !hint.isEmpty else { throw error }
      throw HDF5Error(
        .missingDataset, file: error.file, dataset: error.dataset, "\(error.reason); \(hint)")
    }
  }

  private func shapeRefusal(
    of dataset: Dataset, _ role: String, rows: Int, _ remedy: String
  ) -> String {
    guard dataset.shape.count == 2 else {
      let columns = dataset.fieldName.flatMap { try? PandasBlocks.columns(of: $0, in: dataset) }
      return "each of its values is an array of \(dataset.width)"
        + (columns.map {
          TableReader.list($0, one: ", the pandas column", several: ", the pandas columns")
        } ?? "")
        + ", but \(role) needs one value per row; "
        + (columns == nil
          ? remedy
          : "write the frame with to_hdf(..., data_columns=True), so that each column has a name")
    }
    let (height, width) = (dataset.shape[0], dataset.shape[1])
    let isMatlab = isFromMatlab(dataset)
    if isMatlab, height == 1 {
      return "it is a matrix of 1 x \(width), but \(role) needs one value per row: "
        + TableReader.matlab
    }
    if height == 1 {
      return "it is one row of \(width) values, but \(role) needs one value per row; store it as a "
        + "single dimension, or turn it: in Python, y.reshape(-1)"
    }
    if height == rows, role == "the target" {
      return "it is a matrix of \(height) x \(width), but \(role) needs one value per row; if its "
        + "columns are classes (one-hot), store the number of the class (in Python, "
        + "y.argmax(axis=1)); if they are \(width) targets, store each as a dataset and name one"
    }
    return "it is a matrix of \(height) x \(width), but \(role) needs one value per row; \(remedy)"
  }

  /// What to say where rows do not match because the features' axes are exchanged.
  func turnedHint(_ dataset: Dataset, rows: Int) -> String {
    guard layout.features.count == 1, let features = try? file.dataset(layout.features[0]),
      features.shape.count == 2, features.shape[1] == dataset.rowCount
    else { return "" }
    return isFromMatlab(features) || isFromMatlab(dataset)
      ? ": " + TableReader.matlab
      : "; '\(features.path)' has as many columns as '\(dataset.path)' has rows, so its axes seem "
        + "to be exchanged: store it as rows x features (in Python, X.T)"
  }

  /// Whether MATLAB wrote a dataset, whose axes then stand the other way round.
  func isFromMatlab(_ dataset: Dataset) -> Bool {
    (try? dataset.attribute("MATLAB_class")) ?? nil != nil
  }

  /// What MATLAB does to axes, and what to do about it there.
  static let matlab =
    "MATLAB keeps the first dimension together, so its axes are reversed in HDF5, and an n x k "
    + "variable is k x n here; in MATLAB, save the transposed variables (X = X.'; y = y.'; "
    + "save('data.mat', 'X', 'y', '-v7.3')), so that rows are the first dimension here"
}
