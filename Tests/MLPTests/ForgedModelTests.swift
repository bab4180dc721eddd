import Foundation
import Losses
import Tabular
import TestSupport
import Testing

@testable import Learning
@testable import MLP

/// Model files that someone made to look whole: refused in a sentence, or a network like any other.
struct ForgedModelTests {
  private func network() throws -> (Network, Table) {
    let table = try makeTable(rows: 40, columns: 3, seed: 6) { x, _ in x[0] > 0 ? 1 : 0 }
    let gaps = try Table(
      features: table.features.enumerated().map { $0 % 7 == 0 ? .nan : $1 },
      featureNames: table.featureNames, target: table.target, classNames: ["no", "yes"])
    let network = try Perceptron(
      hidden: [5, 4], objective: SoftmaxCrossEntropy(classes: 2), epochs: 1
    ).fit(gaps)
    return (network, gaps)
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func anyVariantOfAFileIsRefusedOrPredicts(seed: UInt64) throws {
    let (network, table) = try network()
    let whole = Array(try ModelFile.bytes(of: network))
    let header = try #require(whole.firstIndex(of: UInt8(ascii: "{")))
    var encoder = BinaryEncoder()
    network.encodePayload(into: &encoder)
    let payload = whole.count - 8 - encoder.bytes.count
    var generator = RandomGenerator(seed: seed)
    var accepted = 0
    for _ in 0..<1_000 {
      let start = generator.index(below: 2) == 0 ? header - 8 : payload
      let forged = DamagedBytes.withChecksum(
        DamagedBytes.variant(of: whole, from: start, &generator))
      let read: Network
      do {
        read = try ModelFile.read(Network.self, from: forged, of: "forged.model")
      } catch {
        #expect(error.code == .invalidModelFile && error.reason.contains("forged.model"))
        continue
      }
      accepted += 1
      guard let scores = try? read.scores(for: table, threads: 1) else { continue }
      #expect(scores.count == 40 * read.header.initialScores.count)
    }
    #expect(accepted > 20)
  }

  @Test func numbersThatAreNotFiniteAreRefused() throws {
    let (network, _) = try network()
    var encoder = BinaryEncoder()
    network.encodePayload(into: &encoder)
    // The last weight, and the first number of the standardization.
    for (place, what) in [
      (encoder.bytes.count - 4, "a weight"),
      (
        8 + 4 * network.activation.rawValue.utf8.count + 8 + 4 * network.shape.sizes.count + 8
          + 4 * network.standardizer.columns.count + 8, "standardize"
      ),
    ] {
      for bits: Float in [.nan, .infinity, -.infinity] {
        var bytes = encoder.bytes
        for byte in 0..<4 {
          bytes[place + byte] = UInt8(truncatingIfNeeded: bits.bitPattern >> (8 * UInt32(byte)))
        }
        var decoder = BinaryDecoder(bytes[...])
        let error = #expect(throws: LearningError.self) {
          try Network(header: network.header, payload: &decoder)
        }
        #expect(error?.reason.contains(what) == true && error?.code == .invalidModelFile)
      }
    }
  }
}
