import Foundation
import Learning
import Losses
import Tabular
import Testing

@testable import MLP

@Suite struct ModelFileTests {
  private func fitted(_ activation: Activation = .relu) throws -> (Network, Table) {
    let table = try makeTable(rows: 80, columns: 3, seed: 6) { x, _ in x[0] > 0 ? 1 : 0 }
    let gaps = try Table(
      features: table.features.enumerated().map { $0 % 7 == 0 ? .nan : $1 },
      featureNames: table.featureNames, target: table.target, classNames: ["no", "yes"])
    let network = try Perceptron(
      hidden: [9, 4], activation: activation, objective: SoftmaxCrossEntropy(classes: 2),
      epochs: 2
    ).fit(gaps)
    return (network, gaps)
  }

  @Test("a saved network predicts the same", arguments: Activation.allCases)
  func roundTrip(activation: Activation) throws {
    let (network, table) = try fitted(activation)
    try withTemporaryFolder { folder in
      let path = folder + "/network.model"
      try network.save(to: path)
      let loaded = try Network(contentsOf: path)
      #expect(try loaded.predictions(for: table) == network.predictions(for: table))
      #expect(try bytes(loaded) == bytes(network))
      #expect(loaded.header.classNames == ["no", "yes"])
      #expect(loaded.layers == network.layers)
      #expect(try ModelFile.kind(of: path) == "network")
    }
  }

  @Test func damagedAndForeignFilesAreRefused() throws {
    let whole = try bytes(fitted().0)
    func refusal(_ data: Data) throws -> LearningError.Code? {
      try withTemporaryFolder { folder in
        try data.write(to: URL(fileURLWithPath: folder + "/x.model"))
        do {
          _ = try Network(contentsOf: folder + "/x.model")
          return nil
        } catch let error as LearningError {
          #expect(error.reason.contains("x.model"))
          return error.code
        }
      }
    }
    #expect(try refusal(whole) == nil)
    for cut in [0, 1, 15, 40, whole.count / 2, whole.count - 1] {
      #expect(try refusal(whole.prefix(cut)) == .invalidModelFile)
    }
    for place in stride(from: 0, to: whole.count, by: 97) {
      var damaged = whole
      damaged[place] ^= 0x10
      #expect(try refusal(damaged) == .invalidModelFile)
    }
    #expect(try refusal(Data("a,b\n1,2\n".utf8)) == .invalidModelFile)
  }

  /// Payloads that a checksum would not catch: whoever wrote them computed it.
  @Test("a payload of nonsense is refused, not crashed on", arguments: 0..<200)
  func nonsense(seed: UInt64) throws {
    let (network, table) = try fitted()
    var encoder = BinaryEncoder()
    network.encodePayload(into: &encoder)
    var payload = encoder.bytes
    var generator = RandomGenerator(seed: seed)
    for _ in 0..<1 + generator.index(below: 4) {
      // Most of the structure stands in the first bytes.
      let end = generator.index(below: 2) == 0 ? min(200, payload.count) : payload.count
      payload[generator.index(below: end)] = UInt8(truncatingIfNeeded: generator.next())
    }
    var decoder = BinaryDecoder(payload[...])
    if let other = try? Network(header: network.header, payload: &decoder) {
      #expect(try other.scores(for: table).count == 160)
    }
    var header = network.header
    header.initialScores = [0]
    decoder = BinaryDecoder(encoder.bytes[...])
    #expect(throws: LearningError.self) { try Network(header: header, payload: &decoder) }
    header = network.header
    header.featureNames.removeLast()
    decoder = BinaryDecoder(encoder.bytes[...])
    #expect(throws: LearningError.self) { try Network(header: header, payload: &decoder) }
  }

  /// A layer without units would let a small file ask for the memory of millions of units.
  @Test func layersWithoutUnitsAreRefused() throws {
    let (network, _) = try fitted()
    let stack = LayerStack.dense([network.shape.inputCount, 0, 1 << 24, 0, 2], .relu)
    let hollow = Network(
      header: network.header, activation: .relu, outputScale: network.outputScale, stack: stack,
      standardizer: network.standardizer,
      parameters: [Float](repeating: 0, count: stack.shape.parameterCount))
    var encoder = BinaryEncoder()
    hollow.encodePayload(into: &encoder)
    var decoder = BinaryDecoder(encoder.bytes[...])
    let error = #expect(throws: LearningError.self) {
      try Network(header: network.header, payload: &decoder)
    }
    #expect(error?.reason.contains("layer sizes are impossible") == true)
  }

  @Test func columnsAreFoundByName() throws {
    let (network, table) = try fitted()
    let columns = (0..<3).map { column in
      (0..<80).map { table.features[$0 * 3 + column] }
    }
    var shuffled: [Float] = []
    for row in 0..<80 { shuffled += [columns[2][row], 99, columns[0][row], columns[1][row]] }
    let other = try Table(features: shuffled, featureNames: ["x2", "extra", "x0", "x1"])
    #expect(try network.scores(for: other) == network.scores(for: table))
    let lacking = try Table(features: [1, 2], featureNames: ["x0", "x1"], source: "lacking")
    let error = #expect(throws: LearningError.self) { try network.scores(for: lacking) }
    #expect(error?.code == .columnMismatch)
    #expect(error?.reason.contains("'x2'") == true)
  }
}
