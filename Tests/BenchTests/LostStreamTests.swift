import Foundation
import Testing

/// A terminal that is closed, full or gone: the work goes on, and listings end in silence.
struct LostStreamTests {
  private static let compare =
    "compare --data data.h5 --learners trees --rounds 3 --objective absolute --baseline none"

  private static let predictionsOfAWholeRun = Result {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileSketch().write("data.h5", for: bench)
    #expect(try bench.run(words("\(compare) --name whole")).code == 0)
    return try Data(contentsOf: bench.folder.appendingPathComponent("Reports/whole-predictions.h5"))
  }

  @Test(arguments: [
    "2>&-", "2>/dev/full", ">&-", ">/dev/full", "<&-", "<&- >&- 2>&-", ">/dev/full 2>&1",
    ">/dev/full 2>&-", "2>&1 | true", "2>&1 >/dev/null | true", "2>&1 | head -c 1 >/dev/null",
  ])
  func aReportIsWrittenAllTheSame(redirection: String) throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileSketch().write("data.h5", for: bench)
    let command = redirection.split(separator: "|", maxSplits: 1)
    let rest = command.count > 1 ? "|\(command[1])" : ""
    _ = try bench.shell(
      """
      { "$B" \(Self.compare) --name lost \(rest.isEmpty ? redirection : "")
        echo $? >code; } \(rest.isEmpty ? "" : "\(command[0])\(rest)")
      """)
    #expect(bench.text("code") == "0\n")
    #expect(try bench.files == ["Reports", "code", "data.h5"])
    // Nothing that was meant for a stream has got into a file.
    let lost = try Data(
      contentsOf: bench.folder.appendingPathComponent("Reports/lost-predictions.h5"))
    #expect(try lost == Self.predictionsOfAWholeRun.get())
    let page = bench.text("Reports/lost.md")
    #expect(page.hasPrefix("# ") && !page.contains("bench: "))
  }

  @Test(arguments: [
    "objectives", "objectives --json", "datasets", "inspect data.h5", "inspect data.h5 --json",
    "--help", "compare --help", "check --objective sne", "train trees --data data.h5 --rounds 2",
    "predict --model m --data data.h5 --output -",
  ])
  func aReaderThatGoesAwayIsNoError(command: String) throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileSketch().write("data.h5", for: bench)
    let made = try bench.run(Self.words("train trees --data data.h5 --rounds 2 --model m"))
    #expect(made.code == 0, "\(made.errors)")
    _ = try bench.shell(#"{ "$B" \#(command) 2>errors; echo $? >code; } | true"#)
    #expect(bench.text("code") == "0\n")
    #expect(bench.text("errors") == "")
  }

  @Test func aFullDiskBehindTheOutputIsOne() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    for command in ["objectives", "--help", "datasets --json"] {
      let outcome = try bench.shell(#""$B" \#(command) >/dev/full"#)
      #expect(outcome.code == 74)
      #expect(outcome.errors.hasPrefix("bench: error: standard output cannot be written"))
    }
  }

  private static func words(_ text: String) -> [String] {
    text.split(separator: " ").map(String.init)
  }
}
