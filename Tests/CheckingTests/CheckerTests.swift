import Checking
import Losses
import TestSupport
import Testing

@Suite("Checker: no false alarm")
struct CheckerSoundnessTests {
  /// Seeds of a check, full or quick.
  static let seeds = Thoroughness.seeds(10, thorough: 50)

  @Test("every shipped objective is sound on rows drawn for it", arguments: ObjectiveCase.all)
  func drawnRows(_ testCase: ObjectiveCase) {
    for seed in Self.seeds {
      let verdict = testCase.objective.check(seed: seed)
      #expect(verdict.isSound && verdict.warnings.isEmpty, "seed \(seed): \(verdict)")
      #expect(verdict.tests.count >= 5)
    }
  }

  @Test("every shipped objective is sound on its own rows", arguments: ObjectiveCase.all)
  func ownRows(_ testCase: ObjectiveCase) {
    for seed in Self.seeds {
      let sample = testCase.rows(100, seed: seed)
      let verdict = sample.withRows { rows in
        testCase.objective.check(rows, scores: sample.scores.span, seed: seed)
      }
      #expect(verdict.isSound && verdict.warnings.isEmpty, "seed \(seed): \(verdict)")
    }
  }

  @Test("the quick check is silent, near and far", arguments: ObjectiveCase.all)
  func quick(_ testCase: ObjectiveCase) {
    for seed in Thoroughness.seeds(20, thorough: 50) {
      for scale in [0.0, 1, 30] where seed % 5 == 0 || scale == 1 {
        let sample = testCase.rows(120, scale: scale, seed: seed)
        let verdict = sample.withRows { rows in
          testCase.objective.quickCheck(rows, scores: sample.scores.span, seed: seed)
        }
        #expect(verdict.findings.isEmpty, "seed \(seed), scale \(scale): \(verdict)")
      }
    }
  }

  /// Losses with kinks, flat parts, concave parts and odd scales, from the loss alone or by hand.
  static let odd: [any Objective] = [
    CustomObjective(
      "absolute by hand", loss: { ($0.score - $0.target).magnitude },
      derivatives: { row in
        let r = row.score - row.target
        return .init(gradient: r > 0 ? 1 : (r < 0 ? -1 : 0), hessian: 1)
      }),
    CustomObjective(
      "quantile 0.9",
      loss: { row in
        let r = row.target - row.score
        return max(0.9 * r, -0.1 * r)
      },
      derivatives: { row in
        .init(gradient: row.target > row.score ? -0.9 : 0.1, hessian: 1)
      }),
    CustomObjective(
      "huber",
      loss: { row in
        let r = (row.score - row.target).magnitude
        return r <= 1 ? r * r / 2 : r - 0.5
      },
      derivatives: { row in
        let r = row.score - row.target
        return .init(gradient: max(-1, min(1, r)), hessian: 1)
      }),
    DifferentiableObjective("squared hinge") { row in
      Jet.max(0, 1 - (2 * row.target - 1) * row.score).squared()
    },
    DifferentiableObjective("cauchy") { row in
      Jet.log(onePlus: (row.score - row.target).squared())
    },
    DifferentiableObjective("tiny") { row in 1e-12 * (row.score - row.target).squared() },
    DifferentiableObjective("huge") { row in 1e12 * (row.score - row.target).squared() },
    CustomObjective("no loss") { row in
      .init(gradient: 2 * (row.score - row.target), hessian: 2)
    },
    CustomObjective(
      "softmax by another's Hessian", scoresPerRow: 3, link: .softmax,
      loss: { row in StableMath.logSumExp(row.scores) - row.scores[Int(row.target)] },
      derivatives: { row, g, h in
        for k in 0..<3 { g[k] = row.scores[k] }
        StableMath.softmax(&g, in: 0..<3)
        for k in 0..<3 { h[k] = 2 * g[k] * (1 - g[k]) }
        g[Int(row.target)] -= 1
      }),
    CustomObjective(
      "softmax without a loss", scoresPerRow: 3, link: .softmax,
      derivatives: { row, g, h in
        for k in 0..<3 { g[k] = row.scores[k] }
        StableMath.softmax(&g, in: 0..<3)
        for k in 0..<3 { h[k] = (g[k] - (Double(k) == row.target ? 1 : 0)).magnitude }
        g[Int(row.target)] -= 1
      }),
  ]

  @Test("kinks, flat parts, concave parts and stand-in Hessians raise no alarm")
  func oddLosses() {
    for objective in Self.odd {
      for seed in Self.seeds {
        let verdict = objective.check(seed: seed)
        #expect(verdict.isSound && verdict.warnings.isEmpty, "seed \(seed): \(verdict)")
      }
    }
  }

  @Test("the quick check of odd losses, from far-away starts")
  func oddQuick() {
    for objective in Self.odd {
      for seed in Thoroughness.seeds(20, thorough: 50) {
        let numbers = referenceNumbers(150, seed: seed + 1)
        let isClass = objective.scoresPerRow > 1 || objective.name == "squared hinge"
        for offset in [0.0, 1e4] {
          let targets = numbers.map {
            isClass
              ? ($0 * Double(max(2, objective.scoresPerRow))).rounded(.down) : offset + 20 * $0
          }
          let verdict = objective.quickCheck(targets: targets, seed: seed)
          #expect(verdict.findings.isEmpty, "seed \(seed): \(verdict)")
        }
      }
    }
  }

  @Test("a surrogate Hessian is a note with its factor")
  func surrogates() {
    let verdict = Self.odd[8].check()
    let note = verdict.notes.first { $0.code == .surrogateHessian }
    #expect(note?.message.contains("Hessian is 2.00 x the slope of the gradient") == true)
    #expect(Self.odd[7].check().notes.map(\.code) == [.missingLoss])
    #expect(Self.odd[4].check().notes.contains { $0.code == .hessianNegative })
    // The absolute error's own second derivative is zero: no mistake, but a step needs a stand-in.
    let absolute = DifferentiableObjective("absolute") { Jet.abs($0.score - $0.target) }
    #expect(absolute.check().isSound)
    #expect(absolute.check().notes.map(\.code) == [.hessianZero])
  }
}

@Suite("Checker: verdicts")
struct VerdictTests {
  @Test("the same seed gives the same verdict, and it reads as a table with sentences")
  func description() {
    let flipped = Mistakes.logistic { p, y in y - p }
    let verdict = flipped.check(seed: 3)
    #expect(verdict == flipped.check(seed: 3))
    #expect(!verdict.isSound)
    let lines = verdict.description.split(separator: "\n")
    #expect(lines.first?.hasPrefix("objective 'logistic': not sound (1 error") == true)
    #expect(lines.contains { $0.contains("gradient") && $0.contains("ERROR") })
    #expect(lines.contains { $0.hasPrefix("error: gradient is -1.00 x the numerical gradient") })
    // One column under the other.
    let figures = lines.filter { $0.hasPrefix("  ") }.map {
      $0.distance(from: $0.startIndex, to: $0.endIndex)
    }
    #expect(figures.allSatisfy { $0 > 20 })
  }

  @Test("rows are named in the numbering of the caller")
  func rowNumbers() {
    let objective = CustomObjective(
      "log", loss: { ($0.score - $0.target) * ($0.score - $0.target) },
      derivatives: { row in
        .init(gradient: row.target == 13 ? .nan : 2 * (row.score - row.target), hessian: 2)
      })
    var targets = (0..<40).map { Double($0 % 7) }
    targets[29] = 13
    let scores = [Double](repeating: 0.5, count: 40)
    for verdict in [
      objective.check(
        Rows(targets: targets.span, rowData: Span(), rowDataCount: 0), scores: scores.span,
        rowNumber: { $0 + 1000 }),
      objective.quickCheck(
        Rows(targets: targets.span, rowData: Span(), rowDataCount: 0), scores: scores.span,
        rowNumber: { $0 + 1000 }),
    ] {
      let finding = verdict.errors.first { $0.code == .notFinite }
      #expect(finding?.rows == [1029], "\(verdict)")
    }
  }

  @Test("a selection without an event, or of one relevance, does not speak for the table")
  func rareEvents() {
    let times = (1...5_000).map(Double.init)
    var events = [Double](repeating: 0, count: 5_000)
    events[17] = 1
    let relevances = (0..<900).map { $0 < 300 ? 0 : Double($0 % 3) }
    let queries = (0..<900).map { $0 / 300 }
    for seed in 0..<20 as Range<UInt64> {
      let survival = Cox().quickCheck(targets: times, rowData: events, seed: seed)
      #expect(survival.isSound, "seed \(seed): \(survival)")
      let ranking = PairwiseRanking().quickCheck(targets: relevances, groups: queries, seed: seed)
      #expect(ranking.isSound, "seed \(seed): \(ranking)")
    }
    // A whole table without an event has nothing to learn from.
    let none = Cox().quickCheck(targets: [1, 2, 3, 4], rowData: [0, 0, 0, 0])
    #expect(none.errors.map(\.code) == [.hessianZero])
  }

  @Test("a refused row is a finding, not a crash")
  func refusals() {
    let refused = Logistic().check(targets: [0, 1, 2])
    #expect(refused.errors.map(\.code) == [.refusedRow])
    #expect(refused.errors.first?.rows == [2])
    let classes = DifferentiableObjective("softmax", scoresPerRow: 3, link: .softmax) { row in
      row.scores.logSumExp() - row.scores[row.target]
    }
    let counted = classes.check(targets: [1, 2, 3, 1, 2, 3])
    #expect(counted.errors.map(\.code) == [.notAClass])
    #expect(counted.errors.first?.message.contains("these run from 1 to 3: subtract 1") == true)
    #expect(classes.quickCheck(targets: [1, 2, 3]).isSound == false)
    #expect(classes.check(targets: []).isSound)
  }

  #if !DEBUG
    @Test("a full check takes well under a second, a quick one milliseconds")
    func cost() {
      for objective in [SquaredError(), SoftmaxCrossEntropy(classes: 10)] as [any Objective] {
        let targets = (0..<1000).map { Double($0 % 10) }
        let clock = ContinuousClock()
        let full = clock.measure { #expect(objective.check(targets: targets).isSound) }
        let quick = clock.measure { #expect(objective.quickCheck(targets: targets).isSound) }
        print("\(objective.name): full check \(full), quick check \(quick)")
        #expect(full < .seconds(1) && quick < .milliseconds(100))
      }
    }
  #endif
}
