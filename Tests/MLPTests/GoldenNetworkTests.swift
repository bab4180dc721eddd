import OrderedCollections
import Losses
import Foundation
import Learning
import Tabular
import TestSupport
import Testing

@testable import MLP

/// Networks of released versions must be read, and give the same scores, for ever.
@Suite("Networks of releases") struct GoldenNetworkTests {
  /// Standardized inputs, then layers in double precision, one number after the other: what the
  /// expected scores are made of, too.
  private func naiveScores(_ network: Network, _ rows: Table) throws -> [Double] {
    let features = try network.header.features(of: rows)
    let columns = rows.columnCount
    let standardizer = network.standardizer
    let adjustment = network.header.objective.adjustment
    return (0..<rows.rowCount).flatMap { row -> [Double] in
      let values = features[row * columns..<(row + 1) * columns].map(Double.init)
      var inputs = standardizer.columns.indices.map { input -> Double in
        let value = values[Int(standardizer.columns[input])]
        let limit = Double(standardizer.limit)
        let moved =
          value.isFinite
          ? (value - Double(standardizer.means[input])) * Double(standardizer.scales[input])
          : Double(standardizer.fills[input])
        return min(max(moved, -limit), limit)
      }
      inputs += standardizer.indicators.map { values[Int($0)].isFinite ? 0 : 1 }
      let outputs = naiveOutputs(
        network.shape, network.activation, parameters: network.parameters.map(Double.init),
        inputs: inputs)
      return outputs.enumerated().map { place, output in
        let sum = network.header.initialScores[place] + network.outputScale[place] * output
        guard let adjustment else { return sum }
        return adjustment.score(output: sum, data: rows.rowData[adjustment.rowDataName]![row])
      }
    }
  }

  @Test("a naive pass in double precision, to the last bit", arguments: GoldenModel.all("network"))
  func naive(golden: GoldenModel) throws {
    let network = try Network(contentsOf: golden.path)
    let scores = try naiveScores(network, GoldenModel.rows())
    #expect(scores.count == golden.scores.joined().count)
    for (score, expected) in zip(scores, golden.scores.joined()) {
      switch network.activation {
      case .relu, .identity: #expect(score == expected)
      // The last bit of exponentials is the platform's.
      case .sigmoid, .tanh: expectClose(score, expected, relative: 1e-13, absolute: 1e-13)
      }
    }
  }

  /// Matrix products are sums in single precision, in an order that depends on OpenBLAS's kernels.
  @Test("scores within single precision", arguments: GoldenModel.all("network"), [1, 3])
  func scores(golden: GoldenModel, threads: Int) throws {
    let network = try Network(contentsOf: golden.path)
    let scores = try network.scores(for: GoldenModel.rows(), threads: threads)
    let scale = golden.scores.joined().reduce(0) { max($0, $1.magnitude) }
    for (score, expected) in zip(scores, golden.scores.joined()) {
      expectClose(score, expected, relative: 1e-5, absolute: 1e-6 * scale)
    }
  }

  @Test("predictions through the link", arguments: GoldenModel.all("network"))
  func predictions(golden: GoldenModel) throws {
    let network = try Network(contentsOf: golden.path)
    let predictions = try network.predictions(for: GoldenModel.rows())
    let scale = golden.predictions.joined().reduce(0) { max($0, $1.magnitude) }
    for (prediction, expected) in zip(predictions, golden.predictions.joined()) {
      expectClose(prediction, expected, relative: 1e-4, absolute: 1e-6 * scale)
    }
  }

  @Test("written again, the same bytes", arguments: GoldenModel.all("network"))
  func bytes(golden: GoldenModel) throws {
    let old = try Data(contentsOf: URL(filePath: golden.path))
    #expect(try ModelFile.bytes(of: Network(contentsOf: golden.path)) == old)
  }
}
