import Synchronization

/// Traits that are derived when they are first asked for, and then kept.
final class LazyTraits: Sendable {
  /// What is derived.
  struct Found: Sendable {
    var traits: DerivedTraits?
    var adjustment: ScoreAdjustment?
  }

  private let found = Mutex<Found?>(nil)
  private let derive: @Sendable () -> Found

  init(_ derive: @escaping @Sendable () -> Found) { self.derive = derive }

  /// The traits; derived outside of the lock, the same by whoever comes first.
  var value: Found {
    if let found = found.withLock({ $0 }) { return found }
    let derived = derive()
    return found.withLock { found in
      let kept = found ?? derived
      found = kept
      return kept
    }
  }
}
