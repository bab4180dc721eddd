import Checking
import Losses
import TestSupport
import Testing

/// Objectives that are right, however odd: no alarm, with a formula and without.
@Suite("Checker: unusual and right")
struct SoundObjectiveTests {
  /// What may be said of them: a plain exponential overflows at scores of 1e4.
  static let allowed: Set<Finding.Code> = [.notFinite]

  static func targets(_ objective: any Objective, _ count: Int, seed: UInt64) -> [Double] {
    referenceNumbers(count, seed: seed).map { number in
      if objective.link == .softmax { return (3 * number).rounded(.down) }
      switch objective.link {
      case .logit: return number.rounded()
      case .log: return (10 * number).rounded()
      default: return 20 * number - 10
      }
    }
  }

  @Test("no alarm on drawn rows", arguments: ofResiduals + behindLinks)
  func drawn(_ objective: any Objective) {
    for objective in [objective, Paired(base: objective)] as [any Objective] {
      for seed in CheckerSoundnessTests.seeds {
        let verdict = objective.check(seed: seed)
        let alarms = (verdict.errors + verdict.warnings).filter { !Self.allowed.contains($0.code) }
        #expect(alarms.isEmpty, "seed \(seed): \(verdict)")
      }
    }
  }

  @Test("no alarm on rows of one's own, many or few", arguments: ofResiduals + behindLinks)
  func ownRows(_ objective: any Objective) {
    for objective in [objective, Paired(base: objective)] as [any Objective] {
      for (count, seeds) in [(200, 5), (5, 20), (1, 20)] as [(Int, UInt64)] {
        for seed in 0..<seeds {
          let targets = Self.targets(objective, count, seed: seed + 5)
          let data = referenceNumbers(count * objective.rowDataNames.count, seed: seed + 7)
            .map { 0.5 + 50 * $0 }
          let groups = objective.reach == .group ? (0..<count).map { $0 / 5 } : []
          let verdict = objective.check(
            targets: targets, rowData: data, groups: groups, seed: seed)
          let alarms = (verdict.errors + verdict.warnings)
            .filter { !Self.allowed.contains($0.code) && $0.code != .hessianNegative }
          #expect(alarms.isEmpty, "\(count) rows, seed \(seed): \(verdict)")
          guard count == 200 else { continue }
          let quick = objective.quickCheck(
            targets: targets, rowData: data, groups: groups, seed: seed)
          #expect(quick.isSound, "seed \(seed): \(quick)")
        }
      }
    }
  }

  @Test("targets of a millionth, and a column that is the same in every row")
  func scales() {
    for objective in Self.ofResiduals where objective.name != "mostly flat" {
      for seed in 0..<5 as Range<UInt64> {
        let targets = Self.targets(objective, 100, seed: seed).map { 1e-6 * $0 }
        let data = objective.rowDataNames.map { _ in 7.0 }
        let verdict = objective.check(
          targets: targets, rowData: (0..<100).flatMap { _ in data }, seed: seed)
        let alarms = (verdict.errors + verdict.warnings).filter { !Self.allowed.contains($0.code) }
        #expect(alarms.isEmpty, "seed \(seed): \(verdict)")
      }
    }
  }
}
