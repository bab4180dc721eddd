import Testing

@testable import bench

/// Bars, tables and numbers as people see them.
struct TerminalTests {
  @Test func bars() {
    #expect(
      ProgressDisplay.bar("trees", fraction: 0.5, detail: "round 5")
        == "trees  [############------------]   50 %  round 5")
    #expect(ProgressDisplay.bar("x", fraction: 7, detail: "").hasSuffix("100 %"))
  }

  @Test func tables() {
    var table = TextTable(header: ["name", "rmse"])
    table.append(["trees", "1.25"])
    #expect(table.text == "name   rmse\n-----------\ntrees  1.25")
  }

  @Test func numbers() {
    #expect(0.123456.shown == "0.1235")
    #expect(1234.56.shown == "1235")
    #expect(0.0.shown == "0")
    #expect(1.5e-9.shown == "1.500e-09")
  }

  @Test func hiddenLayers() {
    func units(_ text: String) -> [Int]? { (try? HiddenLayers(parsing: text))?.units }
    #expect(units("256,128") == [256, 128])
    #expect(units("none") == [])
    // The last needs 2^32 weights, 16 GiB of Float32 before the optimiser's.
    for text in ["64,,64", "-3", "0", "x", "70000", "65536,65536"] { #expect(units(text) == nil) }
  }
}
