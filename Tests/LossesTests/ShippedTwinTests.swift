import RealModule
import TestSupport
import Testing

@testable import Losses

/// What is said of a loss that is a shipped one: its factor, and whether its Hessian is the same.
@Suite("Shipped twins")
struct ShippedTwinTests {
  private let rows = ProbeRows(targets: (0..<20).map { Double(($0 * 7) % 11) - 3 })

  private func twin(
    _ name: String, factor: Double = 1, hessian: @escaping @Sendable (Double) -> Double
  ) throws -> ShippedTwin? {
    let shipped = try Catalogue.objective(name)
    let mine = CustomObjective("mine") { row in
      let sample = ObjectiveSample(
        objective: shipped, scores: [row.score], targets: [row.target]
      ).derivatives
      return .init(gradient: factor * sample.0[0], hessian: hessian(factor * sample.1[0]))
    }
    return ShippedTwin(shipped, of: mine, on: rows)
  }

  @Test("a factor is found, in the Hessian as well", arguments: [1, 3, 0.02, 1e6])
  func factors(_ factor: Double) throws {
    for name in ["squared", "huber", "log-cosh", "expectile(0.8)"] {
      let same = try #require(try twin(name, factor: factor) { $0 })
      expectClose(same.factor, factor, relative: 1e-9)
      #expect(same.hessian == .same, "\(name)")
      #expect(try twin(name, factor: factor) { 1.01 * $0 }?.hessian == .own, "\(name)")
      #expect(try twin(name, factor: factor) { _ in 0 }?.hessian == .zero, "\(name)")
    }
  }

  @Test("a loss that falls where the other rises is none, nor is one of nothing")
  func others() throws {
    #expect(try twin("squared", factor: -1) { $0 } == nil)
    #expect(try twin("squared", factor: 0) { $0 } == nil)
    #expect(try twin("squared", factor: .nan) { $0 } == nil)
    // Exactly 1 where it nearly is.
    #expect(try twin("squared", factor: 1 + 1e-12) { $0 }?.factor == 1)
    #expect(try twin("squared", factor: 1 + 1e-7) { $0 }?.factor != 1)
  }

  @Test("one bend more is another loss")
  func bends() {
    let huber = Huber(delta: 2)
    let bent = CustomObjective("mine") { row in
      let residual = row.score - row.target
      let bound = residual > 0 ? 2.0 : 2.001
      return .init(gradient: min(max(residual, -bound), bound), hessian: 1)
    }
    #expect(ShippedTwin(huber, of: bent, on: rows) == nil)
    #expect(ShippedTwin(huber, of: Huber(delta: 2), on: rows)?.factor == 1)
    #expect(ShippedTwin(huber, of: Huber(delta: 2.001), on: rows) == nil)
    #expect(ShippedTwin(huber, of: Huber(delta: 2), on: ProbeRows(targets: [])) == nil)
  }
}
