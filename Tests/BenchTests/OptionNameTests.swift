import Testing

@testable import bench

/// Settings in the sentences of the libraries, as options of the command line.
struct OptionNameTests {
  @Test(arguments: [
    ("name it with `target`", "name it with --target"),
    (
      "8 rows (`minChildRows`) and `minChildWeight`",
      "8 rows (--min-child-rows) and --min-child-weight"
    ),
    ("add it: `rowData: size`", "add it: --row-data size=PATH"),
    ("use `metric: rmse` or mae", "use --metric rmse or mae"),
    ("turn it off: `checksObjective: false`)", "turn it off: --no-check)"),
    ("(`curvature: 'constant(1)'`)", "(--curvature 'constant(1)')"),
    // What is no setting stays as it is.
    ("a column called `x` and one `target", "a column called `x` and one `target"),
    ("``target``", "`--target`"), ("`", "`"), ("", ""),
  ])
  func spelled(text: String, shown: String) {
    #expect(OptionNames.spelled(text) == shown)
  }
}
