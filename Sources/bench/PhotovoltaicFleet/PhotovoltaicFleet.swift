import OrderedCollections
import Tabular

/// A generated fleet of photovoltaic systems and its hourly yield, for forecasting a day ahead.
///
/// Each system stands somewhere between 35 and 55 degrees north under weather that it shares in
/// part with its region. Everything a forecaster would know the day before is a column; what is
/// hidden (dust, outages, losses, the horizon, the forecast's error) is the noise of the task.
/// The files of this folder name the source of each formula.
struct PhotovoltaicFleet {
  /// The number of systems.
  let systems: Int
  /// Days of data.
  let calendar: FleetCalendar
  /// Rows are kept for every `interval`th day: seasons are covered without a large file.
  let interval: Int
  /// Everything random follows from it.
  let seed: UInt64

  /// - Parameters:
  ///   - systems: at least 1.
  ///   - days: at least 10, so that each part of the split has a day.
  ///   - interval: at least 1.
  init(systems: Int, days: Int, interval: Int = 1, seed: UInt64) {
    precondition(systems > 0 && days > 0 && interval > 0, "a fleet has systems and days")
    self.systems = systems
    calendar = FleetCalendar(days: days)
    self.interval = interval
    self.seed = seed
  }

  /// A feature column and what it means.
  struct Column {
    let name: String
    let meaning: String
  }

  /// The feature columns in their order.
  static let columns: [Column] = [
    Column(name: "solar_elevation", meaning: "degrees above the horizon in the middle of the hour"),
    Column(name: "solar_azimuth", meaning: "degrees clockwise from north"),
    Column(name: "clear_sky", meaning: "clear-sky irradiance on the ground, W/m2"),
    Column(name: "clear_sky_plane", meaning: "clear-sky irradiance on the modules, W/m2"),
    Column(name: "forecast_cloud_cover", meaning: "cloud cover as forecast the day before, 0 to 1"),
    Column(
      name: "forecast_temperature",
      meaning: "air temperature as forecast the day before, degrees Celsius"),
    Column(name: "hour", meaning: "local solar time, 12 for the hour after noon"),
    Column(name: "day_of_year", meaning: "1 to 365"),
    Column(name: "latitude", meaning: "degrees north"),
    Column(name: "tilt", meaning: "degrees from horizontal"),
    Column(name: "azimuth", meaning: "direction of the modules, degrees clockwise from north"),
    Column(name: "age", meaning: "years"),
    Column(name: "log10_size", meaning: "decimal logarithm of the size in kWp"),
    Column(name: "yield_24h", meaning: "kWh per kWp in the same hour of the day before"),
    Column(name: "yield_48h", meaning: "kWh per kWp in the same hour two days before"),
    Column(name: "yield_week", meaning: "mean kWh per kWp in the same hour of the week before"),
  ]

  /// Simulates the fleet. O(systems x days), about 2 microseconds per system and hour.
  ///
  /// Rows are daylight hours with a reading, by system and then by time. The target is the
  /// energy of the hour in kWh; `size` (kWp) is row data; the group is the system's number and
  /// the time counts hours. The first 70 % of the days are for training, the next 10 % for
  /// validation, the last 20 % for testing.
  ///
  /// - Parameter progress: called after each system with the number that are done.
  func table(progress: (_ done: Int) -> Void = { _ in }) throws(TabularError) -> Table {
    let regions = PhotovoltaicSystem.regionLatitudes.indices.map {
      RegionalWeather(region: $0, hours: calendar.hours, seed: seed)
    }
    var rows = FleetRows()
    for number in 0..<systems {
      let system = PhotovoltaicSystem(number: number, seed: seed)
      let region = regions[system.region]
      let weather = SiteWeather(
        system: system, number: number, region: region, calendar: calendar, seed: seed)
      let operation = SystemOperation(
        system, number: number, weather: weather, rain: region.rain, calendar: calendar,
        seed: seed)
      append(system, number, weather, operation, to: &rows)
      progress(number + 1)
    }
    return try Table(
      features: rows.features, featureNames: Self.columns.map(\.name), target: rows.target,
      groups: rows.groups, times: rows.times, parts: rows.parts, rowData: ["size": rows.sizes],
      source: "generated fleet")
  }

  private func append(
    _ system: PhotovoltaicSystem, _ number: Int, _ weather: SiteWeather,
    _ operation: SystemOperation, to rows: inout FleetRows
  ) {
    let plane = system.plane
    let logSize = PortableMath.log(system.size) / PortableMath.log(10)
    for hour in FleetCalendar.runUpDays * 24..<calendar.hours {
      let moment = calendar.moment(hour)
      guard moment.day % interval == 0, !operation.readings[hour].isNaN else { continue }
      let sun = SolarPosition(
        latitude: system.latitude, dayOfYear: moment.dayOfYear, hour: moment.hour)
      guard sun.elevation > Self.lowestElevation else { continue }
      let clear = Irradiance.clearSky(sineOfElevation: sun.sineOfElevation)
      let onPlane = Irradiance.onPlane(
        plane, global: clear, sun: sun, dayOfYear: moment.dayOfYear)
      let values: [Double] = [
        sun.elevation.rounded(toStep: 0.1),
        sun.azimuth.rounded(),
        clear.rounded(),
        onPlane.rounded(),
        weather.forecastCloudCover[hour].rounded(toStep: 0.01),
        weather.forecastTemperature[hour].rounded(toStep: 0.5),
        moment.hour.rounded(.down),
        Double(moment.dayOfYear),
        system.latitude,
        system.tilt,
        system.azimuth,
        (system.age + Double(moment.day) / 365).rounded(toStep: 0.1),
        logSize.rounded(toStep: 0.001),
        operation.yield(at: hour, hoursBefore: 24, size: system.size).rounded(toStep: 0.001),
        operation.yield(at: hour, hoursBefore: 48, size: system.size).rounded(toStep: 0.001),
        operation.meanYieldOfWeek(before: hour, size: system.size).rounded(toStep: 0.001),
      ]
      rows.features.append(contentsOf: values.map(Float.init))
      rows.target.append(Double(Float(operation.readings[hour])))
      rows.sizes.append(system.size)
      rows.groups.append(number)
      rows.times.append(Double(moment.time))
      rows.parts.append(part(ofDay: moment.day))
    }
  }

  /// Rows begin when the sun stands two degrees high.
  private static let lowestElevation = 2.0

  private func part(ofDay day: Int) -> Table.Part {
    if 10 * day < 7 * calendar.days { return .train }
    return 10 * day < 8 * calendar.days ? .validation : .test
  }
}

/// The columns of the fleet while they grow.
private struct FleetRows {
  var features: [Float] = []
  var target: [Double] = []
  var sizes: [Double] = []
  var groups: [Int] = []
  var times: [Double] = []
  var parts: [Table.Part] = []
}
