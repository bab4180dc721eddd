/// Hourly weather of a region, from which that of its sites follows.
struct RegionalWeather {
  /// Standard-normal cloudiness per hour.
  let cloudiness: [Double]
  /// The departure of air temperature from the season's, in kelvin, per hour.
  let temperatureAnomaly: [Double]
  /// Whether it rains enough in an hour to wash modules.
  let rain: [Bool]

  /// Cloudiness is the sum of a slow part (weather systems, three days) and a quick one (six
  /// hours); the temperature anomaly follows with a time constant of four days.
  init(region: Int, hours: Int, seed: UInt64) {
    var draws = SeededDraws(seed: seed, purpose: .regionalWeather, number: region)
    var slow = AutoregressiveProcess(hours: 72, &draws)
    var quick = AutoregressiveProcess(hours: 6, &draws)
    var temperature = AutoregressiveProcess(hours: 96, &draws)
    var cloudiness: [Double] = []
    var anomaly: [Double] = []
    var rain: [Bool] = []
    for _ in 0..<hours {
      let cloud = 0.85 * slow.step(&draws) + 0.5268 * quick.step(&draws)
      cloudiness.append(cloud)
      anomaly.append(3.5 * temperature.step(&draws))
      rain.append(cloud > 1.2 && draws.happens(0.25))
    }
    self.cloudiness = cloudiness
    self.temperatureAnomaly = anomaly
    self.rain = rain
  }
}

/// Hourly weather at one system, and what the forecast of the day before said about it.
struct SiteWeather {
  /// Cloud cover, 0 to 1.
  let cloudCover: [Double]
  /// Air temperature, degrees Celsius.
  let airTemperature: [Double]
  /// Cloud cover as forecast the day before, 0 to 1.
  let forecastCloudCover: [Double]
  /// Air temperature as forecast the day before, degrees Celsius.
  let forecastTemperature: [Double]

  /// A site's cloudiness shares 70 % of its variance with its region. The forecast knows it up to
  /// an error with a time constant of eight hours, so that a missed front stays missed for a while.
  init(
    system: PhotovoltaicSystem, number: Int, region: RegionalWeather, calendar: FleetCalendar,
    seed: UInt64
  ) {
    var draws = SeededDraws(seed: seed, purpose: .siteWeather, number: number)
    var forecastDraws = SeededDraws(seed: seed, purpose: .forecast, number: number)
    var local = AutoregressiveProcess(hours: 3, &draws)
    var cloudError = AutoregressiveProcess(hours: 8, &forecastDraws)
    var temperatureError = AutoregressiveProcess(hours: 12, &forecastDraws)
    var covers: [Double] = []
    var temperatures: [Double] = []
    var forecastCovers: [Double] = []
    var forecastTemperatures: [Double] = []
    for hour in 0..<calendar.hours {
      let moment = calendar.moment(hour)
      let cloud = 0.8367 * region.cloudiness[hour] + 0.5477 * local.step(&draws)
      let season = PortableMath.cos(2 * PortableMath.pi * Double(moment.dayOfYear - 200) / 365)
      // Winters are cloudier; so is the north.
      let gloom = -0.35 * season + 0.025 * (system.latitude - 45)
      let cover = PortableMath.normalShare(below: (cloud + gloom) * 1.4)
      let daily = PortableMath.cos(2 * PortableMath.pi * (moment.hour - 15) / 24)
      let temperature =
        30 - 0.45 * system.latitude + 9.5 * season + (5.5 - 3.5 * cover) * daily
        + region.temperatureAnomaly[hour]
      covers.append(cover)
      temperatures.append(temperature)
      let seen = cloud + gloom + 0.6 * cloudError.step(&forecastDraws)
      forecastCovers.append(PortableMath.normalShare(below: seen * 1.3))
      forecastTemperatures.append(temperature + 1.5 * temperatureError.step(&forecastDraws))
    }
    cloudCover = covers
    airTemperature = temperatures
    forecastCloudCover = forecastCovers
    forecastTemperature = forecastTemperatures
  }
}
