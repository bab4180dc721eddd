import Formulas
import Losses
import TestSupport
import Testing

@testable import Checking

/// Gradients that follow the error by another power than the loss does, or level off elsewhere. The
/// slope of `|e|^(p + 1)` goes with `|e|^p`; Huber's levels off at its threshold.
@Suite("Checker: powers and thresholds of the error")
struct ErrorShapeTests {
  /// What is said of rows whose errors lie on both sides, from 0.2 to `rows` fifths.
  private func diagnosis(
    _ loss: String, _ gradient: String, rows: Int = 32, least: Double = 0.2
  ) throws -> Finding? {
    let objective = try HandDerivedTests.objective(loss, gradient: gradient)
    let targets = referenceNumbers(rows, seed: 4).map { 8 * $0 - 4 }
    let scores = targets.enumerated().map { row, target in
      target + (row % 2 == 0 ? 1 : -1) * (least + 0.2 * Double(row))
    }
    let sample = CheckSample(
      objective: objective, scores: scores, targets: targets, rowData: [], groups: [],
      numbers: Array(0..<rows))
    let entries = CheckEntries([sample], domain: .real)
    return ErrorShape(entries: entries, resolved: entries.all).diagnosis()
  }

  private static let powers = [0, 1, 2, 3, 0.5, 1.5, 2.5, 4, 5, -0.5, -1]

  private func gradient(_ power: Double) -> String {
    "\(abs(power) + 1) * abs(score - y)^(\(power)) * if(score > y, 1, -1)"
  }

  private func loss(_ power: Double) -> String {
    power == -1 ? "log(abs(score - y))" : "abs(score - y)^\(power + 1)"
  }

  @Test("each power is told from the one that is due", arguments: powers)
  func exponents(power: Double) throws {
    for other in Self.powers where other != power {
      let finding = try diagnosis(loss(other), gradient(power))
      #expect(finding?.figures == ["given": power, "due": other], "\(power) for \(other)")
      #expect(finding?.code == .gradientMismatch && finding?.severity == .error)
    }
    #expect(try diagnosis(loss(power), gradient(power))?.figures["given"] == nil)
  }

  @Test("powers are written as people write them")
  func words() throws {
    let message = try diagnosis(loss(1), gradient(1.5))?.message ?? ""
    #expect(message.hasPrefix("the exponent of the error is 1.50, 1.00 is due"), "\(message)")
    #expect(message.contains("|score - target|^1.50, the slope of the loss with"))
    #expect(message.hasSuffix("|score - target|^1"))
  }

  @Test("sixteen errors that differ are needed to tell a power")
  func fewRows() throws {
    #expect(try diagnosis(loss(1), gradient(2), rows: 16) != nil)
    #expect(try diagnosis(loss(1), gradient(2), rows: 15) == nil)
    // The errors are 900 to 906: every power of them is about the same number.
    #expect(try diagnosis(loss(1), gradient(2), least: 900) == nil)
  }

  private let huber =
    "if(abs(score - y) < 1.5, 0.5 * square(score - y), 1.5 * (abs(score - y) - 0.75))"

  @Test("a threshold of the gradient that is not the loss's")
  func thresholds() throws {
    let lower = try diagnosis(huber, "clamp(score - y, -1, 1)")
    #expect(
      lower?.message == "gradient and loss have different thresholds: the slope of the loss levels "
        + "off at 1.50, the gradient at 1.00")
    #expect(lower?.figures == ["due": 1.5] && lower?.rows.count == 8)
    let higher = try diagnosis(huber, "clamp(score - y, -2, 2)")
    #expect(higher?.message.hasSuffix("off at 1.50, the gradient at 2.00") == true)
    #expect(try diagnosis(huber, "clamp(score - y, -1.5, 1.5)") == nil)
  }

  @Test("a clip that is missing, and from which error on")
  func missingClip() throws {
    let finding = try diagnosis(huber, "score - y")
    #expect(finding?.message.hasPrefix("the clip at 1.50 is missing") == true)
    // Errors are 0.2, 0.4, ...: 1.6 is the first beyond 1.5.
    #expect(finding?.message.contains("where |score - target| is above 1.60") == true)
    #expect(finding?.rows.first == 7)
    // Twice the slope inside as well: that is another mistake.
    #expect(try diagnosis(huber, "2 * (score - y)") == nil)
  }
}
