import Foundation
import HDF5
import MLP
import Testing

@testable import bench

/// `bench --version`, and which of OpenBLAS's kernels it says run.
@Suite("Version") struct VersionTests {
  private func text(_ coretype: String?) throws -> String {
    let bench = try BenchProcess()
    defer { bench.clean() }
    let outcome = try bench.run(["--version"], environment: ["OPENBLAS_CORETYPE": coretype])
    #expect(outcome.code == 0)
    return outcome.output
  }

  @Test("names commit, compiler, libraries and packages") func lines() throws {
    let lines = try text(nil).split(separator: "\n").map(String.init)
    #expect(lines[0].hasPrefix("bench \(Version.package), commit "))
    #expect(lines[1].hasPrefix("compiler  Swift 6."))
    #expect(lines[2] == "HDF5      \(File.libraryVersion)")
    #expect(lines[3].hasPrefix("BLAS      OpenBLAS "))
    // Known where the build was `make`'s.
    let packages = lines.first { $0.hasPrefix("packages  ") }
    #expect((packages == nil) == Version.packages.isEmpty)
    if let packages { #expect(packages.contains("swift-numerics 1.")) }
  }

  @Test("the commit is that of the sources") func commit() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    guard FileManager.default.fileExists(atPath: root.appending(path: ".git").path) else { return }
    let commit = Version.commit.split(separator: " ").first { $0.allSatisfy(\.isHexDigit) }
    #expect(commit?.count == 12, "\(Version.commit)")
  }

  /// The right values are the features the system lists (see `GuardedRunTests`) in OpenBLAS's names.
  @Test("without OPENBLAS_CORETYPE the widest kernels run", arguments: [nil, ""])
  func kernelsOfTheProcessor(coretype: String?) throws {
    let level = VectorLevelProbe.ofProcessor
    guard level > 0 else { return }
    let blas = try text(coretype).split(separator: "\n").first { $0.hasPrefix("BLAS") }
    let line = String(try #require(blas))
    let names = [
      1: ["Sandybridge", "Bulldozer", "Piledriver", "Steamroller", "Excavator"],
      2: ["Haswell", "Zen"], 3: ["SkylakeX", "Cooperlake", "SapphireRapids"],
    ]
    #expect(names[level, default: []].contains { line.contains("\($0) kernels") }, "\(line)")
  }

  @Test("a name in OPENBLAS_CORETYPE is respected") func named() throws {
    guard VectorLevelProbe.ofProcessor > 1 else { return }
    let text = try text("Sandybridge")
    #expect(text.contains("Sandybridge kernels, chosen by OPENBLAS_CORETYPE"))
    #expect(text.contains("note: ") && text.contains("unset it"))
  }

  /// Bulldozer's kernels use instructions (FMA4) that later processors do not have.
  @Test("kernels that crash are left for others, with a note") func crashing() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    let outcome = try bench.run(["--version"], environment: ["OPENBLAS_CORETYPE": "Bulldozer"])
    #expect(outcome.code == 0)
    if !VectorLevelProbe.flags.contains("fma4"), outcome.output.contains("Bulldozer") {
      #expect(outcome.output.contains("note: OpenBLAS's Bulldozer kernels crash (signal 4)"))
      #expect(outcome.output.contains("Prescott kernels, chosen by the processor's instructions"))
    }
  }

  /// Model bytes may differ between kernels, but the reason must not be the number of threads.
  @Test("training under chosen kernels gives the same bytes for any number of threads")
  func threads() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileSketch(rows: 400).write("t.h5", for: bench)
    func model(_ threads: Int) throws -> Data {
      let outcome = try bench.run(
        [
          "train", "mlp", "--data", "t.h5", "--model", "\(threads).model", "--epochs", "3",
          "--batch", "256", "--threads", "\(threads)", "--quiet",
        ], environment: ["OPENBLAS_CORETYPE": nil])
      #expect(outcome.code == 0, "\(outcome.errors)")
      return try Data(contentsOf: bench.folder.appendingPathComponent("\(threads).model"))
    }
    #expect(try model(1) == model(3))
  }

  @Test("a lagging kernel is told once in training, not with --quiet") func notice() throws {
    guard VectorLevelProbe.ofProcessor > 1 else { return }
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileSketch().write("t.h5", for: bench)
    func errors(_ learner: String, _ more: [String] = []) throws -> String {
      try bench.run(
        ["train", learner, "--data", "t.h5"] + (learner == "mlp" ? ["--epochs", "1"] : []) + more,
        environment: ["OPENBLAS_CORETYPE": "Prescott"]
      ).errors
    }
    #expect(try errors("mlp").components(separatedBy: "Prescott kernels").count == 2)
    #expect(try !errors("mlp", ["--quiet"]).contains("Prescott"))
    #expect(try !errors("trees").contains("Prescott"))
  }
}

/// What the system lists of the processor's instructions: 3 AVX-512, 2 AVX2, 1 AVX, 0 less.
private enum VectorLevelProbe {
  static let flags: Set<Substring> = {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    return Set(
      (text.split(separator: "\n").first { $0.hasPrefix("flags") } ?? "").split(separator: " "))
  }()

  static let ofProcessor: Int = {
    #if os(Linux) && arch(x86_64)
      if flags.isSuperset(of: ["avx512f", "avx512cd", "avx512dq", "avx512bw", "avx512vl"]) {
        return 3
      }
      return flags.isSuperset(of: ["avx2", "fma"]) ? 2 : flags.contains("avx") ? 1 : 0
    #else
      return 0
    #endif
  }()
}
