import Checking
import Losses
import RealModule
import TestSupport
import Testing

@Suite("Curvature policies")
struct CurvaturePolicyTests {
  /// Gradients and Hessians of `sample` under `policy`, and how many Hessians it changed.
  static func apply(
    _ policy: CurvaturePolicy, to sample: ObjectiveSample, unit: Double = 1
  ) -> (gradients: [Double], hessians: [Double], changed: Int) {
    var gradients = [Double](repeating: .nan, count: sample.scores.count)
    var hessians = gradients
    let changed = sample.withRows { rows in
      var g = gradients.mutableSpan
      var h = hessians.mutableSpan
      return sample.objective.derivatives(
        at: sample.scores.span, rows, policy: policy, unit: unit, gradients: &g, hessians: &h)
    }
    return (gradients, hessians, changed)
  }

  @Test(
    "each policy does what it says and counts what it touched",
    arguments: [
      (.exact, [0, 0, 0.5, 2], 1), (.absolute, [1, 0, 0.5, 2], 1),
      (.absoluteGradient, [3, 1, 0.5, 4], 3), (.floor(0.1), [0.4, 0.4, 0.5, 2], 2),
      (.constant(0.5), [2, 2, 2, 2], 3), (.fisher, [0, 0, 0.5, 2], 1),
    ] as [(CurvaturePolicy, [Double], Int)])
  func numbers(_ policy: CurvaturePolicy, _ expected: [Double], _ count: Int) {
    var hessians: [Double] = [-1, 0, 0.5, 2]
    var span = hessians.mutableSpan
    let changed = policy.apply(gradients: [3, -1, 0.5, -4].span, hessians: &span, unit: 4)
    #expect(hessians == expected)
    #expect(changed == count)
  }

  @Test("a Hessian that is no number is left for the learner to find")
  func notANumber() {
    for policy in [.exact, .absolute, .absoluteGradient, .floor(1), .constant(1)]
      as [CurvaturePolicy]
    {
      var hessians: [Double] = [.nan]
      var span = hessians.mutableSpan
      let changed = policy.apply(gradients: [1].span, hessians: &span, unit: 1)
      #expect(hessians[0].isNaN && changed == 0, "\(policy)")
    }
    #expect(CurvaturePolicy.unit(of: [1, -3].span) == 2)
    #expect(CurvaturePolicy.unit(of: [0, 0].span) == 1)
  }

  /// `c * loss` changes gradients, Hessians and the unit by `c`, and what a policy makes of them
  /// too.
  @Test("policies keep to the scale of the loss", arguments: ObjectiveCase.all)
  func scaleFree(_ testCase: ObjectiveCase) {
    let sample = testCase.rows(50, seed: 6)
    let (gradients, hessians) = sample.derivatives
    let c = 0x1p-20
    let scaledGradients = gradients.map { $0 * c }
    let scaledHessians = hessians.map { $0 * c }
    for policy in [.exact, .absolute, .absoluteGradient, .floor(0.1), .constant(1)]
      as [CurvaturePolicy]
    {
      var plain = hessians
      var scaled = scaledHessians
      var a = plain.mutableSpan
      var b = scaled.mutableSpan
      let first = policy.apply(
        gradients: gradients.span, hessians: &a, unit: CurvaturePolicy.unit(of: hessians.span))
      let second = policy.apply(
        gradients: scaledGradients.span, hessians: &b,
        unit: CurvaturePolicy.unit(of: scaledHessians.span))
      #expect(first == second)
      #expect(zip(plain, scaled).allSatisfy { $0 * c == $1 }, "\(policy)")
    }
  }

  @Test("what an objective suggests and offers is usable", arguments: ObjectiveCase.all)
  func offers(_ testCase: ObjectiveCase) throws {
    let curvature = testCase.objective.curvature
    try curvature.policy.check(for: testCase.objective)
    #expect(curvature.reason.hasSuffix("."))
    let names = curvature.offers.map(\.name)
    #expect(Set(names).count == names.count)
    let policies = [curvature.policy] + names.map { CurvaturePolicy.named($0) }
    for seed in 0..<5 as Range<UInt64> {
      for scale in [1, 50.0] {
        let sample = testCase.rows(60, scale: scale, seed: seed)
        for policy in policies {
          let (gradients, hessians, changed) = Self.apply(policy, to: sample)
          #expect(gradients == sample.derivatives.0, "a policy leaves gradients alone")
          #expect(hessians.allSatisfy { $0 >= 0 && $0.isFinite }, "\(policy)")
          #expect(changed == zip(hessians, sample.derivatives.1).count { $0 != $1 })
        }
      }
    }
  }

  /// One score per row: `loss(t) <= loss(s) + g (t - s) + h (t - s)^2 / 2` for every `t`.
  @Test(
    "an upper bound's parabola lies above the loss",
    arguments: ObjectiveCase.all.filter {
      $0.objective.scoresPerRow == 1
        && $0.objective.curvature.offers.contains { $0.name == "upper-bound" }
    })
  func upperBound(_ testCase: ObjectiveCase) {
    for seed in 0..<10 as Range<UInt64> {
      let sample = testCase.rows(100, scale: 10, seed: seed)
      let (gradients, hessians, _) = Self.apply(.upperBound, to: sample)
      let losses = sample.losses
      for factor in [-3, -1, -0.9, -0.1, -1e-3, 1e-3, 0.1, 0.5, 1, 3] {
        var moved = sample
        for row in moved.scores.indices {
          // Far and near, and the full step itself among them.
          let step = gradients[row] == 0 ? 1 : -gradients[row] / hessians[row]
          moved.scores[row] += factor * step
        }
        let after = moved.losses
        for row in moved.scores.indices {
          let step = moved.scores[row] - sample.scores[row]
          let parabola = losses[row] + gradients[row] * step + hessians[row] * step * step / 2
          #expect(after[row] <= parabola + 1e-9 * (1 + parabola.magnitude), "row \(row), \(factor)")
        }
      }
    }
  }

  /// The Fisher information is the mean Hessian under the model's own distribution.
  @Test("Fisher information of amounts, by sampling quantiles of the distribution")
  func fisher() {
    // Gaussian: targets at the normal's quantiles have the moments of the normal.
    let count = 20_000
    let residuals = (0..<count).map { index -> Double in
      // Two uniform numbers give a normal one (Box and Muller), on a grid of golden-ratio points.
      let a = (Double(index) + 0.5) / Double(count)
      let b = (Double(index) * 0.6180339887498949).truncatingRemainder(dividingBy: 1)
      return (-2 * Double.log(a)).squareRoot() * .cos(2 * .pi * b)
    }
    let sample = ObjectiveSample(
      objective: Gaussian(), scores: (0..<count).flatMap { _ in [0.7, 0.3] },
      targets: residuals.map { 0.7 + .exp(0.3) * $0 })
    let exact = sample.derivatives.1
    let (_, fisher, _) = Self.apply(.fisher, to: sample)
    for k in 0..<2 {
      let mean = stride(from: k, to: 2 * count, by: 2).reduce(0) { $0 + exact[$1] } / Double(count)
      expectClose(fisher[k], mean, relative: 1e-2)
    }
  }

  @Test("text gives policies and back")
  func text() throws {
    for policy in [
      .exact, .fisher, .upperBound, .absolute, .absoluteGradient, .floor(0.01), .constant(1),
      .named("friedman"),
    ] as [CurvaturePolicy] {
      #expect(try CurvaturePolicy(policy.description) == policy)
    }
    #expect(try CurvaturePolicy("constant") == .constant(1))
    for text in ["floor", "floor(a)", "floor(1,2)", "exact(1)", "", "floor(1"] {
      #expect(throws: CatalogueError.self, "\(text)") { try CurvaturePolicy(text) }
    }
  }

  @Test("a policy that an objective does not offer is refused in a sentence")
  func refusals() {
    let none = #expect(throws: CatalogueError.self) {
      try CurvaturePolicy.fisher.check(for: AbsoluteError())
    }
    #expect(
      none?.description
        == "objective 'absolute' has no curvature 'fisher'; it offers 'upper-bound'")
    let floor = #expect(throws: CatalogueError.self) {
      try CurvaturePolicy.floor(-1).check(for: SquaredError())
    }
    #expect(floor?.description.contains("positive multiple") == true)
    let custom = CustomObjective("mine") { _ in .init(gradient: 1, hessian: 1) }
    #expect(throws: CatalogueError.self) { try CurvaturePolicy.upperBound.check(for: custom) }
    #expect(throws: Never.self) { try CurvaturePolicy.absolute.check(for: custom) }
  }

  @Test("an adjusted objective's offers carry the square of the slope")
  func adjusted() {
    let quadratic = ObjectiveCase.all[1].rows(20, seed: 2)
    #expect(SizeNormalisedSquaredError().adjusted().curvature.offers.isEmpty)
    let poisson = ObjectiveSample(
      objective: Poisson(exposure: "exposure").adjusted(), scores: quadratic.scores,
      targets: (0..<20).map { Double($0 % 5) }, rowData: quadratic.rowData)
    let fisher = Self.apply(.fisher, to: poisson)
    #expect(fisher.hessians == poisson.derivatives.1 && fisher.changed == 0)
  }
}
