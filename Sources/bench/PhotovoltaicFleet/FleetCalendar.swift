/// The hours of the simulation: a run-up of eight days, whose yields only feed the lagged columns,
/// and the days of the data.
struct FleetCalendar {
  /// Days before the data begin.
  static let runUpDays = 8
  /// The data begin on 1 July, so that after one year and a half the test part is spring.
  static let firstDayOfYear = 182

  /// Days of data.
  let days: Int

  /// Hours simulated, the run-up included.
  var hours: Int { (days + Self.runUpDays) * 24 }

  /// An hour of the simulation.
  struct Moment {
    /// The day of the data, counted from 0; negative in the run-up.
    let day: Int
    /// 1 for 1 January; years have 365 days.
    let dayOfYear: Int
    /// The middle of the hour in local solar time: 12.5 for the hour after noon.
    let hour: Double
    /// Hours since the data began.
    let time: Int
  }

  /// The hour `index`, counted from the start of the run-up.
  func moment(_ index: Int) -> Moment {
    let day = index / 24 - Self.runUpDays
    let dayOfYear = (Self.firstDayOfYear - 1 + day + 365) % 365 + 1
    return Moment(
      day: day, dayOfYear: dayOfYear, hour: Double(index % 24) + 0.5,
      time: index - Self.runUpDays * 24)
  }
}
