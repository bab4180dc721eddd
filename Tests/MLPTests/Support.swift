import OrderedCollections
import Foundation
import Losses
import Tabular

@testable import MLP

/// A table of standard normal features with a target of the given function of row and size.
func makeTable(
  rows: Int, columns: Int, seed: UInt64, sizes: Bool = false, weights: [Double]? = nil,
  target: ([Double], Double) -> Double
) throws -> Table {
  var generator = RandomGenerator(seed: seed, stream: 77)
  var features: [Float] = []
  var targets: [Double] = []
  var sizeColumn: [Double] = []
  for _ in 0..<rows {
    let row = (0..<columns).map { _ in generator.normal() }
    let size = sizes ? pow(10, generator.uniform(in: 0..<5)) : 1
    features.append(contentsOf: row.map(Float.init))
    targets.append(target(row, size))
    sizeColumn.append(size)
  }
  return try Table(
    features: features, featureNames: (0..<columns).map { "x\($0)" }, target: targets,
    weights: weights, rowData: sizes ? ["size": sizeColumn] : [:], source: "made")
}

/// A table of one feature column per element of `columns`.
func makeTable(columns: [[Float]], target: [Double], weights: [Double]? = nil) throws -> Table {
  var features: [Float] = []
  for row in target.indices {
    for column in columns { features.append(column[row]) }
  }
  return try Table(
    features: features, featureNames: columns.indices.map { "x\($0)" }, target: target,
    weights: weights, source: "made", rowCount: target.count)
}

/// The file's bytes, which hold everything but the log.
func bytes(_ network: Network) throws -> Data { try ModelFile.bytes(of: network) }

/// A folder that is removed after `body`.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.path)
}

/// Runs `body` with the elements of `array` as kernels take them.
func withFloats<Result>(_ array: inout [Float], _ body: (Floats) -> Result) -> Result {
  array.withUnsafeMutableBufferPointer { body($0) }
}

/// The network's outputs in double precision, one multiplication after the other: the twin of
/// `LayerStack.forward`.
func naiveOutputs(
  _ shape: NetworkShape, _ activation: Activation, parameters: [Double], inputs: [Double]
) -> [Double] {
  var values = inputs
  for layer in 0..<shape.layerCount {
    let (ins, outs) = (shape.sizes[layer], shape.sizes[layer + 1])
    values = (0..<outs).map { out in
      var sum = parameters[shape.biases[layer].lowerBound + out]
      for k in 0..<ins {
        sum += values[k] * parameters[shape.weights[layer].lowerBound + k * outs + out]
      }
      guard layer < shape.layerCount - 1 else { return sum }
      switch activation {
      case .relu: return max(sum, 0)
      case .sigmoid: return 1 / (1 + Foundation.exp(-sum))
      case .tanh: return Foundation.tanh(sum)
      case .identity: return sum
      }
    }
  }
  return values
}
