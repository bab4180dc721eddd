import Formulas
import Foundation
import Losses
import TestSupport
import Testing

/// Losses, gradients and Hessians of single rows against PyTorch (its loss functions and
/// distributions, with its automatic differentiation), SciPy, and textbook formulas with 1500 digits.
///
/// The numbers are in `Tests/Fixtures/objective-references.txt`; `Scripts/make_objective_references.py`
/// made them and says which versions.
@Suite("Objectives against other implementations")
struct ObjectiveReferenceTests {
  /// One row of the file.
  struct Reference: Sendable {
    let source: String
    let objective: String
    let sample: ObjectiveSample
    let loss: Double?
    let gradient: [Double]
    let diagonal: [Double]
    let full: [Double]

    init(_ line: String) throws {
      let fields = line.split(separator: "|", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      func numbers(_ field: Int) throws -> [Double] {
        try fields[field].split(separator: " ").map { try #require(Double($0)) }
      }
      try #require(fields.count == 9, "\(line)")
      source = fields[0]
      objective = fields[1]
      sample = ObjectiveSample(
        objective: try parseObjective(fields[1]), scores: try numbers(2),
        targets: try numbers(3), rowData: try numbers(4))
      loss = try numbers(5).first
      gradient = try numbers(6)
      diagonal = try numbers(7)
      full = try numbers(8)
    }
  }

  static func references(_ source: String) throws -> [Reference] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/objective-references.txt")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      .filter { $0.hasPrefix(source) }.map { try Reference(String($0)) }
  }

  /// Objectives whose derivatives are differences of numbers of about size 1, or of the target's:
  /// near 0 they are right to rounding of those, not of themselves.
  static let differences: Set<String> = [
    "logistic", "softmax", "one-vs-rest", "ordinal", "aft", "poisson", "gamma", "gamma-shape",
    "negative-binomial", "negative-binomial-dispersion",
  ]

  /// - Parameters:
  ///   - relative: the error relative to the number itself.
  ///   - absolute: the error relative to 1, for losses that are sums of terms of about that size.
  ///   - hessian: the error of Hessians, relative and absolute, if it is another.
  func compare(
    _ references: [Reference], relative: Double, absolute: Double, hessian: Double? = nil
  ) {
    for reference in references {
      let sample = reference.sample
      let where_ =
        "\(reference.source) \(reference.objective) scores \(sample.scores) target "
        + "\(sample.targets[0]) \(sample.rowData)"
      #expect(sample.isValid, "\(where_)")
      if let loss = reference.loss {
        expectClose(
          sample.losses[0], loss, relative: relative, absolute: absolute, "loss, \(where_)")
      }
      let derivatives = sample.derivatives
      let floor =
        Self.differences.contains(sample.objective.name)
        ? 1e-14 * max(1, sample.targets[0].magnitude) : 1e-290
      for (a, b) in zip(derivatives.gradients, reference.gradient) {
        expectClose(a, b, relative: relative, absolute: floor, "gradient, \(where_)")
      }
      if sample.objective.curvature.isExact {
        for (a, b) in zip(derivatives.hessians, reference.diagonal) {
          expectClose(
            a, b, relative: hessian ?? relative, absolute: hessian ?? floor, "Hessian, \(where_)")
        }
      }
      guard sample.objective.hasFullHessian, !reference.full.isEmpty else { continue }
      for (a, b) in zip(sample.fullHessians(under: sample.objective), reference.full) {
        expectClose(
          a, b, relative: hessian ?? relative, absolute: hessian ?? absolute,
          "full Hessian, \(where_)")
      }
    }
  }

  @Test("PyTorch's losses and distributions, with its automatic derivatives")
  func torch() throws {
    let references = try Self.references("torch")
    #expect(Set(references.map(\.sample.objective.name)).count >= 18)
    // Torch's trigamma has nine digits.
    compare(references, relative: 1e-10, absolute: 1e-12, hessian: 3e-9)
  }

  @Test("log densities of SciPy")
  func scipy() throws {
    let references = try Self.references("scipy")
    #expect(Set(references.map(\.sample.objective.name)).count == 8)
    compare(references, relative: 1e-12, absolute: 1e-13)
  }

  @Test("formulas with 1500 digits, where arithmetic would cancel or overflow")
  func mpmath() throws {
    let references = try Self.references("mpmath")
    #expect(references.count > 700)
    compare(references, relative: 3e-10, absolute: 1e-12)
  }
}
