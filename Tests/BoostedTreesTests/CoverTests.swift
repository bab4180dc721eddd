import Foundation
import Learning
import Losses
import Tabular
import Testing

@testable import BoostedTrees

/// Nodes keep the rows that they had, and model files keep those and sets of categories.
@Suite("Cover") struct CoverTests {
  /// Rows and weights of every node, found by walking every row down.
  private func walked(_ tree: Tree, _ table: Table) -> (rows: [Int], weights: [Double]) {
    var rows = [Int](repeating: 0, count: tree.nodes.count)
    var weights = [Double](repeating: 0, count: tree.nodes.count)
    for row in 0..<table.rowCount {
      var node = 0
      while true {
        rows[node] += 1
        weights[node] += table.weights?[row] ?? 1
        guard let rule = tree.rule(of: node) else { break }
        let value = table.features[row * table.columnCount + tree.nodes[node].column]
        node = Int(rule.goesLeft(value) ? tree.nodes[node].left : tree.nodes[node].right)
      }
    }
    return (rows, weights)
  }

  @Test("is what reaches each node", arguments: [false, true], [1, 3])
  func counted(hasWeights: Bool, threads: Int) throws {
    let table = try TestTables.make(
      seed: 5, .init(rows: 700, missing: 0.1, hasWeights: hasWeights, classes: 3))
    let objectives: [any Objective] = [
      SquaredError(), AbsoluteError(), Closures.softmax(classes: 3),
    ]
    for objective in objectives {
      let forest = try Booster(objective: objective, rounds: 3, leaves: 7, threads: threads)
        .fit(table)
      for tree in forest.trees {
        let (rows, weights) = walked(tree, table)
        #expect(tree.cover?.rows == rows && rows[0] == 700 && rows.count > 4)
        // Weights are halves: their sums are exact.
        #expect(tree.cover?.weights == weights)
      }
    }
  }

  private func firstLine(_ data: Data) -> String {
    String(decoding: data.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }

  @Test("survives the model file", arguments: [false, true])
  func kept(hasWeights: Bool) throws {
    let table = try TestTables.make(seed: 6, .init(rows: 300, hasWeights: hasWeights))
    let forest = try Booster(objective: SquaredError(), rounds: 3, leaves: 5).fit(table)
    #expect(firstLine(try ModelFile.bytes(of: forest)) == "CURVATURE MODEL 3")
    let read = try again(forest)
    #expect(read.trees == forest.trees && read.trees.allSatisfy { $0.cover != nil })
    #expect(try ModelFile.bytes(of: read) == ModelFile.bytes(of: forest))
    // A forest that does not know it, as of an older file, is written as older readers know it.
    var old = forest
    for place in old.trees.indices { old.trees[place].cover = nil }
    #expect(firstLine(try ModelFile.bytes(of: old)) == "CURVATURE MODEL 1")
    #expect(try again(old).trees == old.trees)
    #expect(try again(old).scores(for: table) == forest.scores(for: table))
  }

  private func again(_ forest: Forest) throws -> Forest {
    let path = NSTemporaryDirectory() + "cover-\(UUID().uuidString).model"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try forest.save(to: path)
    return try Forest(contentsOf: path)
  }

  @Test("sets of categories survive the model file") func categories() throws {
    let table = try Table(
      features: [0, 1, 6, 64, 200, 0.5, .nan], featureNames: ["day"],
      target: [Double](repeating: 0, count: 7))
    var tree = Tree(value: 0)
    let root = tree.split(
      0, column: 0, rule: FeatureRule(.among(CategorySet([6, 200])), missingGoesLeft: true),
      gain: 2)
    let next = tree.split(
      root.right, column: 0, rule: FeatureRule(.among(CategorySet([0])), missingGoesLeft: false),
      gain: 1)
    (tree.values[root.left], tree.values[next.left], tree.values[next.right]) = (1, 2, 4)
    let forest = Forest(
      header: ModelHeader(objective: SquaredError(), initialScores: [0], table: table),
      trees: [tree], log: TrainingLog())
    #expect(firstLine(try ModelFile.bytes(of: forest)) == "CURVATURE MODEL 3")
    let read = try again(forest)
    #expect(read.trees == [tree])
    // By hand: days 6 and 200 and a missing one, then day 0, then all others.
    #expect(try read.scores(for: table) == [2, 4, 1, 4, 1, 4, 1])
  }

  @Test("a cover that is none of its tree is refused") func damaged() throws {
    let table = try TestTables.make(seed: 6, .init(rows: 300))
    let tree = try Booster(objective: SquaredError(), rounds: 1, leaves: 4).fit(table).trees[0]
    let cover = try #require(tree.cover)
    func fault(_ change: (inout [Int], inout [Double]) -> Void) -> String? {
      var (rows, weights) = (cover.rows, cover.weights)
      change(&rows, &weights)
      var other = tree
      other.cover = TreeCover(rows: rows, weights: weights)
      return other.fault(columns: 4)
    }
    #expect(fault { _, _ in } == nil)
    #expect(fault { rows, _ in rows[0] += 1 } == "the children of a node do not have its rows")
    #expect(fault { rows, _ in rows[0] = -1 } == "a node has less than no rows, or endless ones")
    #expect(
      fault { _, weights in weights[1] = .infinity }
        == "a node has less than no rows, or endless ones")
    #expect(fault { rows, _ in rows.removeLast() } == "a tree lacks the rows of its nodes")
    #expect(fault { _, weights in weights.removeAll() } == "a tree lacks the rows of its nodes")
  }
}
