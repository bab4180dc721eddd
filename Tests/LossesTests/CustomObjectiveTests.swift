import Losses
import RealModule
import TestSupport
import Testing

@Suite("Objectives a user writes")
struct CustomObjectiveTests {
  static let sneClosure = CustomObjective(
    "sne", rowData: ["size"],
    loss: { row in
      let ratio = (row.score - row.target) / row.data[0]
      return ratio * ratio
    },
    derivatives: { row in
      let size = row.data[0]
      return .init(
        gradient: 2 * (row.score - row.target) / (size * size), hessian: 2 / (size * size))
    })

  static func same(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern }
  }

  @Test("closures with the built-in's arithmetic give its bits")
  func closuresEqualBuiltIns() {
    let logistic = CustomObjective("logistic", link: .logit) { row in
      let p = StableMath.sigmoid(row.score)
      return .init(gradient: p - row.target, hessian: p * (1 - p))
    }
    let softmax = CustomObjective("softmax", scoresPerRow: 3, link: .softmax) { row, g, h in
      for k in 0..<3 { g[k] = row.scores[k] }
      StableMath.softmax(&g, in: 0..<3)
      for k in 0..<3 { h[k] = g[k] * (1 - g[k]) }
      g[Int(row.target)] -= 1
    }
    let squared = CustomObjective("squared") { row in
      .init(gradient: 2 * (row.score - row.target), hessian: 2)
    }
    let pairs: [(any Objective, Int)] = [
      (squared, 0), (Self.sneClosure, 1), (logistic, 2), (softmax, 4),
    ]
    for (custom, place) in pairs {
      for seed in 0..<10 as Range<UInt64> {
        let sample = ObjectiveCase.all[place].rows(500, seed: seed)
        let (g, h) = sample.derivatives
        let (gCustom, hCustom) = sample.derivatives(under: custom)
        #expect(Self.same(g, gCustom) && Self.same(h, hCustom), "\(custom.name)")
        #expect(Set(g).count > 100)
        #expect(
          ObjectiveDescription(custom).fingerprint
            == ObjectiveDescription(sample.objective).fingerprint)
      }
    }
  }

  /// Cross-entropy with temperature, once for every scalar.
  struct Tempered: DifferentiableLoss {
    let temperature: Double
    var name: String { "tempered" }
    var scoresPerRow: Int { 3 }
    var link: Link { .softmax }
    var defaultMetric: Metric { .logLoss }

    func loss<Scalar>(_ row: borrowing LossVariables<Scalar>) -> Scalar {
      var sum = Scalar(0)
      for k in 0..<3 { sum += .exp(row.scores[k] / Scalar(temperature)) }
      return .log(sum) - row.scores[row.target] / Scalar(temperature)
    }
  }

  @Test("a generic loss, a closure and a closure that captures give the same bits")
  func genericLossEqualsClosure() {
    let plain = DifferentiableObjective("tempered", scoresPerRow: 3, link: .softmax) { row in
      var sum = Jet(0)
      for k in 0..<3 { sum += .exp(row.scores[k] / 2.5) }
      return .log(sum) - row.scores[row.target] / 2.5
    }
    let tempered = Tempered(temperature: 2.5)
    let temperature = Jet(tempered.temperature)
    let capturing = DifferentiableObjective("tempered", scoresPerRow: 3, link: .softmax) { row in
      var sum = Jet(0)
      for k in 0..<3 { sum += .exp(row.scores[k] / temperature) }
      return .log(sum) - row.scores[row.target] / temperature
    }
    for seed in 0..<10 as Range<UInt64> {
      let sample = ObjectiveCase.all[4].rows(100, seed: seed)
      let expected = sample.derivatives(under: tempered)
      let losses = sample.losses(under: tempered)
      #expect(Set(expected.gradients).count > 100 && Set(losses).count > 50)
      for other in [plain, capturing] {
        let (g, h) = sample.derivatives(under: other)
        #expect(Self.same(g, expected.gradients) && Self.same(h, expected.hessians))
        #expect(Self.same(sample.losses(under: other), losses))
      }
      sample.withRows { rows in
        var (first, second) = (
          [Double](repeating: 0, count: 900), [Double](repeating: 0, count: 900)
        )
        var a = first.mutableSpan
        var b = second.mutableSpan
        tempered.fullHessians(at: sample.scores.span, rows, into: &a)
        plain.fullHessians(at: sample.scores.span, rows, into: &b)
        #expect(Self.same(first, second) && Set(first).count > 100)
        var (byTarget, mixed) = (
          [Double](repeating: 1, count: 100), [Double](repeating: 1, count: 300)
        )
        var c = byTarget.mutableSpan
        var d = mixed.mutableSpan
        tempered.targetDerivatives(at: sample.scores.span, rows, first: &c, mixed: &d)
        // A class index is looked up, not calculated with: nothing changes with it.
        #expect(byTarget.allSatisfy { $0 == 0 } && mixed.allSatisfy { $0 == 0 })
      }
    }
  }

  @Test("batch functions equal row closures")
  func batchEqualsRows() {
    let batch = BatchObjective(
      "sne", rowData: ["size"],
      losses: { scores, rows, losses in
        for i in 0..<rows.count {
          let ratio = (scores[i] - rows.targets[i]) / rows.rowData[i]
          losses[i] = ratio * ratio
        }
      },
      derivatives: { scores, rows, gradients, hessians in
        for i in 0..<rows.count {
          let size = rows.rowData[i]
          gradients[i] = 2 * (scores[i] - rows.targets[i]) / (size * size)
          hessians[i] = 2 / (size * size)
        }
      })
    let sample = ObjectiveCase.all[1].rows(300, seed: 5)
    #expect(Self.same(sample.derivatives.0, sample.derivatives(under: batch).0))
    #expect(Self.same(sample.derivatives.1, sample.derivatives(under: batch).1))
    #expect(Self.same(sample.losses, sample.losses(under: batch)))
  }

  @Test("the loss alone gives the same derivatives to rounding")
  func jetsEqualFormulas() {
    let sne = DifferentiableObjective("sne", rowData: ["size"]) { row in
      ((row.score - row.target) / row.data[0]).squared()
    }
    let logistic = DifferentiableObjective("logistic", link: .logit) { row in
      Jet.softplus(row.score) - row.target * row.score
    }
    let pairs: [(any Objective, Int)] = [(sne, 1), (logistic, 2)]
    for (jets, place) in pairs {
      for seed in 0..<10 as Range<UInt64> {
        let sample = ObjectiveCase.all[place].rows(200, seed: seed)
        let (g, h) = sample.derivatives
        let (gJets, hJets) = sample.derivatives(under: jets)
        for index in g.indices {
          expectClose(gJets[index], g[index], relative: 1e-12, absolute: 1e-15)
          expectClose(hJets[index], h[index], relative: 1e-12, absolute: 1e-15)
        }
        for (a, b) in zip(sample.losses(under: jets), sample.losses) {
          expectClose(a, b, relative: 1e-12, absolute: 1e-14)
        }
      }
    }
  }

  @Test("the loss alone over several scores, and its full Hessian", arguments: [2, 3, 10])
  func severalScores(_ classes: Int) {
    let jets = DifferentiableObjective("softmax", scoresPerRow: classes, link: .softmax) { row in
      row.scores.logSumExp() - row.scores[row.target]
    }
    let formulas = SoftmaxCrossEntropy(classes: classes)
    let place = [2: 3, 3: 4, 10: 5][classes] ?? 0
    for seed in 0..<5 as Range<UInt64> {
      let sample = ObjectiveCase.all[place].rows(60, seed: seed)
      let (g, h) = sample.derivatives
      let (gJets, hJets) = sample.derivatives(under: jets)
      for index in g.indices {
        expectClose(gJets[index], g[index], relative: 1e-11, absolute: 1e-14)
        expectClose(hJets[index], h[index], relative: 1e-11, absolute: 1e-14)
      }
      let full = sample.fullHessians(under: formulas)
      for (a, b) in zip(sample.fullHessians(under: jets), full) {
        expectClose(a, b, relative: 1e-10, absolute: 1e-14)
      }
      // Against central differences of the gradient.
      for k in 0..<classes {
        var above = sample
        var below = sample
        for row in 0..<60 {
          above.scores[row * classes + k] += 1e-5
          below.scores[row * classes + k] -= 1e-5
        }
        let (gAbove, gBelow) = (above.derivatives.0, below.derivatives.0)
        for row in 0..<60 {
          for j in 0..<classes {
            expectClose(
              full[(row * classes + j) * classes + k],
              (gAbove[row * classes + j] - gBelow[row * classes + j]) / 2e-5, relative: 1e-6,
              absolute: 1e-9)
          }
        }
      }
    }
  }

  @Test("derivatives by the target, against central differences")
  func byTarget() {
    let loss = DifferentiableObjective("gamma-like", rowData: ["size"]) { row in
      let ratio = row.target / row.data[0] * .exp(-row.score)
      return ratio * ratio - .sqrt(row.target) * row.score
    }
    let scores = referenceNumbers(40, seed: 5)
    let targets = referenceNumbers(40, seed: 6).map { 0.5 + $0 }
    let sizes = referenceNumbers(40, seed: 7).map { 1 + $0 }
    func sample(shiftedBy step: Double) -> ObjectiveSample {
      ObjectiveSample(
        objective: loss, scores: scores, targets: targets.map { $0 + step }, rowData: sizes)
    }
    let (above, below) = (sample(shiftedBy: 1e-5), sample(shiftedBy: -1e-5))
    var first = [Double](repeating: .nan, count: 40)
    var mixed = first
    sample(shiftedBy: 0).withRows { rows in
      var f = first.mutableSpan
      var m = mixed.mutableSpan
      loss.targetDerivatives(at: scores.span, rows, first: &f, mixed: &m)
    }
    for row in 0..<40 {
      expectClose(first[row], (above.losses[row] - below.losses[row]) / 2e-5, relative: 1e-7)
      expectClose(
        mixed[row],
        (above.derivatives.gradients[row] - below.derivatives.gradients[row]) / 2e-5,
        relative: 1e-7, absolute: 1e-9)
    }
  }

  /// Reads the groups of its rows without asking whether there are any.
  private struct WithinGroups: Objective {
    let name = "within groups"
    let defaultMetric = Metric.rmse
    var reach: Reach { .group }
    func losses(
      at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
    ) {
      for row in losses.indices { losses[row] = Double(rows.groups[row]) * scores[row] }
    }
    func derivatives(
      at scores: Span<Double>, _ rows: borrowing Rows,
      gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
    ) {
      for row in gradients.indices {
        gradients[row] = Double(rows.groups[row])
        hessians[row] = 1
      }
    }
  }

  @Test("an objective that compares rows of groups is described with groups")
  func fingerprintWithGroups() {
    #expect(ObjectiveDescription(WithinGroups()).fingerprint.count == 16)
  }

  @Test("other arithmetic under the same name has another fingerprint")
  func fingerprintTellsApart() {
    let halved = CustomObjective("sne", rowData: ["size"]) { row in
      .init(
        gradient: (row.score - row.target) / (row.data[0] * row.data[0]),
        hessian: 1 / (row.data[0] * row.data[0]))
    }
    let builtIn = ObjectiveDescription(SizeNormalisedSquaredError())
    #expect(ObjectiveDescription(halved).fingerprint != builtIn.fingerprint)
    #expect(ObjectiveDescription(Self.sneClosure).fingerprint == builtIn.fingerprint)
    #expect(
      ObjectiveDescription(SizeNormalisedSquaredError().adjusted()).adjustment
        == .multiplied(by: "size"))
  }
}
