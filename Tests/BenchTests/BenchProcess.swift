import Foundation
import HDF5
import Testing

/// The built command, run as a user runs it, in a folder of its own.
struct BenchProcess {
  /// How a run ended.
  struct Outcome {
    var code: Int32
    var output: String
    var errors: String
  }

  /// The folder it runs in.
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  /// Removes the folder.
  func clean() { try? FileManager.default.removeItem(at: folder) }

  /// The names of the files and folders there, in alphabetical order.
  var files: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
  }

  /// Runs `bench` with `arguments` and waits for it.
  func run(_ arguments: [String]) throws -> Outcome { try start(arguments).outcome() }

  /// Runs lines of `sh`, which find the command as `$B`, and waits for them.
  func shell(_ script: String) throws -> Outcome {
    try start(
      ["-c", script], program: URL(fileURLWithPath: "/bin/sh"),
      environment: ["B": Self.executable.path]
    ).outcome()
  }

  /// The text of a file in the folder; empty if it is not there.
  func text(_ name: String) -> String {
    (try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)) ?? ""
  }

  /// The same with other environment variables; nil takes one away.
  func run(_ arguments: [String], environment: [String: String?]) throws -> Outcome {
    try start(arguments, environment: environment).outcome()
  }

  /// A run that goes on.
  struct Running {
    let process: Process
    let output: URL
    let errors: URL

    /// Waits until the run has told `text` of its progress. It tells some every five seconds by the
    /// clock and is stopped for most of them, so that waiting takes little of the processor.
    func waitForProgress(_ text: String) async throws {
      for _ in 0..<24 {
        try await Task.sleep(for: .milliseconds(300))
        if try String(contentsOf: errors, encoding: .utf8).contains(text) { return }
        guard process.isRunning else { break }
        kill(process.processIdentifier, SIGSTOP)
        try await Task.sleep(for: .milliseconds(4900))
        kill(process.processIdentifier, SIGCONT)
      }
      Issue.record("no progress such as '\(text)' was told")
    }

    /// Waits until there is a file at `path`, a minute at most.
    func waitForFile(_ path: URL) {
      for _ in 0..<2400 where process.isRunning {
        if FileManager.default.fileExists(atPath: path.path) { return }
        Thread.sleep(forTimeInterval: 0.025)
      }
    }

    /// Waits for the end.
    func outcome() throws -> Outcome {
      process.waitUntilExit()
      func text(_ url: URL) throws -> String {
        defer { try? FileManager.default.removeItem(at: url) }
        return String(decoding: try Data(contentsOf: url), as: UTF8.self)
      }
      return Outcome(
        code: process.terminationReason == .exit ? process.terminationStatus : -1,
        output: try text(output), errors: try text(errors))
    }
  }

  /// Starts `bench` with `arguments`.
  func start(
    _ arguments: [String], program: URL? = nil, environment: [String: String?] = [:]
  ) throws -> Running {
    let process = Process()
    process.executableURL = try program ?? Self.executable
    if !environment.isEmpty {
      var all = ProcessInfo.processInfo.environment
      for (name, value) in environment { all[name] = value }
      process.environment = all
    }
    process.arguments = arguments
    process.currentDirectoryURL = folder
    // Files, not pipes: a pipe that nobody reads would stop the command.
    func stream() throws -> (URL, FileHandle) {
      let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
      try Data().write(to: url)
      return (url, try FileHandle(forWritingTo: url))
    }
    let (output, outputHandle) = try stream()
    let (errors, errorHandle) = try stream()
    process.standardOutput = outputHandle
    process.standardError = errorHandle
    try process.run()
    return Running(process: process, output: output, errors: errors)
  }

  /// `bench` beside the test bundle.
  static var executable: URL {
    get throws {
      #if os(Linux)
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let folder = URL(fileURLWithPath: tests).deletingLastPathComponent()
      #else
        let bundle = try #require(Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") })
        let folder = bundle.bundleURL.deletingLastPathComponent()
      #endif
      let executable = folder.appendingPathComponent("bench")
      try #require(FileManager.default.isExecutableFile(atPath: executable.path))
      return executable
    }
  }
}

/// A small regression file, with what a test wants to be different.
struct FileSketch {
  var rows = 80
  var features: [Float]?
  var targets: [Double]?
  var textTargets: [String]?
  var sizes: [Double]?
  var hasSizes = true
  var parts: [UInt8]?
  var hasParts = true
  var task: String? = "regression"

  /// Writes the file as `name` into the folder of `bench`.
  func write(_ name: String, for bench: BenchProcess) throws {
    let rows = rows
    let matrix =
      features
      ?? (0..<rows * 3).map { Float(($0 * 7919) % 101) / 50 }
    let targets = targets ?? (0..<rows).map { Double(($0 * 31) % 17) }
    try File.write(to: bench.folder.appendingPathComponent(name).path) { file in
      try file.write("X", matrix, shape: [rows, matrix.count / max(rows, 1)])
      try file.write("y", targets)
      if hasSizes { try file.write("size", sizes ?? (0..<rows).map { Double($0 % 5 + 1) }) }
      if hasParts {
        try file.write("split", parts ?? (0..<rows).map { UInt8($0 % 4 == 3 ? 1 : 0) })
      }
      if let task { try file.setAttribute("task", .text(task)) }
      try file.write("short", [Double](repeating: 1, count: rows / 2))
    }
  }
}
