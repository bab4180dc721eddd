import ArgumentParser
import Tabular

/// `bench synth`: makes data.
struct SynthCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synth", abstract: "Generates data.",
    discussion: "Example: bench synth pv --systems 64 --days 365 --output fleet.h5",
    subcommands: [SynthFleetCommand.self])
}

/// `bench synth pv`.
struct SynthFleetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pv", abstract: "Generates a fleet of photovoltaic systems and its hourly yield.",
    usage: "bench synth pv --output FILE.h5 [--systems N] [--days N] [options]",
    discussion: """
      Sun, clouds by region and site, temperature, orientation, dust and rain, inverter limits and \
      outages; columns known the day before. The same options give the same values on every \
      platform. Systems range from 2 kWp to 5 MWp.

      Example: bench synth pv --systems 64 --days 365 --every 5 --output fleet.h5
      """)

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many systems. (default: 64)", valueName: "n"),
    transform: NumericOption.whole(1...100_000))
  var systems = 64

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Days of data, from 1 July. (default: 365)", valueName: "n"),
    transform: NumericOption.whole(1...10_000))
  var days = 365

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Keep the rows of every so many days; lagged yields still see all. (default: 1)",
      valueName: "n"),
    transform: NumericOption.whole(1...10_000))
  var every = 1

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("What chance depends on. (default: 1)", valueName: "n"),
    transform: NumericOption.seed)
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("The file to write.", valueName: "file.h5"))
  var output: String

  @Flag(name: .shortAndLong, help: "Say nothing.")
  var quiet = false

  func validate() throws {
    guard every <= days / 10 else {
      throw ValidationError(
        "\(days) days, of which every \(every) are kept, are too few; training, validation and "
          + "test rows need at least 10 kept days")
    }
    guard systems * (days / every) <= 10_000_000 else {
      throw ValidationError(
        "\(systems) systems and \(days / every) days do not fit into memory; use fewer")
    }
  }

  func run() throws {
    try OutputFile.check(output)
    let fleet = PhotovoltaicFleet(systems: systems, days: days, interval: every, seed: seed)
    let progress = ProgressDisplay(quiet: quiet)
    defer { progress.finish() }
    let table = try fleet.table { done in
      progress.update(
        "synth pv", fraction: Double(done) / Double(systems), detail: "system \(done)")
    }
    progress.finish()
    try fleet.write(table, to: output)
    if !quiet {
      StandardOutput.tell(
        "\(output): \(table.rowCount) rows, \(table.columnCount) columns, \(systems) systems",
        of: output)
    }
  }
}
