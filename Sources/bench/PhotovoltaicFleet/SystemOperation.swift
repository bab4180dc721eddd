/// What a system does hour by hour: light, dust, outages and the readings of its meter.
struct SystemOperation {
  /// The meter's reading per hour in kWh; NaN where the logger failed.
  let readings: [Double]

  /// Runs `system` through the weather of its site.
  init(
    _ system: PhotovoltaicSystem, number: Int, weather: SiteWeather, rain: [Bool],
    calendar: FleetCalendar, seed: UInt64
  ) {
    var draws = SeededDraws(seed: seed, purpose: .operation, number: number)
    let plane = system.plane
    var dirt = draws.uniform(0..<0.03)
    var outageHoursLeft = 0
    var gapHoursLeft = 0
    var readings: [Double] = []
    readings.reserveCapacity(calendar.hours)
    for hour in 0..<calendar.hours {
      // Rain washes modules; dust settles until the next rain and at most takes a quarter.
      dirt = rain[hour] ? 0.1 * dirt : min(dirt + system.soilingPerDay / 24, 0.25)
      if outageHoursLeft > 0 {
        outageHoursLeft -= 1
      } else if draws.happens(system.outageRate) {
        outageHoursLeft = Self.duration(mean: system.outageHours, &draws)
      }
      if gapHoursLeft > 0 {
        gapHoursLeft -= 1
      } else if draws.happens(Self.gapRate) {
        gapHoursLeft = Self.duration(mean: 18, &draws)
      }
      // Clouds move within the hour: the light of a broken sky varies most.
      let cover = weather.cloudCover[hour]
      let flicker = draws.normal(mean: 1, deviation: 0.02 + 0.6 * cover * (1 - cover))

      let moment = calendar.moment(hour)
      let sun = SolarPosition(
        latitude: system.latitude, dayOfYear: moment.dayOfYear, hour: moment.hour)
      guard sun.sineOfElevation > 0 else {
        readings.append(gapHoursLeft > 0 ? .nan : 0)
        continue
      }
      let clear = Irradiance.clearSky(sineOfElevation: sun.sineOfElevation)
      let global = clear * Irradiance.clearness(cloudCover: cover) * min(max(flicker, 0.2), 1.5)
      let horizon = moment.hour < 12 ? system.horizon.east : system.horizon.west
      let irradiance = Irradiance.onPlane(
        plane, global: min(global, 1.1 * clear), sun: sun, dayOfYear: moment.dayOfYear,
        beamIsShaded: sun.elevation < horizon)
      let energy = system.energy(
        irradiance: irradiance, airTemperature: weather.airTemperature[hour],
        cleanness: 1 - dirt, years: Double(moment.time) / 8760)
      if gapHoursLeft > 0 {
        readings.append(.nan)
      } else {
        readings.append(outageHoursLeft > 0 ? 0 : energy.rounded(toSignificantDigits: 4))
      }
    }
    self.readings = readings
  }

  /// A logger loses readings about three times a year.
  private static let gapRate = 3.0 / 8760

  /// Whole hours, exponentially distributed.
  private static func duration(mean: Double, _ draws: inout SeededDraws) -> Int {
    Int((-mean * PortableMath.log(draws.uniform(1e-6..<1))).rounded(.up))
  }

  /// The reading `hoursBefore` hours before `hour`, per kWp.
  func yield(at hour: Int, hoursBefore: Int, size: Double) -> Double {
    readings[hour - hoursBefore] / size
  }

  /// The mean yield per kWp at the same hour of the seven days before; NaN if none was read.
  func meanYieldOfWeek(before hour: Int, size: Double) -> Double {
    var sum = 0.0
    var count = 0.0
    for day in 1...7 {
      let value = readings[hour - 24 * day]
      guard !value.isNaN else { continue }
      sum += value
      count += 1
    }
    return count > 0 ? sum / count / size : .nan
  }
}
