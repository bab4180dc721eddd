import Foundation
import Losses
import Tabular
import TestSupport
import Testing

@testable import BoostedTrees
@testable import Learning

/// Model files that someone made to look whole: refused in a sentence, or a model like any other.
struct ForgedModelTests {
  private func forest(classes: Int, rounds: Int) throws -> (Forest, Table) {
    let table = try TestTables.make(seed: 3, .init(rows: 120, missing: 0.1, classes: classes))
    let objective: any Objective =
      classes > 0 ? SoftmaxCrossEntropy(classes: classes) : SquaredError()
    return (
      try Booster(objective: objective, rounds: rounds, leaves: 5, minChildRows: 5).fit(table),
      table
    )
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func anyVariantOfAFileIsRefusedOrPredicts(seed: UInt64) throws {
    let (forest, table) = try forest(classes: seed % 2 == 0 ? 3 : 0, rounds: 3)
    let whole = Array(try ModelFile.bytes(of: forest))
    let header = try #require(whole.firstIndex(of: UInt8(ascii: "{")))
    var generator = RandomGenerator(seed: seed)
    var accepted = 0
    for _ in 0..<1_000 {
      // Half of the damage is done to the trees, which follow the header.
      let start = generator.index(below: 2) == 0 ? header - 8 : whole.count * 3 / 4
      let forged = DamagedBytes.withChecksum(
        DamagedBytes.variant(of: whole, from: start, &generator))
      let read: Forest
      do {
        read = try ModelFile.read(Forest.self, from: forged, of: "forged.model")
      } catch {
        #expect(error.code == .invalidModelFile && error.reason.contains("forged.model"))
        continue
      }
      accepted += 1
      let width = read.header.initialScores.count
      guard let scores = try? read.scores(for: table, threads: 1) else { continue }
      #expect(scores.count == 120 * width)
      #expect(read.header.labels(ofScores: scores).count == 120)
      #expect(read.gainByFeature.count == read.header.featureNames.count)
    }
    // The variants are no nonsense: some are models.
    #expect(accepted > 20)
  }

  @Test func everyTruncationIsRefused() throws {
    let whole = Array(try ModelFile.bytes(of: forest(classes: 0, rounds: 2).0))
    for length in 0..<whole.count {
      let cut = Array(whole.prefix(length))
      for bytes in [cut, length > 8 ? DamagedBytes.withChecksum(cut) : cut] {
        #expect(throws: LearningError.self) {
          try ModelFile.read(Forest.self, from: bytes, of: "cut.model")
        }
      }
    }
    #expect(throws: LearningError.self) {
      try ModelFile.read(
        Forest.self, from: DamagedBytes.withChecksum(whole.dropLast(8) + [0] + whole.suffix(8)),
        of: "long.model")
    }
    #expect(try ModelFile.read(Forest.self, from: whole, of: "whole.model").trees.count == 2)
  }

  /// Nodes with two parents: few of them are a tree of 2^60 ways.
  @Test func nodesWithTwoParentsAreRefused() throws {
    let (forest, _) = try forest(classes: 0, rounds: 1)
    func fault(_ children: [(Int32, Int32)]) -> String? {
      var tree = Tree(value: 0)
      tree.nodes = children.map {
        Tree.Node(threshold: 0.5, columnAndDirection: 0, left: $0.0, right: $0.1)
      }
      tree.values = children.map { _ in 1 }
      tree.gains = tree.values
      return tree.fault(columns: forest.header.featureNames.count)
    }
    #expect(fault([(1, 2), (1, 1), (2, 2)]) == nil)
    #expect(fault([(1, 2), (3, 4), (3, 4), (3, 3), (4, 4)]) == "a node of a tree has two parents")
    let ladder = (0..<60).flatMap { level -> [(Int32, Int32)] in
      let next = Int32(2 * level + 2)
      return [(next, next + 1), (next, next + 1)]
    }
    #expect(fault(ladder + [(120, 120), (121, 121)]) == "a node of a tree has two parents")
    #expect(fault([(0, 0), (1, 1)]) == "a node of a tree has no parent")
    #expect(fault([(1, 2), (1, 1), (2, 2), (3, 3)]) == "a node of a tree has no parent")
    #expect(fault([(1, 3), (1, 1), (2, 2)]) == "a tree's nodes are no tree")
    var tree = forest.trees[0]
    tree.values[tree.values.count - 1] = .infinity
    #expect(tree.fault(columns: 4) == "a leaf's value is not a finite number")
  }
}
