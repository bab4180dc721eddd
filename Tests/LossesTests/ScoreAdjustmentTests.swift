import RealModule
import Losses
import TestSupport
import Testing

@Suite("Score adjustments")
struct ScoreAdjustmentTests {
  @Test("adjusted SNE is squared error of the target per unit of size")
  func sneBecomesSquaredError() {
    for seed in 0..<20 as Range<UInt64> {
      let sample = ObjectiveCase.all[1].rows(100, seed: seed)
      let (g, h) = sample.derivatives(under: SizeNormalisedSquaredError().adjusted())
      let losses = sample.losses(under: SizeNormalisedSquaredError().adjusted())
      for row in 0..<100 {
        let difference = sample.scores[row] - sample.targets[row] / sample.rowData[row]
        expectClose(losses[row], difference * difference, relative: 1e-9, absolute: 1e-12)
        expectClose(g[row], 2 * difference, relative: 1e-9, absolute: 1e-10)
        expectClose(h[row], 2, relative: 1e-14)
      }
    }
  }

  @Test("the column of an adjustment may stand behind others")
  func secondColumn() throws {
    let objective = CustomObjective(
      "weekdays", rowData: ["day", "size"], scoreAdjustment: .multiplied(by: "size")
    ) { row in
      .init(gradient: row.score - row.target, hessian: 1)
    }.adjusted()
    var sample = ObjectiveSample(
      objective: objective, scores: [2, 3], targets: [1, 1], rowData: [-5, 4, 0, 10])
    // Scores 8 and 30; gradients times the size, Hessians times its square.
    let (gradients, hessians) = sample.derivatives
    #expect(gradients == [28, 290] && hessians == [16, 100])
    #expect(sample.isValid)
    sample.rowData = [5, 4, 1, 0]
    #expect(!sample.isValid)
    let error = #expect(throws: ObjectiveError.self) {
      try sample.withRows { try objective.validate($0) }
    }
    #expect(error?.description.contains("'size' must be greater than 0") == true)
  }

  @Test("a log offset shifts the score and leaves derivatives by it unchanged")
  func logOffset() {
    let poisson = CustomObjective(
      "poisson", rowData: ["exposure"], link: .log, scoreAdjustment: .plusLog(of: "exposure"),
      loss: { row in .exp(row.score) - row.target * row.score },
      derivatives: { row in
        let mean = Double.exp(row.score)
        return .init(gradient: mean - row.target, hessian: mean)
      })
    let sample = ObjectiveSample(
      objective: poisson, scores: [0, 0.5], targets: [1, 2], rowData: [1, .exp(1)])
    let (g, h) = sample.derivatives(under: poisson.adjusted())
    expectClose(g[0], 0, absolute: 1e-15)
    expectClose(h[1], .exp(1.5), relative: 1e-14)
    expectClose(g[1], .exp(1.5) - 2, relative: 1e-14)
  }

  /// Absolute error with an adjustment.
  struct AdjustableMedian: PointwiseObjective {
    let scoreAdjustment: ScoreAdjustment?
    let name = "median"
    let rowDataNames = ["size"]
    let defaultMetric = Metric.mae
    var leafSolver: LeafSolver? { AbsoluteError().leafSolver }
    func loss(_ row: borrowing Row) -> Double { AbsoluteError().loss(row) }
    func derivatives(_ row: borrowing Row) -> Derivatives { AbsoluteError().derivatives(row) }
  }

  @Test("a leaf solver sees scores, and is kept where a constant stays one, else by bisection")
  func leafSolver() throws {
    let shifted = AdjustableMedian(scoreAdjustment: .plusLog(of: "size")).adjusted()
    let sample = ObjectiveSample(
      objective: shifted, scores: [0, 1, -2], targets: [1, 5, 9], rowData: [1, .exp(1), .exp(4)])
    let solver = try #require(shifted.leafSolver)
    // Residuals of the scores 0, 2 and 2.
    expectClose(
      sample.withRows { solver(sample.scores.span, $0, Span(), 0) }, 3, relative: 1e-14)
    expectClose(
      sample.withRows { initialScores(for: shifted, $0, weights: Span()) }[0], 4,
      relative: 1e-14)  // 1 - 0, 5 - 1, 9 - 4
    // Per unit of size it is solved anew: the sum of |size f - y| turns at the ratio of row 2, where
    // sizes of 1 and 2 pull against 4.
    let scaled = AdjustableMedian(scoreAdjustment: .multiplied(by: "size")).adjusted()
    let ratios = ObjectiveSample(
      objective: scaled, scores: [0, 0, 0], targets: [1, 5, 12], rowData: [1, 2, 4])
    let search = try #require(scaled.leafSolver)
    expectClose(ratios.withRows { search(ratios.scores.span, $0, Span(), 0) }, 3, relative: 1e-12)
  }

  @Test("an objective without one is left as it is")
  func noAdjustment() {
    #expect(SquaredError().adjusted() is SquaredError)
  }

  @Test("a size that cannot scale is refused with its row", arguments: [0, -1, .nan, .infinity])
  func badSize(_ size: Double) {
    let sample = ObjectiveSample(
      objective: SizeNormalisedSquaredError(), scores: [0, 0, 0], targets: [1, 1, 1],
      rowData: [1, 2, size])
    for objective in [SizeNormalisedSquaredError(), SizeNormalisedSquaredError().adjusted()]
      as [any Objective]
    {
      let error = #expect(throws: ObjectiveError.self) {
        try sample.withRows { rows in try objective.validate(rows) }
      }
      #expect(error?.row == 2)
      #expect(error?.code == .invalidRowData("size"))
    }
  }
}
