import Foundation
import Tabular
import Testing

struct MemoryTests {
  @Test func moreThanThereIsIsRefused() throws {
    try Memory.require(1 << 20, for: "a test")
    #if os(Linux)
      let available = try #require(Memory.available())
      #expect(available > 1 << 20 && available < 1 << 50)
      let error = #expect(throws: MemoryShortage.self) {
        try Memory.require(1 << 60, for: "reading 'x.h5'")
      }
      #expect(error?.description.hasPrefix("not enough memory: reading 'x.h5' needs about") == true)
    #endif
  }

  @Test func bytesReadWell() {
    #expect(MemoryShortage.text(12_345_678) == "12 MB")
    #expect(MemoryShortage.text(3) == "1 MB")
    #expect(MemoryShortage.text(2_649_000_000) == "2.6 GB")
  }

  /// What is no file, or larger than memory, is not read at all.
  @Test func filesThatCannotBeHeldAreRefused() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("memory-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(mkfifo(folder + "/pipe", 0o600) == 0)
    #expect(throws: CocoaError.self) { try readFile(at: folder + "/pipe") }
    #expect(throws: CocoaError.self) { try readFile(at: "/dev/zero") }
    #expect(throws: CocoaError.self) { try readFile(at: folder) }
    #if os(Linux)
      // Sparse: it takes no room on the disk.
      #expect(FileManager.default.createFile(atPath: folder + "/huge", contents: nil))
      if truncate(folder + "/huge", 8 << 40) == 0 {
        #expect(throws: MemoryShortage.self) { try readFile(at: folder + "/huge") }
      }
    #endif
  }
}
