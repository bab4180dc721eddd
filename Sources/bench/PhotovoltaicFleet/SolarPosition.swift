/// Where the sun stands at a latitude, day and hour.
///
/// Declination by the Fourier series of Spencer, "Fourier series representation of the position of
/// the sun", Search 2 (1971); elevation and azimuth by the geometry of Duffie & Beckman, "Solar
/// Engineering of Thermal Processes" (4th edition, 2013), section 1.6. Hours are local solar
/// time, so that no longitude, time zone or equation of time is needed. Refraction is left out.
struct SolarPosition {
  /// Sine of the elevation above the horizon; negative at night.
  let sineOfElevation: Double
  /// The direction of the sun: x to the east, y to the north, z upwards; a unit vector.
  let direction: (east: Double, north: Double, up: Double)

  /// - Parameters:
  ///   - latitude: degrees, north positive.
  ///   - dayOfYear: 1 for 1 January.
  ///   - hour: local solar time in hours, 12 at noon.
  init(latitude: Double, dayOfYear: Int, hour: Double) {
    let declination = Self.declination(dayOfYear: dayOfYear)
    let hourAngle = PortableMath.radians(15 * (hour - 12))
    let phi = PortableMath.radians(latitude)
    let sinPhi = PortableMath.sin(phi)
    let cosPhi = PortableMath.cos(phi)
    let sinDelta = PortableMath.sin(declination)
    let cosDelta = PortableMath.cos(declination)
    let cosHour = PortableMath.cos(hourAngle)
    sineOfElevation = sinPhi * sinDelta + cosPhi * cosDelta * cosHour
    direction = (
      east: -cosDelta * PortableMath.sin(hourAngle),
      north: cosPhi * sinDelta - sinPhi * cosDelta * cosHour,
      up: sineOfElevation
    )
  }

  /// Elevation above the horizon in degrees.
  var elevation: Double { PortableMath.degrees(PortableMath.asin(sineOfElevation)) }

  /// Azimuth in degrees, clockwise from north: 90 is east, 180 south.
  var azimuth: Double {
    let angle = PortableMath.degrees(PortableMath.atan2(direction.east, direction.north))
    return angle < 0 ? angle + 360 : angle
  }

  /// The sun's declination in radians (Spencer 1971, error below 0.0007 rad).
  static func declination(dayOfYear: Int) -> Double {
    let angle = 2 * PortableMath.pi * Double(dayOfYear - 1) / 365
    return 0.006918 - 0.399912 * PortableMath.cos(angle) + 0.070257 * PortableMath.sin(angle)
      - 0.006758 * PortableMath.cos(2 * angle) + 0.000907 * PortableMath.sin(2 * angle)
      - 0.002697 * PortableMath.cos(3 * angle) + 0.00148 * PortableMath.sin(3 * angle)
  }

  /// Irradiance above the atmosphere on a surface facing the sun, W/m2: the solar constant of
  /// 1361 W/m2 (Kopp & Lean 2011) and the eccentricity of the orbit (Duffie & Beckman, 1.4.1a).
  static func extraterrestrialIrradiance(dayOfYear: Int) -> Double {
    1361 * (1 + 0.033 * PortableMath.cos(2 * PortableMath.pi * Double(dayOfYear) / 365))
  }
}
