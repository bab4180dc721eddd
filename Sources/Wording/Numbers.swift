extension Double {
  /// The number with a few significant digits, for sentences: `0.693`, `-1.00`, `2.1e-7`.
  package var short: String {
    guard isFinite else { return isNaN ? "NaN" : (self > 0 ? "infinity" : "-infinity") }
    guard self != 0 else { return "0" }
    func decimals(_ x: Double, _ places: Int) -> String {
      var scale = 1.0
      for _ in 0..<places { scale *= 10 }
      let whole = Int((x.magnitude * scale).rounded())
      let digits = String(whole % Int(scale))
      let sign = x < 0 && whole > 0 ? "-" : ""
      guard places > 0 else { return sign + String(whole) }
      return sign + String(whole / Int(scale)) + "."
        + String(repeating: "0", count: places - digits.count) + digits
    }
    switch magnitude {
    case 100_000...: break
    case 100...: return decimals(self, 0)
    case 10...: return decimals(self, 1)
    case 0.9995...: return decimals(self, 2)
    case 0.1...: return decimals(self, 3)
    case 0.001...: return decimals(self, 5)
    default: break
    }
    var exponent = 0
    var mantissa = self
    while mantissa.magnitude >= 10 {
      mantissa /= 10
      exponent += 1
    }
    while mantissa.magnitude < 1 {
      mantissa *= 10
      exponent -= 1
    }
    // Rounded, 9.95 is 10.
    if (mantissa.magnitude * 10).rounded() >= 100 {
      mantissa /= 10
      exponent += 1
    }
    return "\(decimals(mantissa, 1))e\(exponent)"
  }

  /// The share in percent.
  package var percent: String {
    let value = 100 * self
    if value > 0, value < 1 { return "under 1 %" }
    return "\(Int(value.rounded())) %"
  }
}
