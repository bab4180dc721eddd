import Synchronization

/// Traits that are derived when they are first asked for, and then kept.
package final class LazyTraits: Sendable {
  /// What is derived.
  package struct Found: Sendable {
    package var traits: DerivedTraits?
    package var adjustment: ScoreAdjustment?

    package init(traits: DerivedTraits? = nil, adjustment: ScoreAdjustment? = nil) {
      self.traits = traits
      self.adjustment = adjustment
    }
  }

  private let found = Mutex<Found?>(nil)
  private let derive: @Sendable () -> Found

  package init(_ derive: @escaping @Sendable () -> Found) { self.derive = derive }

  /// The traits; derived outside of the lock, the same by whoever comes first.
  package var value: Found {
    if let found = found.withLock({ $0 }) { return found }
    let derived = derive()
    return found.withLock { found in
      let kept = found ?? derived
      found = kept
      return kept
    }
  }
}
