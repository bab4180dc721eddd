import Foundation
import HDF5
import TestSupport
import Testing

/// Names in a file, of a file and on the command line that try to be more than names.
struct HostileNamesTests {
  private static let markup =
    "<script>alert(1)</script>![x](https://e.example/x.png)[y](javascript:z) | `c` \u{1B}[31m\u{202E}\n# H"

  /// 240 rows of 12 groups, with a hostile name wherever a file has one.
  private func write(_ name: String, for bench: BenchProcess, classes: Bool) throws {
    let rows = 240
    try File.write(to: bench.folder.appendingPathComponent(name).path) { file in
      try file.write(
        "X", (0..<rows * 3).map { Float(($0 * 7919) % 101) / 50 }, shape: [rows, 3])
      try file.setAttribute(
        "feature_names", .texts((0..<3).map { "\(Self.markup)\($0)" }), of: "X")
      try file.write("y", (0..<rows).map { Int32(($0 * 31) % 17 % 3) })
      try file.setAttribute("unit", .text("kWh" + Self.markup), of: "y")
      if classes {
        try file.setAttribute(
          "class_names", .texts((0..<3).map { "\($0)" + Self.markup }), of: "y")
      }
      try file.write("size", (0..<rows).map { Double($0 % 50 + 1) })
      try file.setAttribute("unit", .text("kWp" + Self.markup), of: "size")
      try file.write("group", (0..<rows).map { Int32($0 % 12) })
      try file.setAttribute("name", .text("system" + Self.markup), of: "group")
      try file.setAttribute("task", .text(classes ? "multiclass" : "regression"))
    }
  }

  @Test(arguments: [false, true])
  func aReportShowsThemAndNoMore(classes: Bool) throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    let name = "a|b`<i>&\u{1B}[1m$x$.h5"
    try write(name, for: bench, classes: classes)
    let objective = classes ? "softmax" : "square(\n<script>score - y) | `*_x_*` /size)"
    let arguments = [
      "compare", "--data", name, "--rounds", "3", "--epochs", "2", "--split-by", "group",
      "--name", "<b>n|`*", "--objective", objective, "--form", "both",
    ]
    let refused = try bench.run(arguments)
    if !classes {
      // No formula at all; the sentence shows it as it is typed.
      #expect(refused.code == 64)
      #expect(!refused.errors.unicodeScalars.contains { $0 != "\n" && HostileText.isShapeless($0) })
    }
    let outcome =
      classes ? refused : try bench.run(arguments.map { $0 == objective ? "sne" : $0 })
    #expect(outcome.code == 0, "\(outcome.errors)")
    for text in [outcome.output, outcome.errors] {
      #expect(!text.unicodeScalars.contains { $0 != "\n" && HostileText.isShapeless($0) })
      #expect(!text.contains("\n# H"))
    }
    let folder = bench.folder.appendingPathComponent("Reports")
    let page = bench.text("Reports/<b>n|`*.md")
    #expect(page.contains("&lt;script&gt;"))
    #expect(HostileText.fault(ofPage: page) == nil)
    let figures = try FileManager.default.contentsOfDirectory(
      atPath: folder.appendingPathComponent("figures").path)
    #expect(!figures.isEmpty)
    for figure in figures {
      let text = bench.text("Reports/figures/\(figure)")
      let elements = HostileText.elements(ofSVG: text)
      #expect(elements?.isDisjoint(with: ["script", "a", "image", "foreignObject"]) == true)
      #expect(!text.unicodeScalars.contains { $0 != "\n" && HostileText.isShapeless($0) })
    }
  }

  @Test func aTerminalShowsThemAndNoMore() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    let name = "x\u{1B}]0;title\u{7}\nbench: fine.h5"
    try write(name, for: bench, classes: false)
    let commands = [
      ["inspect", name], ["inspect", name, "--json"], ["inspect", "no\u{1B}[2J\nsuch.h5"],
      ["train", "trees", "--data", name, "--rounds", "2"],
      ["train", "trees", "--data", name, "--target", "no\u{9B}2J\u{202E}such\nbench: fine"],
      ["train", "trees", "--data", name, "--row-data", "size=\u{1B}c"],
      ["predict", "--model", name, "--data", name, "--output", "-"],
      ["check", "--objective", "score - \u{1B}[2J y", "--data", name],
    ]
    for command in commands {
      let outcome = try bench.run(command)
      for text in [outcome.output, outcome.errors] {
        #expect(
          !text.unicodeScalars.contains { $0 != "\n" && HostileText.isShapeless($0) }, "\(command)")
        #expect(!text.contains("\nbench: fine"), "\(command)")
      }
    }
    let listing = try bench.run(["inspect", name, "--json"]).output
    let object = try JSONSerialization.jsonObject(with: Data(listing.utf8)) as? [String: Any]
    #expect(object?["file"] as? String == name)
  }
}
