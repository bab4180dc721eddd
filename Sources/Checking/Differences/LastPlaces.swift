import Wording
import Losses

/// How far derivatives are from exact ones, in units in the last place (ulp).
struct LastPlaces {
  private(set) var median = 0.0
  private(set) var largest = 0.0

  /// The distances of `places`.
  init(_ distances: [Double]) {
    median = Losses.median(distances)
    largest = distances.max() ?? 0
  }

  /// `|given - exact|` in units of the last place of the larger.
  ///
  /// Near a zero of a function that unit shrinks below what its argument can tell; so it is at
  /// least `sensitivity`, what a change of the argument in its own last place makes of the
  /// function. Two numbers not above `floor` are as good as equal.
  static func distance(
    _ given: Double, _ exact: Double, sensitivity: Double, floor: Double
  ) -> Double {
    let size = max(given.magnitude, exact.magnitude)
    guard size > floor, given != exact else { return 0 }
    return (given - exact).magnitude / max(size.ulp, sensitivity)
  }

  /// A distance as a figure: `1 ulp`, `0.4 ulp`, `3.2e9 ulp`.
  static func text(_ distance: Double) -> String {
    distance < 10 && distance != distance.rounded() || distance >= 1e5
      ? "\(distance.short) ulp" : "\(Int(distance.rounded())) ulp"
  }
}
