/// Solar irradiance under a clear or cloudy sky, on the ground and on a tilted plane.
enum Irradiance {
  /// Global horizontal irradiance of a clear sky, W/m2: Haurwitz, "Insolation in relation to
  /// cloudiness and cloud density", Journal of Meteorology 2 (1945).
  static func clearSky(sineOfElevation: Double) -> Double {
    guard sineOfElevation > 0.001 else { return 0 }
    return 1098 * sineOfElevation * PortableMath.exp(-0.059 / sineOfElevation)
  }

  /// The share of clear-sky irradiance that cloud cover (0 to 1) lets through: Kasten & Czeplak,
  /// "Solar and terrestrial radiation dependent on the amount and type of cloud", Solar Energy
  /// 24 (1980).
  static func clearness(cloudCover: Double) -> Double {
    1 - 0.75 * PortableMath.power(cloudCover, 3.4)
  }

  /// The diffuse share of global horizontal irradiance by the clearness index (global over
  /// extraterrestrial, both horizontal): Erbs, Klein & Duffie, "Estimation of the diffuse
  /// radiation fraction", Solar Energy 28 (1982).
  static func diffuseShare(clearnessIndex k: Double) -> Double {
    if k <= 0.22 { return 1 - 0.09 * k }
    if k <= 0.8 { return 0.9511 + k * (-0.1604 + k * (4.388 + k * (-16.638 + k * 12.336))) }
    return 0.165
  }

  /// Irradiance on a plane, W/m2: the beam by its angle of incidence, an isotropic sky and ground
  /// (Liu & Jordan, "The long-term average performance of flat-plate solar-energy collectors",
  /// Solar Energy 7 (1963)), the ground reflecting 20 %. Where something stands before the sun,
  /// the beam is left out.
  static func onPlane(
    _ plane: Plane, global: Double, sun: SolarPosition, dayOfYear: Int, beamIsShaded: Bool = false
  ) -> Double {
    guard global > 0, sun.sineOfElevation > 0 else { return 0 }
    let above =
      SolarPosition.extraterrestrialIrradiance(dayOfYear: dayOfYear) * sun.sineOfElevation
    let diffuse = global * diffuseShare(clearnessIndex: global / above)
    // Near the horizon the beam's projection would grow without bound.
    let beam = beamIsShaded ? 0 : (global - diffuse) / max(sun.sineOfElevation, 0.05)
    return beam * max(0, plane.cosineOfIncidence(of: sun))
      + diffuse * (1 + plane.cosineOfTilt) / 2
      + global * 0.2 * (1 - plane.cosineOfTilt) / 2
  }

  /// A tilted plane.
  struct Plane {
    /// The plane's normal: east, north, up.
    let normal: (east: Double, north: Double, up: Double)

    /// - Parameters:
    ///   - tilt: degrees from horizontal.
    ///   - azimuth: degrees clockwise from north: a plane facing south has 180.
    init(tilt: Double, azimuth: Double) {
      let slope = PortableMath.radians(tilt)
      let direction = PortableMath.radians(azimuth)
      let sine = PortableMath.sin(slope)
      normal = (
        sine * PortableMath.sin(direction), sine * PortableMath.cos(direction),
        PortableMath.cos(slope)
      )
    }

    var cosineOfTilt: Double { normal.up }

    func cosineOfIncidence(of sun: SolarPosition) -> Double {
      normal.east * sun.direction.east + normal.north * sun.direction.north
        + normal.up * sun.direction.up
    }
  }
}
