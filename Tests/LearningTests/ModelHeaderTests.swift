import OrderedCollections
import Learning
import Losses
import Tabular
import TestSupport
import Testing

@Suite("Predicting and judging")
struct ModelHeaderTests {
  static func table() throws -> Table {
    try Table(
      features: [1, 2, 3, 4, 5, 6], featureNames: ["a", "b"], target: [10, 20, 30],
      rowData: ["size": [1, 2, 4]])
  }

  func model(_ objective: any Objective, _ initialScores: [Double]) throws -> ConstantModel {
    ConstantModel(
      header: ModelHeader(
        objective: objective, initialScores: initialScores, table: try Self.table()))
  }

  @Test("scores pass through the adjustment and need its row data")
  func adjustment() throws {
    let adjusted = try model(SizeNormalisedSquaredError().adjusted(), [7])
    #expect(try adjusted.scores(for: Self.table()) == [7, 14, 28])
    let bare = try Table(features: [1, 2], featureNames: ["a", "b"])
    let error = #expect(throws: LearningError.self) { try adjusted.scores(for: bare) }
    #expect(error?.code == .missingRowData)
    let plain = try model(SizeNormalisedSquaredError(), [7])
    #expect(try plain.scores(for: bare) == [7])
    let zero = try Self.table().withRowData("size", [1, 0, 1])
    #expect(throws: LearningError.self) { try adjusted.scores(for: zero) }
  }

  @Test("columns are found by name, in any order")
  func columns() throws {
    let header = try model(SquaredError(), [0]).header
    let turned = try Table(
      features: [2, 9, 1, 4, 9, 3], featureNames: ["b", "extra", "a"])
    #expect(try header.features(of: turned) == [1, 2, 3, 4])
    let lacking = try Table(features: [1], featureNames: ["a"])
    let error = #expect(throws: LearningError.self) { try header.features(of: lacking) }
    #expect(error?.reason.contains("'b'") == true)
  }

  @Test("metrics get the space they declare")
  func spaces() throws {
    let table = try Self.table().withTarget([0, 1, 1])
    let logistic = try model(Logistic(), [1])
    let evaluation = try logistic.evaluate(on: table, metrics: [.logLoss, .accuracy, .auc])
    // sigmoid(1) = 0.7310585786300049: two of three rows right, all tied.
    expectClose(
      evaluation["log-loss"] ?? .nan, (1.3132616875182228 + 2 * 0.3132616875182228) / 3)
    expectClose(evaluation["accuracy"] ?? .nan, 2.0 / 3)
    #expect(evaluation["auc"] == 0.5)
    let softmax = try model(SoftmaxCrossEntropy(classes: 3), [0, 2, 1])
    #expect(try softmax.evaluate(on: table, metrics: [.accuracy])["accuracy"] == 2.0 / 3)
    let predictions = try softmax.predictions(for: table)
    expectClose(predictions[0..<3].reduce(0, +), 1, relative: 1e-14)
  }

  @Test("a table that counts its classes in another order is refused")
  func otherClasses() throws {
    func table(_ names: [String]?) throws -> Table {
      try Table(
        features: [1, 2], featureNames: ["a"], target: [0, 1], classNames: names, source: "t.h5")
    }
    let model = ConstantModel(
      header: ModelHeader(
        objective: Logistic(), initialScores: [1], table: try table(["cat", "dog"])))
    for names in [["cat", "dog"], nil] {
      #expect(try model.evaluate(on: table(names), metrics: [.accuracy])["accuracy"] == 0.5)
    }
    let error = #expect(throws: LearningError.self) {
      try model.evaluate(on: table(["dog", "cat"]), metrics: [.accuracy])
    }
    #expect(error?.code == .columnMismatch)
    #expect(error?.reason.contains("its classes are 'dog', 'cat'") == true)
  }

  @Test("a metric without its row data says what is missing")
  func missingSize() throws {
    let table = try Table(features: [1, 2], featureNames: ["a", "b"], target: [1])
    let error = #expect(throws: LearningError.self) {
      try model(SquaredError(), [0]).evaluate(on: table, metrics: [.rmsne])
    }
    #expect(error?.reason.contains("'rmsne' needs row data 'size'") == true)
  }

  @Test("a metric that needs another number of values per row is refused")
  func width() throws {
    let table = try Self.table().withTarget([0, 1, 1])
    let softmax = try model(SoftmaxCrossEntropy(classes: 3), [0, 2, 1])
    let error = #expect(throws: LearningError.self) {
      try softmax.evaluate(on: table, metrics: [.auc])
    }
    #expect(error?.reason.contains("needs 1 value per row") == true)
    let squared = try model(SquaredError(), [0])
    #expect(throws: LearningError.self) {
      try squared.evaluate(on: table, metrics: [.pinball([0.1, 0.9])])
    }
  }
}
