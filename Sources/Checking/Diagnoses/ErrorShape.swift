import Wording
import Losses
import RealModule

/// Gradients that follow the error by another power than the loss's slope does, or level off
/// elsewhere.
struct ErrorShape {
  let entries: CheckEntries
  let resolved: [CheckEntry]

  func diagnosis() -> Finding? {
    let objective = entries.samples[0].objective
    guard objective.scoresPerRow == 1, objective.reach == .row else { return nil }
    return exponent() ?? threshold()
  }

  private func error(_ entry: CheckEntry) -> Double {
    entries.score(entry) - entries.target(entry)
  }

  // MARK: - Exponents

  private func exponent() -> Finding? {
    let places = resolved.filter { error($0).magnitude > 1e-3 && $0.slope.value != 0 }
    guard places.count >= 16, places.count * 10 >= resolved.count * 9, varies(places.map(error))
    else { return nil }
    guard let given = power(of: places.map(\.gradient), places),
      let due = power(of: places.map(\.slope.value), places), given != due
    else { return nil }
    return Finding(
      .error, .gradientMismatch,
      "the exponent of the error is \(given.short), \(due.short) is due: the gradient grows with "
        + "|score - target|^\(Self.text(given)), the slope of the loss with "
        + "|score - target|^\(Self.text(due))",
      figures: ["given": given, "due": due])
  }

  private static func text(_ power: Double) -> String {
    power == power.rounded() ? "\(Int(power))" : power.short
  }

  /// The power of the error that the sizes of `values` follow.
  private func power(of values: [Double], _ places: [CheckEntry]) -> Double? {
    for power in [0, 1, 2, 3, 0.5, 1.5, 2.5, 4, 5, -0.5, -1] {
      let constancy = Constancy(
        zip(values, places).map { $0.magnitude / Double.pow(error($1).magnitude, power) },
        tolerance: 1e-3)
      if constancy.holds, constancy.share > 0.97 { return power }
    }
    return nil
  }

  // MARK: - Thresholds

  /// Losses that are straight lines beyond a threshold, as Huber's.
  private func threshold() -> Finding? {
    let places = resolved.filter { $0.gradient * $0.slope.value > 0 }
    guard places.count >= 16, places.count * 10 >= resolved.count * 9 else { return nil }
    guard let due = level(places.map(\.slope.value)) else { return nil }
    let least = level(places.map(\.gradient)) ?? .infinity
    guard (least / due - 1).magnitude > 1e-3 else { return nil }
    let inside = places.filter {
      max($0.slope.value.magnitude, 0) < min(due, least) * (1 - 1e-6)
        && $0.gradient.magnitude < min(due, least) * (1 - 1e-6)
    }
    guard inside.count >= 4,
      inside.allSatisfy({ $0.slope.isNear($0.gradient, floor: entries.floor) })
    else { return nil }
    let beyond = places.filter { $0.slope.value.magnitude >= due * (1 - 1e-6) }
    guard least < .infinity || beyond.allSatisfy({ $0.gradient.magnitude > due * (1 - 1e-6) })
    else { return nil }
    let bound = beyond.map { error($0).magnitude }.min() ?? 0
    let sentence =
      least == .infinity
      ? "the clip at \(due.short) is missing: the slope of the loss levels off there, where |score "
        + "- target| is above \(bound.short), and the gradient goes on"
      : "gradient and loss have different thresholds: the slope of the loss levels off at "
        + "\(due.short), the gradient at \(least.short)"
    return Finding(
      .error, .gradientMismatch, sentence, rows: rowNumbers(beyond), figures: ["due": due])
  }

  /// The largest size, if a good part of `values` has it.
  private func level(_ values: [Double]) -> Double? {
    let largest = values.reduce(0) { max($0, $1.magnitude) }
    let there = values.count { $0.magnitude >= largest * (1 - 1e-6) }
    return there * 8 >= values.count && there < values.count ? largest : nil
  }
}
