import Losses

/// A Hessian and what it should be, where that can be told.
struct HessianPlace {
  let entry: CheckEntry
  let due: NumericalDerivative
  var given: Double { entry.hessian }
}

/// The places where it can be told what the Hessian should be.
struct HessianPlaces {
  let entries: CheckEntries
  /// Whether the losses say what is due, as the gradient is wrong.
  let isFromLoss: Bool
  let all: [HessianPlace]
  /// The usual size of what is due.
  let typical: Double
  /// Curvatures this small are nothing.
  let floor: Double
  /// Places where something else is due than what is given.
  let wrong: [HessianPlace]
  /// Places where something is due.
  let moving: [HessianPlace]
  /// What is given there, divided by what is due.
  var ratios: [Double] { moving.map { $0.given / $0.due.value } }

  var objective: any Objective { entries.samples[0].objective }
  init(_ entries: CheckEntries, fromLoss: Bool) {
    let places = entries.all.compactMap { entry -> HessianPlace? in
      let due = Self.due(entry, entries.reference, fromLoss: fromLoss)
      guard entry.isLookedAt, entry.hessian.isFinite,
        due.isResolved(beside: entry.hessian.magnitude)
      else { return nil }
      return HessianPlace(entry: entry, due: due)
    }
    self.init(entries, fromLoss: fromLoss, places)
  }

  init(_ entries: CheckEntries, fromLoss: Bool, _ places: [HessianPlace]) {
    self.entries = entries
    isFromLoss = fromLoss
    all = places
    typical = median(places.map(\.due.value.magnitude).filter { $0 > 0 })
    let floor = 1e-9 * typical
    self.floor = floor
    wrong = places.filter { !$0.due.agrees(with: $0.given, floor: floor) }
    moving = places.filter {
      $0.due.value.magnitude > max(floor, $0.due.error.isFinite ? 2 * $0.due.error : 0)
    }
  }

  /// Those of one score.
  func ofScore(_ k: Int) -> HessianPlaces {
    HessianPlaces(entries, fromLoss: isFromLoss, all.filter { $0.entry.k == k })
  }

  /// What the Hessian should be. At a kink of a right gradient its sides are known, too.
  private static func due(
    _ entry: CheckEntry, _ reference: DerivativeReference, fromLoss: Bool
  ) -> NumericalDerivative {
    guard !fromLoss else { return entry.lossCurvature }
    guard reference == .jets else { return entry.gradientSlope }
    let (value, error) = (entry.lossCurvature.value, entry.lossCurvature.error)
    return .exact(value, noise: error, kink: entry.gradientSlope)
  }
}
