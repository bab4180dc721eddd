import Foundation
import Learning
import Tabular
import TestSupport
import Testing

@testable import BoostedTrees

/// Forests of released versions must be read, and give the same scores, for ever.
@Suite("Forests of releases") struct GoldenForestTests {
  @Test("scores to the last bit", arguments: GoldenModel.all("forest"), [1, 3])
  func scores(golden: GoldenModel, threads: Int) throws {
    let forest = try Forest(contentsOf: golden.path)
    let rows = try GoldenModel.rows()
    let scores = try forest.scores(for: rows, threads: threads)
    let width = forest.header.objective.scoresPerRow
    #expect(scores.count == golden.scores.count * width && rows.rowCount == 40)
    for (index, score) in scores.enumerated() {
      let expected = golden.scores[index / width][index % width]
      if case .plusLog = forest.header.objective.adjustment {
        // A logarithm's last bit is the platform's.
        expectClose(score, expected, relative: 1e-15, absolute: 1e-15)
      } else {
        #expect(score == expected, "row \(index / width)")
      }
    }
  }

  @Test("predictions through the link", arguments: GoldenModel.all("forest"))
  func predictions(golden: GoldenModel) throws {
    let forest = try Forest(contentsOf: golden.path)
    let predictions = try forest.predictions(for: GoldenModel.rows())
    for (prediction, expected) in zip(predictions, golden.predictions.joined()) {
      // Exponentials, whose last bits are the platform's.
      expectClose(prediction, expected, relative: 4e-15, absolute: 1e-16)
    }
    #expect(predictions.count == golden.predictions.joined().count)
  }

  @Test("written again, the same bytes", arguments: GoldenModel.all("forest"))
  func bytes(golden: GoldenModel) throws {
    let old = try Data(contentsOf: URL(filePath: golden.path))
    #expect(try ModelFile.bytes(of: Forest(contentsOf: golden.path)) == old)
  }

  @Test("what the header says") func header() throws {
    func header(_ name: String) throws -> ModelHeader {
      try Forest(contentsOf: fixturePath("golden/forest-\(name).model")).header
    }
    #expect(try header("logistic").classNames == ["no", "yes, very"])
    #expect(try header("softmax").classNames == ["ash", "beech", "élm"])
    #expect(try header("softmax").objective.link == .softmax)
    #expect(try header("quantiles").objective.parameters.values.sorted() == [0.1, 0.5, 0.9])
    #expect(try header("sne-adjusted").objective.adjustment == .multiplied(by: "size"))
    #expect(try header("poisson-exposure").objective.adjustment == .plusLog(of: "exposure"))
    #expect(try header("formula").objective.rowDataNames == ["size"])
    #expect(
      try header("squared").featureNames == ["wind", "sun", "noise", "kind of day", "last"])
  }

  @Test("nodes know their rows from version 3 on", arguments: GoldenModel.all("forest"))
  func cover(golden: GoldenModel) throws {
    let trees = try Forest(contentsOf: golden.path).trees
    if golden.path.hasSuffix("forest-cover.model") {
      // Trained on 180 rows of weights between 0.5 and 2.
      #expect(trees.allSatisfy { $0.cover?.rows[0] == 180 })
      #expect(trees.allSatisfy { (90.0...360).contains($0.cover?.weights[0] ?? 0) })
    } else {
      #expect(trees.allSatisfy { $0.cover == nil })
    }
  }
}
