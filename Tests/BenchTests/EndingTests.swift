import Foundation
import HDF5
import Testing

@testable import bench

/// How runs end from outside: by signals, limits and lost folders. Nothing half stays, finished
/// trials are kept, and the exit code says which it was.
struct EndingTests {
  /// A comparison whose first trials are quick and whose last one never ends by itself.
  private static let endless =
    "compare --data data.h5 --learners trees --objective sne --objective absolute --baseline none "
    + "--baselines none --name n --seeds 2 --leaves 4 --min-child-rows 2 --early-stopping 0"

  /// Steps so small that no trial ends before its last round.
  private static let slowly = ["--learning-rate", "0.000001"]

  private static func words(_ text: String) -> [String] {
    text.split(separator: " ").map(String.init)
  }

  private func words(_ text: String) -> [String] { Self.words(text) }

  private func names(_ bench: BenchProcess, _ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(
      atPath: bench.folder.appendingPathComponent(folder).path)) ?? []).sorted()
  }

  /// What the comparison predicts if nothing stops it.
  private static let predictionsInOneGo = Result {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileSketch().write("data.h5", for: bench)
    let outcome = try bench.run(words(endless) + ["--rounds", "4000"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    return try Data(contentsOf: bench.folder.appendingPathComponent("Reports/n-predictions.h5"))
  }

  @Test(arguments: [SIGKILL, SIGHUP, SIGQUIT, SIGTERM])
  func finishedTrialsAreKeptAndTakenUpAgain(signal: Int32) throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileSketch().write("data.h5", for: bench)
    let command = words(Self.endless) + ["--rounds", "4000"]
    let running = try bench.start(command)
    running.waitForFile(bench.folder.appendingPathComponent("Reports/n.trials/trial-2.json"))
    kill(running.process.processIdentifier, signal)
    let ended = try running.outcome()
    #expect(ended.code == (signal == SIGKILL ? -1 : 128 + signal))
    let kept = names(bench, "Reports/n.trials").filter { $0.hasPrefix("trial-") }
    #expect(kept.count >= 2)
    #expect(
      names(bench, "Reports") == ["figures", "n.trials"] || names(bench, "Reports") == ["n.trials"])

    // A report of what there is, without any work.
    let partial = try bench.run(command + ["--finished-only"])
    #expect(partial.code == 0, "\(partial.errors)")
    #expect(partial.errors.contains("taken from an earlier run of this command"))
    #expect(bench.text("Reports/n.json").contains("\"isComplete\" : false"))

    let whole = try bench.run(command)
    #expect(whole.code == 0, "\(whole.errors)")
    #expect(
      whole.errors.components(separatedBy: "taken from an earlier run").count - 1 == kept.count)
    #expect(!names(bench, "Reports").contains("n.trials"))

    // The same as in one go, but for the times.
    let predictions = try Data(
      contentsOf: bench.folder.appendingPathComponent("Reports/n-predictions.h5"))
    #expect(try predictions == Self.predictionsInOneGo.get())
  }

  @Test func trialsOfAnotherCommandAreNotTaken() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileSketch().write("data.h5", for: bench)
    let running = try bench.start(words(Self.endless) + ["--rounds", "4000"])
    running.waitForFile(bench.folder.appendingPathComponent("Reports/n.trials/trial-1.json"))
    kill(running.process.processIdentifier, SIGKILL)
    _ = try running.outcome()
    let other = try bench.run(words(Self.endless) + ["--rounds", "3"])
    #expect(other.code == 0 && !other.errors.contains("taken from"))
    let none = try bench.run(words(Self.endless) + ["--rounds", "5", "--finished-only"])
    #expect(none.code == 66)
    #expect(none.errors.contains("no finished trial of this command is kept"))
  }

  @Test func anInterruptedComparisonHasAReportAndGoesOn() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileSketch().write("data.h5", for: bench)
    let command = words(Self.endless) + ["--rounds", "4000"]
    let running = try bench.start(command)
    running.waitForFile(bench.folder.appendingPathComponent("Reports/n.trials/trial-1.json"))
    running.process.interrupt()
    let ended = try running.outcome()
    #expect(ended.code == 130, "\(ended.errors)")
    #expect(ended.errors.contains("interrupted; the report has the trials that were finished"))
    #expect(bench.text("Reports/n.md").hasPrefix("# "))
    let whole = try bench.run(command)
    #expect(whole.code == 0 && whole.errors.contains("taken from an earlier run"))
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func anEndBeforeAnythingIsFinishedLeavesNothing(signal: Int32, code: Int32) async throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileSketch(rows: 40_000).write("data.h5", for: bench)
    let running = try bench.start(words(Self.endless) + ["--rounds", "1000000"] + Self.slowly)
    try await running.waitForProgress("%")
    let began = Date()
    kill(running.process.processIdentifier, signal)
    let ended = try running.outcome()
    #expect(ended.code == code)
    #expect(Date().timeIntervalSince(began) < 30)
    let left = try bench.files
    #expect(left == ["data.h5"])
  }

  @Test func twoInterruptsEndAtOnce() async throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    // Targets that small steps take very many rounds to follow.
    let targets = (0..<20_000).map { (row: Int) -> Double in Double((row * row + 31 * row) % 1009) }
    try FileSketch(rows: 20_000, targets: targets).write("data.h5", for: bench)
    let running = try bench.start(
      words(
        "train trees --data data.h5 --objective sne --rounds 1000000 --leaves 4 "
          + "--learning-rate 0.0001 --model m"))
    try await running.waitForProgress("tree ")
    kill(running.process.processIdentifier, SIGINT)
    kill(running.process.processIdentifier, SIGINT)
    #expect(try running.outcome().code == 130)
  }

  @Test(arguments: [
    "train trees --model out/m", "compare --output out", "predict --output out/p.h5",
  ])
  func aLimitOnFilesLeavesNothingHalf(command: String) throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileSketch(rows: 4000).write("data.h5", for: bench)
    try FileManager.default.createDirectory(
      at: bench.folder.appendingPathComponent("out"), withIntermediateDirectories: true)
    let made = try bench.run(words("train trees --data data.h5 --rounds 200 --model whole"))
    #expect(made.code == 0, "\(made.errors)")
    let options =
      command.hasPrefix("predict")
      ? "--model whole"
      : "--rounds 200"
        + (command.hasPrefix("compare") ? " --learners trees --objective absolute" : "")
    try Data("old".utf8).write(to: bench.folder.appendingPathComponent("out/m"))
    let outcome = try bench.shell(
      "ulimit -f 2; \"$B\" \(command) --data data.h5 --quiet \(options)")
    #expect(outcome.code == 74, "\(outcome.errors)")
    #expect(outcome.errors.components(separatedBy: "\n").count { $0.contains("error: ") } == 1)
    #expect(outcome.errors.contains("cannot write"))
    let left = FileManager.default.enumerator(atPath: bench.folder.path)?.allObjects as? [String]
    #expect(left?.contains { $0.contains("partial") } == false)
    #expect(bench.text("out/m") == "old")
  }

  @Test func whatAKilledRunLeftGoes() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileSketch().write("data.h5", for: bench)
    // A process of that number has ended: it was the shell's.
    let outcome = try bench.shell(
      """
      sh -c 'echo $$' >pid; : >.m.$(cat pid)-1.partial; : >.m.1-1.partial; : >.other.$(cat pid)-1.partial
      "$B" train trees --data data.h5 --rounds 2 --model m --quiet >/dev/null; rm pid
      """)
    #expect(outcome.code == 0)
    let files = try bench.files
    #expect(files.filter { $0.hasPrefix(".m.") } == [".m.1-1.partial"])
    #expect(files.contains("m") && files.contains { $0.hasPrefix(".other.") })
  }

  @Test func aFolderThatGoesAwayIsMadeAgain() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileSketch().write("data.h5", for: bench)
    let running = try bench.start(words(Self.endless) + ["--rounds", "2000"])
    running.waitForFile(bench.folder.appendingPathComponent("Reports/n.trials/trial-1.json"))
    try FileManager.default.removeItem(at: bench.folder.appendingPathComponent("Reports"))
    let ended = try running.outcome()
    #expect(ended.code == 0, "\(ended.errors)")
    #expect(bench.text("Reports/n.md").hasPrefix("# "))
  }

  #if os(Linux)
    /// From limits under which the program does not even start to such that are wide enough: a
    /// sentence or a model, never a crash, and never the file's fault.
    @Test func memoryThatIsNotThereIsASentence() throws {
      let bench = try BenchProcess()
      defer { bench.clean() }
      let rows = 400_000
      try FileSketch(
        rows: rows, features: (0..<rows * 24).map { Float(($0 * 7919) % 101) },
        targets: (0..<rows).map { Double($0 % 97) }, hasSizes: false
      ).write("data.h5", for: bench)
      var codes: Set<Int32> = []
      for megabytes in stride(from: 200, through: 800, by: 60) {
        let outcome = try bench.shell(
          """
          ulimit -v \(megabytes * 1000); ulimit -c 0
          "$B" train trees --data data.h5 --rounds 1 --threads 2 --quiet
          """)
        codes.insert(outcome.code)
        if outcome.code == 71 {
          #expect(outcome.errors.contains("not enough memory"))
        } else {
          #expect(outcome.code == 0 || outcome.code == 127, "\(megabytes): \(outcome.errors)")
        }
      }
      #expect(codes.isSuperset(of: [0, 71]))
    }
  #endif

  @Test func codesAreToldApart() {
    #expect(Set(ExitStatus.allCases.map(\.rawValue)).count == ExitStatus.allCases.count)
    for status in ExitStatus.allCases {
      #expect(ExitStatus.summary.contains("\(status.rawValue) \(status.meaning)"))
    }
  }
}
