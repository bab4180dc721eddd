import Foundation
import Testing

/// `make install` and `make uninstall`, into a folder of packagers (`DESTDIR`).
@Suite("Installing", .serialized) struct InstallTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// A copy of the command, newer than its sources, so that nothing is built.
  private func make(_ target: String, in bench: BenchProcess) throws -> Int32 {
    let copy = bench.folder.appending(path: "built-bench")
    if !FileManager.default.fileExists(atPath: copy.path) {
      try Data(contentsOf: BenchProcess.executable).write(to: copy)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: copy.path)
    }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "make", "-s", "-C", Self.root.path, target, "BENCH=\(copy.path)",
      "DESTDIR=\(bench.folder.path)/stage", "PREFIX=/opt/curvature",
    ]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  @Test("what is installed runs elsewhere and finds its datasets; uninstalling leaves no file")
  func installs() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    #expect(try make("install", in: bench) == 0)
    let stage = bench.folder.appending(path: "stage/opt/curvature")
    let process = Process()
    process.executableURL = stage.appending(path: "bin/bench")
    process.arguments = ["datasets"]
    process.currentDirectoryURL = stage
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0 && output.contains("pv-fleet"))
    for completion in [
      "bash-completion/completions/bench", "zsh/site-functions/_bench",
      "fish/vendor_completions.d/bench.fish",
    ] {
      let text = try String(
        contentsOf: stage.appending(path: "share/\(completion)"), encoding: .utf8)
      #expect(text.contains("compare") && text.contains("learning-rate"))
    }
    #expect(try make("uninstall", in: bench) == 0)
    let rest = FileManager.default.enumerator(
      at: stage, includingPropertiesForKeys: [.isRegularFileKey])
    let files = try (rest?.allObjects as? [URL] ?? []).filter {
      try $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true
    }
    #expect(files.isEmpty, "\(files)")
  }
}
