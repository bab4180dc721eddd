import CHDF5

extension File {
  /// How many links a path may pass, soft links' own paths included.
  static let longestWalk = 32
  /// How many datasets a file may be asked to list.
  static let longestListing = 10_000

  /// The dataset at `path`, such as `X` or `/train/features`; the last component may be a field
  /// of a dataset of records.
  ///
  /// The path is walked link by link. Hard links and soft links that stay inside the file are
  /// followed, nothing else is.
  ///
  /// - Throws: ``HDF5Error`` if there is none; the message lists what there is and names the
  ///   nearest. What makes a dataset unreadable is thrown by the reading methods instead.
  public func dataset(_ path: String) throws(HDF5Error) -> Dataset {
    let found = try Library.locked { () throws(HDF5Error) in
      let found = try look(path)
      if case .group(let group) = found {
        throw HDF5Error(
          .missingDataset, file: self.path, dataset: path, whatGroup(group, at: path))
      }
      return found
    }
    guard case .dataset(let dataset) = found else {
      let names = (try? datasetPaths()) ?? []
      throw HDF5Error(
        .missingDataset, file: self.path, dataset: path, File.whatThereIs(names, insteadOf: path))
    }
    return dataset
  }

  /// Whether there is a dataset (or a field of one) at `path`.
  public func hasDataset(_ path: String) throws(HDF5Error) -> Bool {
    try Library.locked { () throws(HDF5Error) in try find(path) != nil }
  }

  /// The paths of all datasets, without the leading slash, in alphabetical order of each group.
  /// O(objects).
  public func datasetPaths() throws(HDF5Error) -> [String] {
    try Library.locked { () throws(HDF5Error) in
      var paths: [String] = []
      try walk { path, kind in
        if kind == .dataset { paths.append(path) }
      }
      return paths
    }
  }

  /// Whether the group at `path` has an attribute called `name`.
  func hasGroupAttribute(_ name: String, of path: String) throws(HDF5Error) -> Bool {
    try Library.locked { () throws(HDF5Error) in
      guard case .group(let group) = try look(path) else { return false }
      return H5Aexists(group.id, name) > 0
    }
  }

  private func find(_ path: String) throws(HDF5Error) -> Dataset? {
    if case .dataset(let dataset) = try look(path) { dataset } else { nil }
  }

  /// What a path leads to.
  private enum Found {
    case nothing
    case group(Handle)
    case dataset(Dataset)
  }

  private func look(_ path: String) throws(HDF5Error) -> Found {
    guard var place = openRoot() else { throw damaged(path) }
    let root = place
    var remaining = Array(File.components(path).reversed())
    var isDataset = false
    var steps = 0
    while let name = remaining.popLast() {
      if isDataset {
        guard remaining.isEmpty else { return .nothing }
        let dataset = try Dataset(place, path: path, in: self)
        return dataset.field(name).map { .dataset($0) } ?? .nothing
      }
      steps += 1
      guard steps <= File.longestWalk else {
        throw HDF5Error(
          .refused, file: self.path, dataset: path,
          "the path passes more than \(File.longestWalk) links; name the dataset's own place")
      }
      if name == ".." {
        throw HDF5Error(
          .refused, file: self.path, dataset: path,
          "a path with '..' is not followed; name the dataset from the file's top")
      }
      switch try follow(name, from: place, for: path) {
      case .nothing: return .nothing
      case .group(let group): place = group
      case .dataset(let dataset):
        place = dataset
        isDataset = true
      case .soft(let target):
        if target.hasPrefix("/") { place = root }
        remaining.append(contentsOf: File.components(target).reversed())
      }
    }
    return isDataset ? .dataset(try Dataset(place, path: path, in: self)) : .group(place)
  }

  private enum Step {
    case nothing
    case group(Handle)
    case dataset(Handle)
    case soft(String)
  }

  private func follow(
    _ name: String, from group: Handle, for path: String
  ) throws(HDF5Error) -> Step {
    var size = 0
    switch hdf5_link_kind(group.id, name, &size) {
    case -1:
      _ = Library.lastMessage()
      return .nothing
    case 0: break
    case 1:
      guard let target = softTarget(of: name, in: group, size: size) else { throw damaged(path) }
      return .soft(target)
    case 64:
      throw HDF5Error(
        .refused, file: self.path, dataset: path,
        "'\(name)' is a link into another file, which is not followed for safety; "
          + "open that file itself, or " + Remedy.copy(path, of: self.path))
    default:
      throw HDF5Error(
        .refused, file: self.path, dataset: path,
        "'\(name)' is a link of a kind made by another program; store the data themselves")
    }
    guard let access = Handle.list(hdf5_access_inside_file()),
      let object = Handle.object(H5Oopen(group.id, name, access.id))
    else { throw damaged(path) }
    var place: UInt64 = 0
    switch hdf5_object_kind(object.id, &place) {
    case 0: return .group(object)
    case 1: return .dataset(object)
    case 2: return .nothing
    default: throw damaged(path)
    }
  }

  private func softTarget(of name: String, in group: Handle, size: Int) -> String? {
    guard (1...4096).contains(size) else { return nil }
    var bytes = [UInt8](repeating: 0, count: size + 1)
    guard H5Lget_val(group.id, name, &bytes, size, hdf5_default()) >= 0 else { return nil }
    return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  func openRoot() -> Handle? { Handle.group(H5Gopen2(handle.id, "/", hdf5_default())) }

  static func components(_ path: String) -> [String] {
    path.split(separator: "/").map(String.init).filter { $0 != "." }
  }

  /// What a walk meets.
  enum ObjectKind {
    case dataset, softLink, externalLink, foreignLink, broken
  }

  /// Visits all datasets and unusual links once each, until `limit` links were passed. Groups that
  /// several links lead to are entered once, so that a file cannot make the walk endless.
  func walk(
    limit: Int = File.longestListing,
    _ visit: (_ path: String, _ kind: ObjectKind) throws(HDF5Error) -> Void
  ) throws(HDF5Error) {
    guard let root = openRoot(), let access = Handle.list(hdf5_access_inside_file()) else {
      throw damaged(nil)
    }
    var place: UInt64 = 0
    guard hdf5_object_kind(root.id, &place) == 0 else { throw damaged(nil) }
    var entered: Set<UInt64> = [place]
    var waiting: [(prefix: String, group: Handle, depth: Int)] = [("", root, 0)]
    var visited = 0
    while let (prefix, group, depth) = waiting.popLast() {
      var groups: [(prefix: String, group: Handle, depth: Int)] = []
      for name in linkNames(of: group) {
        visited += 1
        guard visited <= limit else { return }
        let path = prefix + name
        var size = 0
        switch hdf5_link_kind(group.id, name, &size) {
        case 0: break
        case 1:
          try visit(path, .softLink)
          continue
        case 64:
          try visit(path, .externalLink)
          continue
        case -1:
          try visit(path, .broken)
          continue
        default:
          try visit(path, .foreignLink)
          continue
        }
        guard let object = Handle.object(H5Oopen(group.id, name, access.id)) else {
          _ = Library.lastMessage()
          try visit(path, .broken)
          continue
        }
        switch hdf5_object_kind(object.id, &place) {
        case 0:
          if depth < File.longestWalk, entered.insert(place).inserted {
            groups.append((path + "/", object, depth + 1))
          }
        case 1: try visit(path, .dataset)
        case 2: break
        default: try visit(path, .broken)
        }
      }
      waiting.append(contentsOf: groups.reversed())
    }
  }

  func linkNames(of group: Handle) -> [String] {
    collectNames { hdf5_visit_links(group.id, $0, $1) }
  }
}

/// The names that one of the library's iterations visits, at most ``File/longestListing``.
func collectNames(_ iterate: (hdf5_name_visitor, UnsafeMutableRawPointer) -> Int32) -> [String] {
  var names: [String] = []
  withUnsafeMutablePointer(to: &names) { pointer in
    // Safe because: the visitor runs only during `iterate`, while the pointer is valid, and it is
    // the only user of `names` meanwhile.
    _ = iterate(
      { name, context in
        guard let name, let context else { return 1 }
        let names = context.assumingMemoryBound(to: [String].self)
        names.pointee.append(String(cString: name))
        return names.pointee.count < File.longestListing ? 0 : 1
      }, UnsafeMutableRawPointer(pointer))
  }
  _ = Library.lastMessage()
  return names
}
