import Foundation
import Testing

@testable import bench

/// A crash while a file is read ends in a sentence; a crash at any other time stays one.
struct CrashGuardTests {
  private func errors(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }

  @Test func aWildPointerIsTheFiles() async {
    let result = await #expect(
      processExitsWith: .exitCode(65), observing: [\.standardErrorContent]
    ) {
      CrashGuard.reading("bad.h5") { _ = raise(SIGSEGV) }
    }
    #expect(errors(result).contains("bench: error: bad.h5: reading this file crashed, so it is"))
  }

  @Test func anAbortIsTheFiles() async {
    await #expect(processExitsWith: .exitCode(65)) {
      CrashGuard.reading("bad.h5") { () -> Void in abort() }
    }
  }

  /// The handler has a stack of its own, or there would be no room for it.
  @Test func endlessRecursionIsTheFiles() async {
    await #expect(processExitsWith: .exitCode(65)) {
      @inline(never) func deeper(_ bytes: [UInt8], _ depth: Int) -> Int {
        guard depth >= 0 else { return 0 }  // Never so; the compiler refuses less.
        let more = bytes + [UInt8(truncatingIfNeeded: depth)]
        return deeper(more.suffix(8) + [], depth + 1) &+ more.count
      }
      CrashGuard.reading("bad.h5") { print(deeper([], 0)) }
    }
  }

  @Test func anEndlessLoopIsTheFiles() async {
    let result = await #expect(
      processExitsWith: .exitCode(65), observing: [\.standardErrorContent]
    ) {
      // What the timer sends when the time is over.
      CrashGuard.reading("bad.h5") { _ = raise(SIGPROF) }
    }
    #expect(errors(result).contains("bad.h5: reading this file does not end"))
  }

  @Test func honestFilesHaveTime() {
    // 1 GB: less than three hours of processor time would be dishonest.
    #expect(CrashGuard.seconds(toRead: 1_000_000_000) > 9000)
    #expect(CrashGuard.seconds(toRead: 0) == 10)
  }

  @Test func anotherCrashStaysOne() async {
    await #expect(processExitsWith: .signal(SIGSEGV)) {
      CrashGuard.reading("good.h5") {}
      signal(SIGSEGV, SIG_DFL)
      _ = raise(SIGSEGV)
    }
  }

  @Test func emptyFoldersGo() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bench-crash-test")
    try? FileManager.default.removeItem(at: folder)
    await #expect(processExitsWith: .exitCode(65)) {
      let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bench-crash-test")
      _ = try OutputFolder(making: folder.appendingPathComponent("deep").path)
      CrashGuard.reading("bad.h5") { _ = raise(SIGSEGV) }
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path))
  }
}
