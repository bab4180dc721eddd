import Foundation
import HDF5
import Testing

@testable import bench

/// What a look at a file in another process makes of how that process ends.
struct FileProbeTests {
  /// Looks with a program of this line of `sh`, which another process writes: a file that this one
  /// has open for writing, if only in a child about to begin, cannot be run.
  private func outcome(_ script: String) throws -> FileProbe.Outcome {
    let bench = try BenchProcess()
    defer { bench.clean() }
    let made = try bench.shell(
      "printf '#!/bin/sh\\n%s\\n' '\(script)' > program && chmod 755 program")
    try #require(made.code == 0, "\(made.errors)")
    let program = bench.folder.appendingPathComponent("program").path
    return FileProbe.look(from: program, atFile: program)
  }

  @Test(arguments: ["SEGV", "BUS", "FPE", "ILL", "TRAP"])
  func crashes(signal: String) throws {
    #expect(try outcome("kill -\(signal) $$") == .crashed)
  }

  /// Users and the system end processes too; that says nothing of the file.
  @Test(arguments: ["KILL", "INT", "TERM", "HUP"])
  func whatIsNotTheFiles(signal: String) throws {
    #expect(try outcome("kill -\(signal) $$") == .harmless)
  }

  @Test func endsOfTheirOwn() throws {
    #expect(try outcome("exit 0") == .harmless)
    #expect(try outcome("exit 70") == .harmless)
    // The program is told what to do, and of which file.
    #expect(
      try outcome("[ $# = 2 ] && [ \"$1\" = --look-at-file ] && [ -f \"$2\" ] || kill -SEGV $$")
        == .harmless)
    #expect(FileProbe.look(from: "/nowhere/program", atFile: "/nowhere/file") == .harmless)
  }

  @Test func timeGrowsWithTheFile() {
    #expect(CrashGuard.seconds(toRead: 99_999) == 10)
    #expect(CrashGuard.seconds(toRead: 100_000) == 11)
    #expect(CrashGuard.seconds(toRead: 5_000_000) == 60)
  }
}
