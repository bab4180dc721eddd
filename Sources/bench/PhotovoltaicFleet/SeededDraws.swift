import Tabular

/// Random draws of the fleet, the same on every platform.
struct SeededDraws {
  private var generator: RandomGenerator

  /// What a sequence of draws is for: the same purpose of the same number repeats itself, and
  /// adding a system leaves the others as they were.
  enum Purpose: UInt64 {
    case system, regionalWeather, siteWeather, forecast, operation
  }

  init(seed: UInt64, purpose: Purpose, number: Int) {
    generator = RandomGenerator(
      seed: seed, stream: purpose.rawValue << 32 | UInt64(truncatingIfNeeded: number))
  }

  /// A number in `range`.
  mutating func uniform(_ range: Range<Double>) -> Double { generator.uniform(in: range) }

  /// A normal number (polar method of Marsaglia).
  mutating func normal(mean: Double = 0, deviation: Double = 1) -> Double {
    while true {
      let u = 2 * generator.uniform() - 1
      let v = 2 * generator.uniform() - 1
      let s = u * u + v * v
      if s > 0, s < 1 {
        return mean + deviation * u * (-2 * PortableMath.log(s) / s).squareRoot()
      }
    }
  }

  /// True with the given probability.
  mutating func happens(_ probability: Double) -> Bool { generator.uniform() < probability }

  /// An index below `count`.
  mutating func index(below count: Int) -> Int { generator.index(below: count) }
}

/// A first-order autoregressive process of mean 0 and variance 1, one step per hour:
/// `x' = rho x + sqrt(1 - rho^2) e`, with `rho = exp(-1 / hours)`.
struct AutoregressiveProcess {
  private(set) var value: Double
  private let persistence: Double
  private let innovation: Double

  /// A process that forgets with a time constant of `hours`, started in its stationary state.
  init(hours: Double, _ draws: inout SeededDraws) {
    persistence = PortableMath.exp(-1 / hours)
    innovation = (1 - persistence * persistence).squareRoot()
    value = draws.normal()
  }

  /// Goes on by one hour.
  mutating func step(_ draws: inout SeededDraws) -> Double {
    value = persistence * value + innovation * draws.normal()
    return value
  }
}
