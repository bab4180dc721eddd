/// One photovoltaic system of the fleet: where it stands, what it is made of, how it is kept.
struct PhotovoltaicSystem {
  /// Rated power in kWp.
  let size: Double
  /// The region whose weather it shares.
  let region: Int
  /// Degrees north.
  let latitude: Double
  /// Degrees from horizontal.
  let tilt: Double
  /// Degrees clockwise from north.
  let azimuth: Double
  /// Age in years when the data begin.
  let age: Double
  /// Loss of power per year of age (Jordan & Kurtz, "Photovoltaic degradation rates: an analytical
  /// review", Progress in Photovoltaics 21 (2013): median 0.5 % per year, a tail up to 1 %).
  let degradationPerYear: Double
  /// Relative change of power per kelvin above 25 degrees Celsius.
  let temperatureCoefficient: Double
  /// Nominal operating cell temperature, degrees Celsius.
  let nominalCellTemperature: Double
  /// The inverter's rated output in kW; more is clipped.
  let inverterLimit: Double
  /// Losses in inverter, cables and by mismatch: the share of power left.
  let efficiency: Double
  /// Elevation below which trees or buildings in the east and west take the beam, in degrees.
  let horizon: (east: Double, west: Double)
  /// Power lost to dust per dry day, as a share (Kimber et al., "The effect of soiling on large
  /// grid-connected photovoltaic systems", IEEE WCPEC (2006): 0.1 to 0.3 % per day).
  let soilingPerDay: Double
  /// The probability that an outage begins in an hour.
  let outageRate: Double
  /// How long an outage lasts on average, in hours.
  let outageHours: Double

  /// The regions of the fleet by the latitude of their centre.
  static let regionLatitudes: [Double] = [36.5, 40.0, 43.5, 47.0, 50.5, 54.0]

  /// System `number` of the fleet made from `seed`. Sizes are log-uniform from 2 kWp to 5 MWp, and
  /// spread evenly, so that a small fleet spans the range too.
  init(number: Int, seed: UInt64) {
    var draws = SeededDraws(seed: seed, purpose: .system, number: number)
    let span = PortableMath.log(2500)
    // Multiples of the golden ratio, without their whole part, fill an interval evenly (Weyl).
    let multiple = Double(number) * 0.6180339887498949
    let place = multiple - multiple.rounded(.down) + draws.uniform(-0.01..<0.01)
    size = (2 * PortableMath.exp(span * min(max(place, 0), 1))).rounded(toSignificantDigits: 3)
    region = draws.index(below: Self.regionLatitudes.count)
    latitude = (Self.regionLatitudes[region] + draws.uniform(-1.2..<1.2)).rounded(toStep: 0.01)
    // Roofs are as they are; parks are built to face the sun.
    let isRoof = size < 200
    tilt = (isRoof ? draws.uniform(5..<50) : draws.uniform(20..<35)).rounded()
    azimuth = min(max(180 + draws.normal(deviation: isRoof ? 50 : 8), 75), 285).rounded()
    age = draws.uniform(0.2..<15).rounded(toStep: 0.1)
    degradationPerYear = min(max(draws.normal(mean: 0.006, deviation: 0.002), 0.002), 0.012)
    temperatureCoefficient = draws.uniform(-0.0045 ..< -0.0034)
    nominalCellTemperature = draws.uniform(43..<48)
    efficiency = draws.uniform(0.84..<0.94)
    inverterLimit = size / draws.uniform(1.0..<1.4)
    horizon =
      isRoof ? (draws.uniform(0..<22), draws.uniform(0..<22)) : (0, draws.uniform(0..<4))
    soilingPerDay = draws.uniform(0.0008..<0.003)
    // Parks are watched around the clock; a roof's owner may notice after days.
    outageRate = draws.uniform(0.2..<2) / (24 * 365)
    outageHours = isRoof ? draws.uniform(12..<96) : draws.uniform(2..<16)
  }

  /// The plane of its modules.
  var plane: Irradiance.Plane { Irradiance.Plane(tilt: tilt, azimuth: azimuth) }

  /// Energy of one hour in kWh, before outages.
  ///
  /// Cell temperature by the NOCT model (Duffie & Beckman, section 23.3): air temperature plus
  /// `(NOCT - 20) / 800` kelvin per W/m2 on the plane; power falls linearly with it; the
  /// inverter clips.
  ///
  /// - Parameters:
  ///   - irradiance: W/m2 on the plane.
  ///   - airTemperature: degrees Celsius.
  ///   - cleanness: the share of light that dust lets through.
  ///   - years: years since the data begin.
  func energy(
    irradiance: Double, airTemperature: Double, cleanness: Double, years: Double
  ) -> Double {
    let cell = airTemperature + (nominalCellTemperature - 20) / 800 * irradiance
    let direct =
      size * irradiance / 1000 * cleanness * efficiency
      * (1 + temperatureCoefficient * (cell - 25)) * (1 - degradationPerYear * (age + years))
    // Inverters need about 0.5 % of their rating to start.
    guard direct > 0.005 * inverterLimit else { return 0 }
    return min(direct, inverterLimit)
  }
}
