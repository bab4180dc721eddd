public import Foundation

#if canImport(CryptoKit)
  import CryptoKit
#else
  import CLibcrypto
#endif

/// SHA-256 of files and bytes, in hexadecimal.
public enum FileDigest {
  /// The digest and size of a file, read in pieces of 1 MiB. O(bytes).
  ///
  /// - Throws: `CocoaError` if the file cannot be read.
  public static func sha256(ofFile path: String) throws -> (hex: String, bytes: Int) {
    let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { try? handle.close() }
    let hasher = Digest256()
    var bytes = 0
    while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
      hasher.update(piece)
      bytes += piece.count
    }
    return (hex(hasher.finish()), bytes)
  }

  /// The digest of some bytes.
  public static func sha256(of data: Data) -> String {
    let hasher = Digest256()
    hasher.update(data)
    return hex(hasher.finish())
  }

  private static func hex(_ digest: [UInt8]) -> String {
    digest.map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0" + text : text
    }.joined()
  }
}

#if canImport(CryptoKit)
  /// SHA-256 of the system.
  private struct Digest256 {
    private var hasher = SHA256()

    mutating func update(_ data: Data) { hasher.update(data: data) }
    func finish() -> [UInt8] { Array(hasher.finalize()) }
  }
#else
  /// SHA-256 of libcrypto.
  private final class Digest256 {
    private let context: OpaquePointer

    init() {
      guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
      else { preconditionFailure("libcrypto has no memory for SHA-256") }
      self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    func update(_ data: Data) {
      // Safe because libcrypto reads exactly the bytes of the buffer, which outlives the call.
      let done = data.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
      precondition(done == 1, "libcrypto failed to update SHA-256")
    }

    func finish() -> [UInt8] {
      var digest = [UInt8](repeating: 0, count: 32)
      // Safe because SHA-256 writes the 32 bytes of the array.
      precondition(
        EVP_DigestFinal_ex(context, &digest, nil) == 1, "libcrypto failed to finish SHA-256")
      return digest
    }
  }
#endif
