import Foundation
import Losses
import Synchronization
import TestSupport
import Testing

/// What wraps an objective answers every requirement by the objective underneath: none is left to a
/// default by mistake, also not one that is added later.
@Suite("Forwarding") struct ForwardingTests {
  private static func source(_ file: String) throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(
      contentsOf: root.appending(path: "Sources/Losses/Core/\(file)"), encoding: .utf8)
  }

  /// The names of what the protocol asks for, read from its source.
  private static func requirements() throws -> [String] {
    let text = try source("Objective.swift")
    let start = try #require(text.range(of: "public protocol Objective: Sendable {"))
    let end = try #require(text.range(of: "\n}\n", range: start.upperBound..<text.endIndex))
    return declarations(in: String(text[start.upperBound..<end.lowerBound]))
  }

  private static func declarations(in text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      line.firstMatch(of: /^  (?:public )?(?:var|func) (\w+)/).map { String($0.1) }
    }
  }

  /// Keeps what it is asked for.
  final class Recorder: Sendable {
    let names = Mutex<Set<String>>([])
    func note(_ name: String) { names.withLock { _ = $0.insert(name) } }
  }

  /// An objective no answer of which is a default.
  struct Stub: Objective {
    let recorder: Recorder
    private func noting<Value>(_ value: Value, _ name: String = #function) -> Value {
      recorder.note(String(name.prefix { $0 != "(" }))
      return value
    }
    var name: String { noting("stub") }
    var scoresPerRow: Int { noting(2) }
    var rowDataNames: [String] { noting(["size"]) }
    var link: Link { noting(.softmax) }
    var parameters: [String: Double] { noting(["a": 1]) }
    var scoreAdjustment: ScoreAdjustment? { noting(.plusLog(of: "size")) }
    var defaultMetric: Metric { noting(.logLoss) }
    var hasLoss: Bool { noting(false) }
    var lossFormula: (any Objective)? { noting(SizeNormalisedSquaredError()) }
    var reach: Reach { noting(.group) }
    var leafSolver: LeafSolver? {
      let seven: LeafSolver = { _, _, _, _ in 7 }
      return noting(seven)
    }
    var curvature: Losses.Curvature {
      noting(Losses.Curvature(isExact: false, policy: .fisher, reason: "stub"))
    }
    var hasFullHessian: Bool { noting(true) }
    func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? {
      noting([3, 4])
    }
    func validate(_ rows: borrowing Rows) throws(ObjectiveError) { noting(()) }
    func losses(
      at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
    ) {
      noting(())
      losses[0] = 10
    }
    func derivatives(
      at scores: Span<Double>, _ rows: borrowing Rows,
      gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
    ) {
      noting(())
      (gradients[0], hessians[0]) = (11, 12)
    }
    func gradients(
      at scores: Span<Double>, _ rows: borrowing Rows, into gradients: inout MutableSpan<Double>
    ) {
      noting(())
      gradients[0] = 13
    }
    func lossesAndGradients(
      at scores: Span<Double>, _ rows: borrowing Rows,
      losses: inout MutableSpan<Double>, gradients: inout MutableSpan<Double>
    ) {
      noting(())
      (losses[0], gradients[0]) = (14, 15)
    }
    func fullHessians(
      at scores: Span<Double>, _ rows: borrowing Rows, into matrices: inout MutableSpan<Double>
    ) {
      noting(())
      matrices[0] = 16
    }
  }

  /// One that differs in nothing.
  struct Plain: ForwardingObjective {
    let base: any Objective
  }

  /// Asks for everything, at one row of size `e` (so that an adjustment by its logarithm is by 1).
  /// Gives what was answered, in words.
  private func answers(of objective: any Objective) throws -> [String: String] {
    let (targets, rowData, scores) = ([0.0], [M_E], [0.0, 0.0])
    var answers = [
      "name": objective.name, "scoresPerRow": "\(objective.scoresPerRow)",
      "rowDataNames": "\(objective.rowDataNames)", "link": "\(objective.link)",
      "parameters": "\(objective.parameters)", "hasLoss": "\(objective.hasLoss)",
      "scoreAdjustment": "\(String(describing: objective.scoreAdjustment))",
      "defaultMetric": objective.defaultMetric.name, "reach": "\(objective.reach)",
      "lossFormula": objective.lossFormula?.name ?? "none",
      "curvature": "\(objective.curvature.isExact) \(objective.curvature.policy)",
      "hasFullHessian": "\(objective.hasFullHessian)",
    ]
    let rows = Rows(targets: targets.span, rowData: rowData.span, rowDataCount: 1)
    try objective.validate(rows)
    answers["validate"] = "accepted"
    answers["startingScores"] = "\(objective.startingScores(rows, weights: Span()) ?? [])"
    answers["leafSolver"] = "\(objective.leafSolver?(scores.span, rows, Span(), 0) ?? .nan)"
    func written(_ body: (inout MutableSpan<Double>, inout MutableSpan<Double>) -> Void) -> String {
      var (first, second) = ([0.0, 0, 0, 0], [0.0, 0, 0, 0])
      var firstSpan = first.mutableSpan
      var secondSpan = second.mutableSpan
      body(&firstSpan, &secondSpan)
      return "\(first[0]) \(second[0])"
    }
    answers["losses"] = written { first, _ in
      objective.losses(at: scores.span, rows, into: &first)
    }
    answers["derivatives"] = written { first, second in
      objective.derivatives(at: scores.span, rows, gradients: &first, hessians: &second)
    }
    answers["gradients"] = written { first, _ in
      objective.gradients(at: scores.span, rows, into: &first)
    }
    answers["lossesAndGradients"] = written { first, second in
      objective.lossesAndGradients(at: scores.span, rows, losses: &first, gradients: &second)
    }
    answers["fullHessians"] = written { first, _ in
      objective.fullHessians(at: scores.span, rows, into: &first)
    }
    return answers
  }

  @Test("every requirement is forwarded in the one place that forwards") func source() throws {
    let requirements = try Self.requirements()
    #expect(requirements.count >= 20 && Set(requirements).count == requirements.count)
    let forwarded = Set(Self.declarations(in: try Self.source("ForwardingObjective.swift")))
    for requirement in requirements {
      #expect(forwarded.contains(requirement), "\(requirement) is left to a default")
    }
  }

  @Test("every answer is the base's") func plain() throws {
    let (direct, wrapped) = (Recorder(), Recorder())
    let expected = try answers(of: Stub(recorder: direct))
    let found = try answers(of: Plain(base: Stub(recorder: wrapped)))
    #expect(found == expected)
    let requirements = Set(try Self.requirements())
    #expect(Set(expected.keys) == requirements, "this test asks for every requirement")
    #expect(direct.names.withLock { $0 } == requirements)
    #expect(wrapped.names.withLock { $0 } == requirements)
  }

  /// Under an offset, whose slope is 1, every number is the base's; two answers are its own: the
  /// adjustment, and that the base's starting scores are no outputs.
  @Test("through an adjustment, all but what it is about") func adjusted() throws {
    let recorder = Recorder()
    let stub = Stub(recorder: recorder)
    var expected = try answers(of: stub)
    expected["startingScores"] = "[]"
    recorder.names.withLock { $0 = [] }
    let adjusted = AdjustedObjective(stub, .plusLog(of: "size"))
    #expect(try answers(of: adjusted) == expected)
    let asked = recorder.names.withLock { $0 }
    #expect(
      Set(try Self.requirements()).subtracting(asked) == ["scoreAdjustment", "startingScores"])
  }
}
