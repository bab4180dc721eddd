import OrderedCollections
import BoostedTrees
import Learning
import Losses
import MLP
import Tabular
import TestSupport
import Testing

/// What the check before a fit refuses and what it lets pass, through both learners.
@Suite("Objectives before a fit")
struct WrongObjectiveFitTests {
  private func refusal(
    of objective: any Objective, on table: Table, trees: Bool
  ) -> LearningError? {
    do throws(LearningError) {
      if trees {
        _ = try Booster(objective: objective, rounds: 1, leaves: 3, threads: 1).fit(table)
      } else {
        _ = try Perceptron(hidden: [2], objective: objective, epochs: 1, threads: 1).fit(table)
      }
      return nil
    } catch {
      return error
    }
  }

  /// Hessians that only a Newton step could be misled by: a constant beside a gradient that is the
  /// loss's, as an objective for networks alone may have.
  private static let harmlessForNetworks: Set<String> = [
    "size in the gradient only", "weight in the gradient, not in the Hessian",
    "H of the whole batch",
    "H zero",
  ]

  @Test(
    "every mistake is refused by its name, by trees and networks", arguments: ObjectiveText.wrong)
  func refused(_ text: ObjectiveText) throws {
    let objective = try text.objective()
    let table = try text.table(objective, rows: 300, seed: 9)
    for trees in [true, false] where trees || !Self.harmlessForNetworks.contains(text.name) {
      let error = refusal(of: objective, on: table, trees: trees)
      #expect(
        error?.reason.contains(text.words) == true,
        "\(trees ? "trees" : "network"), '\(text.words)': \(error?.reason ?? "trained")")
      #expect(error?.reason.contains("checksObjective: false") == true)
    }
  }

  @Test("the founding mistake as a closure, with its loss and without")
  func founding() throws {
    let sizes = ObjectiveText.column("size", Array(repeating: 0, count: 400), seed: 3)
    var generator = RandomGenerator(seed: 4)
    let targets = sizes.map { $0 * generator.uniform() }
    let table = try Table(
      features: sizes.map { Float($0) }, featureNames: ["size"], target: targets,
      rowData: ["size": sizes])
    let loss: CustomObjective.RowLoss = { row in
      let ratio = (row.score - row.target) / row.data[0]
      return ratio * ratio
    }
    for hasLoss in [true, false] {
      let wrong = CustomObjective(
        "sne", rowData: ["size"], loss: hasLoss ? loss : nil,
        derivatives: { row in
          .init(gradient: 2 * (row.score - row.target) / row.data[0], hessian: 2)
        })
      let words =
        hasLoss
        ? "gradient / size matches the loss: the loss divides by size^2, the gradient only divides "
          + "by size"
        : "Hessian lacks / size: with it, it matches the slope of the gradient"
      for trees in [true, false] {
        let error = refusal(of: wrong, on: table, trees: trees)
        #expect(error?.code == .unsoundObjective, "\(String(describing: error))")
        #expect(error?.reason.contains(words) == true, "\(String(describing: error))")
      }
      let right = CustomObjective(
        "sne", rowData: ["size"], loss: hasLoss ? loss : nil,
        derivatives: { row in
          let square = row.data[0] * row.data[0]
          return .init(gradient: 2 * (row.score - row.target) / square, hessian: 2 / square)
        })
      for trees in [true, false] {
        #expect(refusal(of: right, on: table, trees: trees) == nil)
      }
    }
  }

  @Test("layouts: transposed, shifted, averaged, of another call")
  func layouts() throws {
    func objective(
      _ name: String, _ place: @escaping @Sendable (_ row: Int, _ count: Int) -> Int,
      _ factor: @escaping @Sendable (_ count: Int) -> Double = { _ in 1 }
    ) -> BatchObjective {
      BatchObjective(name) { scores, rows, gradients, hessians in
        for row in 0..<rows.count {
          let there = place(row, rows.count)
          gradients[there] = 2 * factor(rows.count) * (scores[row] - rows.targets[row])
          hessians[there] = 2 * factor(rows.count)
        }
      }
    }
    let table = try ObjectiveText.wrong[0].table(SquaredError(), rows: 300, seed: 2)
    for (wrong, words) in [
      (objective("shifted", { ($0 + 1) % $1 }), "the index is shifted by one"),
      (objective("mean", { row, _ in row }, { 1 / Double($0) }), "a mean where a sum is due"),
      (objective("reversed", { $1 - 1 - $0 }), "when the rows are shuffled"),
    ] {
      for trees in [true, false] {
        let error = refusal(of: wrong, on: table, trees: trees)
        #expect(
          error?.reason.contains(words) == true, "\(wrong.name): \(String(describing: error))")
      }
    }
  }

  @Test("sound objectives train", arguments: ObjectiveText.sound.filter { $0.hessian != nil })
  func trains(_ text: ObjectiveText) throws {
    let objective = try text.objective()
    let table = try text.table(objective, rows: 200, seed: 7)
    for trees in [true, false] {
      let error = refusal(of: objective, on: table, trees: trees)
      // Trees may still find no Newton step at the start; that is no matter of the check.
      #expect(error?.reason.contains("checksObjective: false") != true, "\(error?.reason ?? "")")
    }
  }
}
