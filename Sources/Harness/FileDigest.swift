import Crypto
public import Foundation

/// SHA-256 of files and bytes, in hexadecimal.
public enum FileDigest {
  /// The digest and size of a file, read in pieces of 1 MiB. O(bytes).
  ///
  /// - Throws: `CocoaError` if the file cannot be read.
  public static func sha256(ofFile path: String) throws -> (hex: String, bytes: Int) {
    let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { try? handle.close() }
    var hasher = SHA256()
    var bytes = 0
    while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
      hasher.update(data: piece)
      bytes += piece.count
    }
    return (hex(hasher.finalize()), bytes)
  }

  /// The digest of some bytes.
  public static func sha256(of data: Data) -> String { hex(SHA256.hash(data: data)) }

  private static func hex(_ digest: some Sequence<UInt8>) -> String {
    digest.map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0" + text : text
    }.joined()
  }
}
