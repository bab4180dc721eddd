import CHDF5

/// What a file holds, for a person to read.
public struct Contents: Sendable {
  /// The file's attributes.
  public let attributes: [Attribute]
  /// Datasets and links, in alphabetical order of each group.
  public let items: [Item]

  /// A dataset, or a link that leads to none that is read.
  public struct Item: Sendable {
    /// Its path, without the leading slash.
    public let path: String
    /// Its extents; nil if it could not be looked at.
    public let shape: [Int]?
    /// Its type in words.
    public let type: String
    /// How its values are stored.
    public let storage: Dataset.Storage?
    /// Its attributes.
    public let attributes: [Attribute]
    /// Whether it can be read.
    public let isReadable: Bool
    /// How it would be read, or why it is refused, in words.
    public let reading: String
  }
}

extension File {
  /// Looks at everything in the file without reading values. O(objects).
  ///
  /// - Throws: ``HDF5Error`` if the file's top is damaged; damage below is told item by item.
  public func contents() throws(HDF5Error) -> Contents {
    let attributes = try attributes()
    var items: [Contents.Item] = []
    // Of all attributes together.
    var budget = 4 * largestAttribute
    try Library.locked { () throws(HDF5Error) in
      try walk { path, kind in
        switch kind {
        case .dataset: items.append(item(path, &budget))
        case .softLink:
          let leads = (try? hasDataset(path)) ?? false
          items.append(
            link(path, "soft link", leads ? "as what it leads to" : "leads to no dataset"))
        case .externalLink:
          items.append(link(path, "external link", "refused: leads into another file"))
        case .foreignLink:
          items.append(link(path, "link", "refused: made by another program"))
        case .broken:
          items.append(
            link(path, "unknown", "cannot be opened: it is damaged, or its name is not UTF-8"))
        }
      }
    }
    return Contents(attributes: attributes, items: items)
  }

  private func link(_ path: String, _ type: String, _ reading: String) -> Contents.Item {
    Contents.Item(
      path: path, shape: nil, type: type, storage: nil, attributes: [], isReadable: false,
      reading: reading)
  }

  private func item(_ path: String, _ budget: inout Int) -> Contents.Item {
    do throws(HDF5Error) {
      let dataset = try dataset(path)
      let attributes = dataset.attributes(budget: &budget)
      var reading = dataset.use + dataset.remarks(attributes)
      var isReadable = true
      do throws(HDF5Error) {
        try dataset.checkReadable()
      } catch {
        isReadable = false
        reading = "refused: \(error.reason)"
      }
      return Contents.Item(
        path: path, shape: dataset.storage.layout == .virtual ? nil : dataset.shape,
        type: "\(dataset.type)", storage: dataset.storage,
        attributes: attributes, isReadable: isReadable, reading: reading)
    } catch {
      return link(path, "unknown", "refused: \(error.reason)")
    }
  }
}

extension Dataset {
  /// What the convention takes the dataset for, in words.
  fileprivate var use: String {
    let name = File.components(path).joined(separator: "/")
    switch (type, shape.count) {
    case (.text, _): return name == "y" ? "target: classes by name" : "names, classes or groups"
    case (.compound(let fields), _):
      let numeric = fields.filter { $0.type.numberCount > 0 }.count
      let others = fields.count - numeric
      return "\(numeric) numeric field\(numeric == 1 ? "" : "s"), named \(name)/FIELD"
        + (others > 0 ? "; \(others) without numbers left out" : "")
    case (.array, _): return "matrix of \(width) columns for `features: \(name)`"
    case (_, 2) where shape[1] != 1:
      return name == "X"
        ? "features: \(shape[0]) rows, \(shape[1]) columns" : "matrix for `features: \(name)`"
    default: break
    }
    switch name {
    case "X": return "features: \(rowCount) rows, 1 column"
    case "y": return "target"
    case "group", "split", "time": return "\(name), taken by default"
    case "weight": return "row weights with `weight: weight`"
    default: return "column: row data '\(name)', or a feature"
    }
  }

  /// What attributes change about the reading, in words behind it.
  fileprivate func remarks(_ attributes: [Attribute]) -> String {
    var words = ""
    if let packing = try? Packing(self) {
      if packing.isScaled { words += "; unpacked as CF and NetCDF say (scale_factor, add_offset)" }
      if !packing.fills.isEmpty { words += "; fill values are missing" }
    }
    if shape.count == 2, attributes.contains(where: { $0.name == "MATLAB_class" }) {
      words += "; in MATLAB it is \(shape[1]) x \(shape[0]): axes are reversed"
    }
    return words
  }
}
