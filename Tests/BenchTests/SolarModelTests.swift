import Foundation
import Testing

@testable import bench

/// The physics against worked examples and the papers' own end points.
struct SolarModelTests {
  @Test func declinationOfTheSeasons() {
    // Solstices and equinoxes: the obliquity of 23.45 degrees, and 0.
    func degrees(_ day: Int) -> Double {
      PortableMath.degrees(SolarPosition.declination(dayOfYear: day))
    }
    #expect(abs(degrees(172) - 23.45) < 0.05)
    #expect(abs(degrees(355) + 23.45) < 0.05)
    #expect(abs(degrees(81)) < 0.5)
    #expect(abs(degrees(266)) < 0.5)
  }

  /// A place of the sun in degrees.
  struct Position: Sendable {
    var day: Int
    var hour, elevation, azimuth: Double
  }

  /// Duffie & Beckman (2013), example 1.6.1: Madison, 43 degrees north; zenith 66.5 and azimuth 40
  /// east of south on 13 February at 9:30; zenith 79.6 and azimuth 112 west of south on 1 July at
  /// 18:30. The book takes Cooper's declination, up to half a degree from Spencer's.
  @Test(arguments: [
    Position(day: 44, hour: 9.5, elevation: 23.5, azimuth: 140),
    Position(day: 182, hour: 18.5, elevation: 10.4, azimuth: 292),
  ])
  func positionOfTheBook(_ known: Position) {
    let sun = SolarPosition(latitude: 43, dayOfYear: known.day, hour: known.hour)
    #expect(abs(sun.elevation - known.elevation) < 0.6)
    #expect(abs(sun.azimuth - known.azimuth) < 0.6)
    let d = sun.direction
    #expect(abs(d.east * d.east + d.north * d.north + d.up * d.up - 1) < 1e-12)
  }

  @Test func clearSkyOfHaurwitz() {
    // 1098 exp(-0.059) with the sun overhead; nothing at night.
    #expect(abs(Irradiance.clearSky(sineOfElevation: 1) - 1098 * exp(-0.059)) < 1e-9)
    #expect(Irradiance.clearSky(sineOfElevation: -0.2) == 0)
  }

  @Test func cloudsOfKastenAndCzeplak() {
    #expect(Irradiance.clearness(cloudCover: 0) == 1)
    #expect(abs(Irradiance.clearness(cloudCover: 1) - 0.25) < 1e-12)
  }

  @Test func diffuseShareOfErbsIsContinuousAndFalls() {
    var previous = Irradiance.diffuseShare(clearnessIndex: 0)
    #expect(previous == 1)
    for step in 1...100 {
      let share = Irradiance.diffuseShare(clearnessIndex: Double(step) * 0.01)
      #expect(share < previous + 0.005 && share > previous - 0.05 && share > 0.1)
      previous = share
    }
  }

  @Test func aFlatPlaneReceivesWhatTheGroundReceives() {
    let flat = Irradiance.Plane(tilt: 0, azimuth: 123)
    let sun = SolarPosition(latitude: 48, dayOfYear: 150, hour: 14)
    let onPlane = Irradiance.onPlane(flat, global: 640, sun: sun, dayOfYear: 150)
    #expect(abs(onPlane - 640) < 1e-9)
  }

  @Test func aPlaneToTheEastHasItsMorning() {
    let east = Irradiance.Plane(tilt: 45, azimuth: 90)
    func light(_ hour: Double) -> Double {
      let sun = SolarPosition(latitude: 48, dayOfYear: 172, hour: hour)
      let global = Irradiance.clearSky(sineOfElevation: sun.sineOfElevation)
      return Irradiance.onPlane(east, global: global, sun: sun, dayOfYear: 172)
    }
    #expect(light(8) > 2 * light(16))
  }

  @Test func theInverterClipsAndHeatCosts() {
    let system = PhotovoltaicSystem(number: 3, seed: 9)
    func energy(_ irradiance: Double, _ temperature: Double) -> Double {
      system.energy(
        irradiance: irradiance, airTemperature: temperature, cleanness: 1, years: 0)
    }
    #expect(energy(5000, 10) == system.inverterLimit)
    #expect(energy(500, 35) < energy(500, 5))
    #expect(energy(0, 20) == 0)
  }
}
