import CHDF5

extension File {
  /// What a group is where a dataset was named, and which to name instead.
  func whatGroup(_ group: Handle, at path: String) -> String {
    func text(_ name: String) -> String? {
      switch try? readAttribute(name, of: group, in: self, dataset: path) {
      case .text(let text): text
      case .texts(let texts) where texts.count == 1: texts[0]
      default: nil
      }
    }
    let place = File.components(path).joined(separator: "/")
    switch (text("pandas_type"), text("encoding-type")) {
    case ("frame_table"?, _): return "it is a table of pandas; name '\(place)/table'"
    case ("frame"?, _):
      return "it is a frame that pandas keeps in blocks of one type; name '\(place)/block0_values' "
        + "and its sisters, or write it with to_hdf(..., format='table') and name '\(place)/table'"
    case (_, let kind?) where kind.hasSuffix("_matrix"):
      return "it is a sparse matrix (\(kind)), which is not read; store it dense (in Python, "
        + "adata.X = adata.X.toarray())"
    case (_, "dataframe"?):
      return "it is a table of AnnData; name its columns, such as '\(place)/NAME'"
    default: break
    }
    let names = linkNames(of: group).map { place.isEmpty ? $0 : "\(place)/\($0)" }
    guard !names.isEmpty else { return "it is an empty group; name a dataset" }
    return "it is a group, not a dataset; name one in it: "
      + names.prefix(12).map { "'\($0)'" }.joined(separator: ", ")
      + (names.count > 12 ? " and \(names.count - 12) more" : "")
  }
}
