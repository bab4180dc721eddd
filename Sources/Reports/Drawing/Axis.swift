import Foundation

/// One axis of a panel: a range of values on a range of pixels.
struct Axis {
  enum Scale { case linear, logarithmic }

  let scale: Scale
  let low: Double
  let high: Double
  /// Values with a grid line and a label.
  let ticks: [Double]

  /// Values beyond this are left out: differences of them are no numbers.
  private static let most = 1e200

  /// An axis that shows all `values`, its ends rounded to ticks on a linear scale.
  ///
  /// A logarithmic axis leaves out values that are not positive, and falls back to a linear one if
  /// none is.
  init(_ scale: Scale, covering values: [Double], ticks wanted: Int = 5) {
    let usable = values.filter {
      $0.magnitude < Self.most && (scale == .linear || $0 > 1 / Self.most)
    }
    guard let least = usable.min(), let greatest = usable.max() else {
      self.init(linear: 0, 1, wanted)
      return
    }
    switch scale {
    case .linear: self.init(linear: least, greatest, wanted)
    case .logarithmic: self.init(logarithmic: least, greatest, wanted)
    }
  }

  /// A logarithmic axis if the values are positive and the largest is more than `ratio` times the
  /// smallest; else a linear one.
  init(suiting values: [Double], ratio: Double = 20, ticks wanted: Int = 5) {
    let finite = values.filter { $0.magnitude < Self.most }
    let least = finite.min() ?? 0
    let isWide = least > 0 && (finite.max() ?? 0) > ratio * least
    self.init(isWide ? .logarithmic : .linear, covering: finite, ticks: wanted)
  }

  /// Where `value` lies, from 0 at the low end to 1 at the high end.
  func place(_ value: Double) -> Double {
    switch scale {
    case .linear: (value - low) / (high - low)
    case .logarithmic: log(value / low) / log(high / low)
    }
  }

  /// Whether `value` can be shown.
  func contains(_ value: Double) -> Bool { value >= low && value <= high }

  /// An axis with ends and ticks of your choice.
  init(scale: Scale, low: Double, high: Double, ticks: [Double]) {
    self.scale = scale
    self.low = low
    self.high = high
    self.ticks = ticks
  }

  private init(linear least: Double, _ greatest: Double, _ wanted: Int) {
    let margin = least == greatest ? max(0.5 * least.magnitude, 1e-12) : 0
    let (least, greatest) = (least - margin, greatest + margin)
    let step = Self.step(for: (greatest - least) / Double(max(1, wanted)))
    let first = (least / step + 1e-9).rounded(.down)
    let last = (greatest / step - 1e-9).rounded(.up)
    let ticks = stride(from: first, through: last, by: 1).map { $0 * step }
    self.init(scale: .linear, low: first * step, high: last * step, ticks: ticks)
  }

  private init(logarithmic least: Double, _ greatest: Double, _ wanted: Int) {
    let margin = max(pow(greatest / least, 0.04), 1.02)
    let (low, high) = (least / margin, greatest * margin)
    let decades = log10(high / low)
    guard decades > 0.6 else {
      // Too narrow for powers of ten: round numbers at equal distances, on the same scale.
      let inner = Axis(linear: low, high, wanted).ticks.filter { $0 >= low && $0 <= high }
      self.init(scale: .logarithmic, low: low, high: high, ticks: inner)
      return
    }
    let factors: [Double] = decades < 1.3 ? [1, 2, 3, 5] : decades < 2.6 ? [1, 3] : [1]
    let every = max(1, Int((decades / Double(max(2, wanted + 2))).rounded(.up)))
    var ticks: [Double] = []
    for exponent in Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))
    where exponent.isMultiple(of: every) {
      let unit =
        exponent < 0 ? 1 / pow(10, Double(-exponent)) : pow(10, Double(exponent))
      ticks += factors.map { $0 * unit }.filter { $0 >= low && $0 <= high }
    }
    self.init(scale: .logarithmic, low: low, high: high, ticks: ticks)
  }

  /// The smallest of 1, 2, 2.5, 5 times a power of ten that is at least `raw`.
  private static func step(for raw: Double) -> Double {
    let unit = pow(10, log10(raw).rounded(.down))
    for factor in [1, 2, 2.5, 5] where factor * unit >= raw * (1 - 1e-9) { return factor * unit }
    return 10 * unit
  }
}
