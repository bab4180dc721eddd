import Formulas
import Losses
import TestSupport
import Testing

/// Objectives called with arrays instead of spans.
@Suite("Objectives from arrays") struct ArrayTests {
  @Test("SNE by hand") func sne() throws {
    let sne = try ExpressionObjective("square((score - y) / size)")
    let (scores, targets, rowData) = ([1.0, 2], [3.0, 4], ["size": [8.0, 1], "unread": []])
    // ((1 - 3) / 8)^2 and (2 - 4)^2; 2 (s - y) / size^2; 2 / size^2.
    #expect(try sne.losses(scores: scores, targets: targets, rowData: rowData) == [0.0625, 4])
    let (gradients, hessians) = try sne.derivatives(
      scores: scores, targets: targets, rowData: rowData)
    #expect(gradients == [-0.0625, -4] && hessians == [0.03125, 2])
  }

  @Test("the same as spans give, for every objective", arguments: ObjectiveCase.all)
  func agreesWithSpans(objectiveCase: ObjectiveCase) throws {
    let sample = objectiveCase.rows(12, seed: 3)
    let objective = sample.objective
    let columns = objective.rowDataNames.count
    var rowData: [String: [Double]] = [:]
    for (column, name) in objective.rowDataNames.enumerated() {
      rowData[name] = stride(from: column, to: sample.rowData.count, by: columns).map {
        sample.rowData[$0]
      }
    }
    let (gradients, hessians) = try objective.derivatives(
      scores: sample.scores, targets: sample.targets, rowData: rowData, groups: sample.groups)
    let expected = sample.derivatives
    #expect(gradients == expected.gradients && hessians == expected.hessians)
    let losses = try objective.losses(
      scores: sample.scores, targets: sample.targets, rowData: rowData, groups: sample.groups)
    #expect(losses == sample.losses)
    if objective.hasFullHessian {
      let width = objective.scoresPerRow
      let full = try objective.fullHessians(
        scores: sample.scores, targets: sample.targets, rowData: rowData, groups: sample.groups)
      #expect(full.count == sample.scores.count * width)
    }
  }

  @Test("lengths that do not fit") func wrongLengths() throws {
    func message(_ body: () throws -> Void) -> String {
      do {
        try body()
        return "no error"
      } catch { return "\(error)" }
    }
    let sne = try parseObjective("sne")
    let softmax = try parseObjective("softmax", classes: 3)
    #expect(
      message { _ = try sne.losses(scores: [1, 2], targets: [3], rowData: ["size": [1]]) }
        == "objective 'sne' needs 1 score per target, but there are 2 scores and 1 target")
    #expect(
      message { _ = try softmax.derivatives(scores: [1, 2], targets: [0]) }
        == "objective 'softmax' needs 3 scores per target, but there are 2 scores and 1 target")
    #expect(
      message { _ = try sne.derivatives(scores: [1], targets: [3], rowData: ["size": [1, 2]]) }
        == "objective 'sne' needs one value of 'size' per target, but there are 2 values and 1 target"
    )
    #expect(
      message { _ = try sne.derivatives(scores: [1], targets: [3], rowData: ["sizes": [1]]) }
        == "objective 'sne' reads the row data 'size', which is missing; there is 'sizes'")
    #expect(
      message { _ = try sne.derivatives(scores: [1], targets: [3]) }
        == "objective 'sne' reads the row data 'size', which is missing; there is none")
    let ranking = try parseObjective("pairwise")
    #expect(
      message { _ = try ranking.losses(scores: [1, 2], targets: [0, 1], groups: [1]) }
        == "objective 'pairwise' needs one group per target, but there are 1 group and 2 targets")
  }

  @Test("rows outside the loss's domain are refused") func invalidRows() throws {
    let sne = try parseObjective("sne")
    #expect(throws: ObjectiveError.self) {
      try sne.losses(scores: [1, 1], targets: [1, 1], rowData: ["size": [1, 0]])
    }
    #expect(throws: ObjectiveError.self) { try sne.losses(scores: [1], targets: [.nan]) }
    let poisson = try parseObjective("poisson")
    #expect(throws: ObjectiveError.self) {
      try poisson.derivatives(scores: [0], targets: [-1])
    }
    #expect(try poisson.derivatives(scores: [], targets: []).gradients.isEmpty)
  }
}
