/// The names of the columns that pandas keeps together in one field of a table.
///
/// `to_hdf(format='table')` puts columns of one type into fields `values_block_0`, ... and their names
/// into attributes `values_block_0_kind` as a list of texts, pickled in Python's protocol 0. Only
/// that form is read; nothing is unpickled.
enum PandasBlocks {
  /// The columns of the field `name` of `dataset`; nil if it is no such field.
  static func columns(of name: String, in dataset: Dataset) throws(HDF5Error) -> [String]? {
    guard case .text(let text) = try dataset.attribute("\(name)_kind") else { return nil }
    return names(pickled: text)
  }

  /// The texts in a pickled list: `(lp0`, then for each `Vtext`, `p1` and `a` on lines of their own.
  static func names(pickled text: String) -> [String]? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard lines.first?.hasPrefix("(lp") == true, lines.last == "a." else { return nil }
    var names: [String] = []
    for (place, line) in lines.dropFirst().dropLast().enumerated() {
      guard place % 2 == 0 else {
        guard line.hasPrefix("p") else { return nil }
        continue
      }
      // The first has no list mark before it.
      let mark = place == 0 ? "V" : "aV"
      guard line.hasPrefix(mark), !line.contains("\\") else { return nil }
      names.append(String(line.dropFirst(mark.count)))
    }
    return names.isEmpty ? nil : names
  }
}
