import Losses
import RealModule
import TestSupport
import Testing

/// Objectives whose rows depend on each other, against their naive twins.
@Suite("Ranking and survival")
struct ComparingObjectiveTests {
  static let ranking = ObjectiveCase.all.filter { $0.objective.reach == .group }

  /// Sums over all pairs, written as the formula stands.
  @Test("pairs of a group", arguments: ranking)
  func pairs(_ testCase: ObjectiveCase) {
    let limit = (testCase.objective as? LambdaMART)?.limit
    for seed in 0..<20 as Range<UInt64> {
      let sample = testCase.rows(23, seed: seed)
      let (scores, targets) = (sample.scores, sample.targets)
      var total = 0.0
      var gradients = [Double](repeating: 0, count: 23)
      for i in 0..<23 {
        let group = (0..<23).filter { sample.groups[$0] == sample.groups[i] }
        func discount(_ row: Int) -> Double {
          let place = group.count { scores[$0] > scores[row] }
          return limit.map { place < $0 } ?? true ? 1 / .log2(Double(place) + 2) : 0
        }
        let best = group.map { targets[$0] }.sorted(by: >).prefix(limit ?? 99)
        var ideal = 0.0
        for (place, relevance) in best.enumerated() {
          ideal += (.exp2(relevance) - 1) / .log2(Double(place) + 2)
        }
        for j in group where targets[i] > targets[j] {
          var weight = 1.0
          if testCase.objective is LambdaMART {
            weight =
              (.exp2(targets[i]) - .exp2(targets[j])) / ideal * abs(discount(i) - discount(j))
          }
          total += weight * .log(1 + .exp(scores[j] - scores[i]))
          gradients[i] -= weight / (1 + .exp(scores[i] - scores[j]))
          gradients[j] += weight / (1 + .exp(scores[i] - scores[j]))
        }
      }
      expectClose(sample.losses.reduce(0, +), total, relative: 1e-12)
      #expect(total > 0)
      for (a, b) in zip(sample.derivatives.0, gradients) {
        expectClose(a, b, relative: 1e-12, absolute: 1e-14)
      }
    }
  }

  @Test("rows without groups, or with odd relevances, are refused", arguments: ranking)
  func refusals(_ testCase: ObjectiveCase) {
    var sample = testCase.rows(10, seed: 1)
    sample.targets[7] = 31
    let range = #expect(throws: ObjectiveError.self) {
      try sample.withRows { rows in try testCase.objective.validate(rows) }
    }
    #expect(range?.row == 7)
    sample.groups = []
    let groups = #expect(throws: ObjectiveError.self) {
      try sample.withRows { rows in try testCase.objective.validate(rows) }
    }
    #expect(groups?.code == .missingGroups)
    #expect(groups?.description.contains("compares rows within groups") == true)
  }

  /// O(n^2), without logarithms.
  @Test("proportional hazards", arguments: 0..<20 as Range<UInt64>)
  func cox(_ seed: UInt64) throws {
    let testCase = try #require(ObjectiveCase.all.first { $0.objective is Cox })
    let sample = testCase.rows(60, scale: 1.5, seed: seed)
    let (times, events) = (sample.targets, sample.rowData)
    #expect(Set(times).count < 60, "there are ties")
    let risk = times.map { time -> Double in
      var sum = 0.0
      for row in times.indices where times[row] >= time { sum += .exp(sample.scores[row]) }
      return sum
    }
    let (gradients, hessians) = sample.derivatives
    for row in times.indices {
      var (gradient, hessian) = (-events[row], 0.0)
      for event in times.indices where events[event] == 1 && times[event] <= times[row] {
        let p = .exp(sample.scores[row]) / risk[event]
        gradient += p
        hessian += p * (1 - p)
      }
      expectClose(gradients[row], gradient, relative: 1e-11, absolute: 1e-13)
      expectClose(hessians[row], hessian, relative: 1e-11, absolute: 1e-13)
      expectClose(
        sample.losses[row], events[row] * (.log(risk[row]) - sample.scores[row]), relative: 1e-12,
        absolute: 1e-14)
    }
    // Another order of the rows gives each row the same, and so does another origin of scores.
    let order = (0..<60).map { ($0 * 37) % 60 }
    var shuffled = sample
    shuffled.scores = order.map { sample.scores[$0] + 100 }
    shuffled.targets = order.map { times[$0] }
    shuffled.rowData = order.map { events[$0] }
    for (place, row) in order.enumerated() {
      expectClose(
        shuffled.derivatives.0[place], gradients[row], relative: 1e-10, absolute: 1e-12)
    }
  }

  /// log Phi at 50 digits (mpmath), and its slope phi / Phi.
  @Test(
    "far tails of log-normal times keep their digits",
    arguments: [
      (-8.0, -35.013437159914549896), (-29.5, -439.42947460915022775),
      (-31, -484.85396362717928858),
      (-1e4, -50000010.129278915181),
    ])
  func tails(_ z: Double, _ logBelow: Double) {
    // An upper bound of 1 at score -z: the loss is -log Phi(z).
    let objective = AcceleratedFailureTime(.normal, censoring: .interval)
    let sample = ObjectiveSample(
      objective: objective, scores: [-z], targets: [1], rowData: [0, 1])
    expectClose(sample.losses[0], -logBelow, relative: 1e-13)
    let (gradients, hessians) = sample.derivatives
    // Mills: -z < phi / Phi < -z - 1 / z; the curvature of a tail tends to 1 from below.
    #expect(gradients[0] > -z && gradients[0] < -z - 1 / z)
    #expect(hessians[0] > 1 - 2 / (z * z) && hessians[0] < 1)
  }

  @Test("narrow intervals are densities", arguments: AcceleratedFailureTime.Noise.allCases)
  func narrow(_ noise: AcceleratedFailureTime.Noise) {
    let interval = AcceleratedFailureTime(noise, scale: 1.5, censoring: .interval)
    for score in [-3, 0, 0.4, 5] {
      for width in [2e-5, 1e-5, 1e-9] {
        func sample(_ upper: Double) -> ObjectiveSample {
          ObjectiveSample(
            objective: interval, scores: [score], targets: [2], rowData: [2 - (upper - 2), upper])
        }
        let exact = sample(2)
        let narrow = sample(2 + width / 2)
        expectClose(
          narrow.losses[0] + .log(width), exact.losses[0], relative: 1e-5, absolute: 1e-5)
        expectClose(
          narrow.derivatives.0[0], exact.derivatives.0[0], relative: 1e-4, absolute: 1e-5)
        expectClose(
          narrow.derivatives.1[0], exact.derivatives.1[0], relative: 1e-3, absolute: 1e-4)
      }
    }
  }

  @Test("impossible bounds and events are refused with their row")
  func survivalDomains() {
    let cases: [(any Objective, [Double], [Double], Int)] = [
      (Cox(), [1, 2], [1, 0.5], 1), (Cox(), [1, 0], [1, 1], 1),
      (AcceleratedFailureTime(), [1, -1], [1, 0], 1),
      (AcceleratedFailureTime(censoring: .interval), [1, 1], [1, 2, 3, 2], 1),
      (AcceleratedFailureTime(censoring: .interval), [1, 1], [1, .infinity, .infinity, 2], 1),
      (AcceleratedFailureTime(censoring: .interval), [1, 1], [1, 2, 0, 0], 1),
    ]
    for (objective, targets, rowData, row) in cases {
      let sample = ObjectiveSample(
        objective: objective, scores: [0, 0], targets: targets, rowData: rowData)
      let error = #expect(throws: ObjectiveError.self) {
        try sample.withRows { rows in try objective.validate(rows) }
      }
      #expect(error?.row == row)
    }
  }
}
