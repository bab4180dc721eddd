import CHDF5
import Foundation

/// An HDF5 file open for reading; it is closed when the last reference is gone.
///
/// Nothing outside the file is ever read: links into other files, external and virtual storage
/// are refused, and filter plugins are not loaded. Sizes that a file declares are held against the
/// bytes that it stores and against the memory that is left before any is taken. Calls are
/// serialised, so a file may be used from any thread.
///
/// - Warning: What is not guarded here is libhdf5 itself: a file made to do harm can crash it, or
///   keep it busy for ever, while its structure is read, and with it the process. No cheap look
///   at the bytes tells such a file from a sound one. The command `bench` reads every file in a
///   child process first; a program that takes files from strangers has to do likewise, or run
///   `bench inspect FILE`, which exits with 65 for such a file.
public final class File: Sendable {
  /// The file, as it was named.
  public let path: String
  /// The file's size in bytes.
  public let byteCount: Int
  let handle: Handle

  /// Opens the file at `path` for reading.
  ///
  /// - Throws: ``HDF5Error`` if there is no such file, or it is not a readable HDF5 file.
  public init(readingFrom path: String) throws(HDF5Error) {
    self.path = path
    byteCount = try File.size(of: path)
    handle = try Library.locked { () throws(HDF5Error) in
      guard H5Fis_hdf5(path) > 0 else {
        throw HDF5Error(
          .notHDF5, file: path, OtherFormats.refusal(of: path), libraryMessage: nil)
      }
      let access = Handle.list(H5Pcreate(hdf5_file_access()))
      if let access {
        hdf5_lock_if_possible(access.id)
        H5Pset_cache(access.id, 0, 10_007, SlabPlan.cacheBytes, 1)
      }
      let id = H5Fopen(path, hdf5_read_only(), access?.id ?? hdf5_default())
      guard let handle = Handle(id, closedBy: { H5Fclose($0) }) else {
        throw HDF5Error(
          .damaged, file: path,
          "the file is damaged, cut short or still being written; copy or make it again",
          libraryMessage: Library.lastMessage())
      }
      return handle
    }
  }

  /// The kind of learning task that the file's attribute `task` names.
  public enum Task: String, Sendable, CaseIterable {
    case regression, binary, multiclass, ranking
  }

  /// The file's task; nil if it names none that is known.
  public var task: Task? {
    if case .text(let name)? = try? attribute("task") { Task(rawValue: name) } else { nil }
  }

  /// A text attribute of the file such as `source` or `licence`; nil if there is none.
  public func text(_ name: String) -> String? {
    if case .text(let text)? = try? attribute(name) { text } else { nil }
  }

  /// An attribute of the file; nil if there is none.
  public func attribute(_ name: String) throws(HDF5Error) -> AttributeValue? {
    try Library.locked { () throws(HDF5Error) in
      guard let root = Handle.group(H5Gopen2(handle.id, "/", hdf5_default())) else {
        throw damaged("/")
      }
      return try readAttribute(name, of: root, in: self, dataset: nil)
    }
  }

  /// All attributes of the file, by name.
  public func attributes() throws(HDF5Error) -> [Attribute] {
    try Library.locked { () throws(HDF5Error) in
      guard let root = Handle.group(H5Gopen2(handle.id, "/", hdf5_default())) else {
        throw damaged("/")
      }
      var budget = largestAttribute
      return readAttributes(of: root, in: self, dataset: nil, budget: &budget)
    }
  }

  func damaged(_ dataset: String?) -> HDF5Error {
    HDF5Error(
      .damaged, file: path, dataset: dataset,
      "the file is damaged here; copy or make it again", libraryMessage: Library.lastMessage())
  }

  private static func size(of path: String) throws(HDF5Error) -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else {
      let number = errno
      guard number == ENOENT || number == ENOTDIR else {
        throw HDF5Error(
          .unreadableFile, file: path,
          "the file cannot be read: \(String(cString: strerror(number)))")
      }
      throw HDF5Error(
        .missingFile, file: path, "there is no such file; check the name and the folder")
    }
    let kind = status.st_mode & S_IFMT
    if kind == S_IFDIR {
      throw HDF5Error(.unreadableFile, file: path, "this is a folder; name a file in it")
    }
    // A pipe or a device would make the library wait for ever.
    guard kind == S_IFREG else {
      throw HDF5Error(.unreadableFile, file: path, "this is not a regular file; copy it to one")
    }
    guard access(path, R_OK) == 0 else {
      throw HDF5Error(
        .unreadableFile, file: path,
        "the file cannot be read: \(String(cString: strerror(errno))); change its permissions")
    }
    guard status.st_size > 0 else {
      throw HDF5Error(.notHDF5, file: path, "the file is empty; copy or make it again")
    }
    return Int(status.st_size)
  }
}
