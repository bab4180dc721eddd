import CHDF5
import Foundation

/// The one door to libhdf5, which is not reentrant: every call to it happens inside `locked`.
///
/// The lock is recursive because an owner may close its handle while another call holds it.
enum Library {
  private static let lock = NSRecursiveLock()
  private static let started: Bool = {
    // The library's own work at the end of the process walks through what it made of every file,
    // and crashes there after some damaged ones. Files that are written are closed one by one.
    H5dont_atexit()
    H5open()
    // Plugins are code from a folder named by the environment: none is ever loaded.
    hdf5_load_no_plugins()
    return true
  }()

  /// Runs `body` alone. O(1) beside the body.
  static func locked<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    lock.lock()
    defer { lock.unlock() }
    _ = started
    // In a thread-safe build of the library this setting belongs to the thread.
    hdf5_print_no_errors()
    return try body()
  }

  /// Closes everything that is left open, as the library would by itself at the end of the process.
  fileprivate static func close() { _ = locked { H5close() } }

  /// What the library said about its last failure on this thread; nil if nothing.
  static func lastMessage() -> String? {
    let messages = hdf5_last_messages()
    let outer = text(messages.outer)
    let inner = text(messages.inner)
    if inner.isEmpty || inner == outer { return outer.isEmpty ? nil : outer }
    return outer.isEmpty ? inner : "\(outer): \(inner)"
  }

  /// The message in one line; of a failed system call only what the system said.
  private static func text<Characters>(_ characters: Characters) -> String {
    let message = withUnsafeBytes(of: characters) { bytes in
      // Safe because: the bytes are read while the tuple that holds them lives.
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    if let start = message.range(of: "error message = '") {
      return String(message[start.upperBound...].prefix { $0 != "'" })
    }
    return message.split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}

extension File {
  /// Has libhdf5 close all files and free everything that it made of them; nothing of this module
  /// may be used afterwards. Only a process that looks at files it does not trust needs this: after
  /// some damaged ones it crashes.
  public static func closeLibrary() { Library.close() }
}

/// Owns one handle of libhdf5 and closes it when the last user is gone.
final class Handle: Sendable {
  let id: hid_t
  private let close: @Sendable (hid_t) -> herr_t

  /// Takes over `id`; nil if it is not a valid handle.
  init?(_ id: hid_t, closedBy close: @escaping @Sendable (hid_t) -> herr_t) {
    guard id >= 0 else { return nil }
    self.id = id
    self.close = close
  }

  deinit {
    Library.locked { _ = close(id) }
  }

  static func type(_ id: hid_t) -> Handle? { Handle(id) { H5Tclose($0) } }
  static func space(_ id: hid_t) -> Handle? { Handle(id) { H5Sclose($0) } }
  static func list(_ id: hid_t) -> Handle? { Handle(id) { H5Pclose($0) } }
  static func object(_ id: hid_t) -> Handle? { Handle(id) { H5Oclose($0) } }
  static func dataset(_ id: hid_t) -> Handle? { Handle(id) { H5Dclose($0) } }
  static func group(_ id: hid_t) -> Handle? { Handle(id) { H5Gclose($0) } }
  static func attribute(_ id: hid_t) -> Handle? { Handle(id) { H5Aclose($0) } }
}
