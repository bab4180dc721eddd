import ArgumentParser
import Losses

/// `bench objectives`: what can be minimised and measured.
struct ObjectivesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "objectives", abstract: "Lists the objectives and metrics that ship.",
    discussion: "Example: bench objectives --json")

  @OptionGroup var output: OutputOptions

  private struct Listing: Encodable {
    struct Objective: Encodable {
      var name, formula, purpose: String
      /// Whether the formula may be given to `--objective`.
      var isExpression: Bool
      var rowData: [String]
    }
    struct Metric: Encodable {
      var name, title, reads, direction: String
      var rowData: [String]
    }
    var objectives: [Objective]
    var metrics: [Metric]
  }

  func run() throws {
    if output.json {
      let listing = Listing(
        objectives: Catalogue.objectives.map {
          .init(
            name: $0.name, formula: $0.formula, purpose: $0.purpose,
            isExpression: $0.isExpression, rowData: $0.rowDataNames)
        },
        metrics: Catalogue.metrics.map {
          .init(
            name: $0.name, title: $0.title, reads: $0.space.rawValue,
            direction: $0.direction.rawValue, rowData: $0.rowDataNames)
        })
      return try StandardOutput.print(JSON.text(listing))
    }
    // Formulas are long: each has a line of its own under the purpose.
    let objectives = Catalogue.objectives.flatMap { entry in
      let needs = entry.rowDataNames.isEmpty ? "" : " (needs \(list(entry.rowDataNames)))"
      let formula = entry.formula + (entry.isExpression ? "" : " *")
      return [["  \(entry.name)", entry.purpose + needs], ["", formula]]
    }
    let metrics = Catalogue.metrics.map { metric in
      let better = metric.direction == .lowerIsBetter ? "lower is better" : "higher is better"
      let needs = metric.rowDataNames.isEmpty ? "" : ", needs \(list(metric.rowDataNames))"
      return [
        "  \(metric.name)", metric.title, "reads the \(metric.space.rawValue), \(better)\(needs)",
      ]
    }
    try StandardOutput.print("Objectives\n\(TextTable.list(objectives))")
    try StandardOutput.print(
      """

      Formulas can be given to --objective as they stand, and changed; those marked * are
      mathematical notation. After a formula may stand, in any order: '; link=NAME'
      (\(list(Link.allCases.map(\.rawValue)))), '; classes=NUMBER', and '; curvature=POLICY' with
      a policy as --curvature takes it, where the one that is derived from the loss does not suit.
      """)
    try StandardOutput.print("\nMetrics\n\(TextTable.list(metrics))")
  }

  private func list(_ names: [String]) -> String {
    names.map { "'\($0)'" }.joined(separator: ", ")
  }
}
