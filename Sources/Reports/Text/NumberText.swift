import Foundation

/// Numbers as people read them: three or four significant digits, thousands separated by commas.
enum NumberText {
  /// A measured number: `0.01234`, `12.34`, `1,235`, `1.23e-05`; `–` if it is not a number.
  static func number(_ value: Double, digits: Int = 4) -> String {
    guard value.isFinite else { return value.isNaN ? "–" : value > 0 ? "∞" : "-∞" }
    guard value != 0 else { return "0" }
    let magnitude = value.magnitude
    guard magnitude >= 1e-4, magnitude < 1e9 else {
      return scientific(value, decimals: max(0, digits - 2))
    }
    let exponent = Int(log10(magnitude).rounded(.down))
    let decimals = max(0, digits - 1 - exponent)
    return separated(fixed("%.\(decimals)f", value))
  }

  /// A number without needless zeros, for ticks and boundaries: `0.5`, `10`, `5,000`.
  static func short(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : number(value) }
    guard value.magnitude >= 1e-4, value.magnitude < 1e7 else {
      return scientific(value, decimals: 2, isTrimmed: true)
    }
    let exponent = Int(log10(value.magnitude).rounded(.down))
    return separated(trimmed(fixed("%.\(max(0, 3 - exponent))f", value)))
  }

  /// A boundary in little room: `5,000`, `20k`, `1M`.
  static func brief(_ value: Double) -> String {
    if value.magnitude >= 1e6, value.magnitude < 1e9 { return "\(short(value / 1e6))M" }
    return value.magnitude >= 1e4 && value.magnitude < 1e6
      ? "\(short(value / 1e3))k" : short(value)
  }

  /// A whole number: `12,345`.
  static func count(_ value: Int) -> String { separated(String(value)) }

  /// Seconds in the unit that reads best: `350 µs`, `12.3 ms`, `4.56 s`, `3 min 20 s`.
  static func seconds(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    if value < 1e-3 { return "\(fixed("%.0f", value * 1e6)) µs" }
    if value < 1 { return "\(number(value * 1e3, digits: 3)) ms" }
    if value < 120 { return "\(number(value, digits: 3)) s" }
    let whole = Int(value.rounded())
    if whole < 7200 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }

  /// Bytes in the unit that reads best, in powers of 1024: `12.3 KiB`.
  static func bytes(_ value: Int) -> String {
    var rest = Double(value)
    for unit in ["bytes", "KiB", "MiB", "GiB"] {
      if rest < 1024 || unit == "GiB" {
        return "\(unit == "bytes" ? count(value) : number(rest, digits: 3)) \(unit)"
      }
      rest /= 1024
    }
    return count(value)
  }

  /// A share as a percentage: 0.3412 is `34 %`, 0.0312 is `3.1 %`, 0.99952 is `99.95 %`.
  static func percent(_ share: Double) -> String {
    guard share.isFinite else { return "–" }
    let value = 100 * share
    let distance = min(value.magnitude, (100 - value.magnitude).magnitude)
    let decimals = distance >= 10 || value == 0 ? 0 : distance >= 1 ? 1 : 2
    return "\(separated(trimmed(fixed("%.\(decimals)f", value)))) %"
  }

  /// An estimate and the ends of its interval, all percentages with as many decimals as the width
  /// of the interval can tell apart and as the ends need to differ from 0: `93.2 %`, `89.0`,
  /// `94.8`.
  static func percents(_ share: Double, low: Double, high: Double) -> (String, String, String) {
    let width = 100 * (high - low).magnitude
    var decimals = width >= 10 ? 0 : width >= 1 ? 1 : 2
    func text(_ share: Double) -> String {
      separated(fixed("%.\(decimals)f", 100 * share.magnitude))
    }
    while decimals < 4, [low, high].contains(where: { $0 != 0 && Double(text($0)) == 0 }) {
      decimals += 1
    }
    return (text(share), text(low), text(high))
  }

  /// A percentage that is one already: 12.345 is `12.3 %`.
  static func percentage(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    return "\(number(value, digits: 3)) %"
  }

  /// A number for an SVG attribute: at most two decimals.
  static func coordinate(_ value: Double) -> String {
    precondition(value.isFinite, "a coordinate is a finite number")
    let rounded = (value * 100).rounded() / 100
    return rounded == rounded.rounded() ? String(Int(rounded)) : "\(rounded)"
  }

  /// `1.23e-5`; numbers too small to matter are 0.
  private static func scientific(
    _ value: Double, decimals: Int, isTrimmed: Bool = false
  ) -> String {
    guard value.magnitude > 1e-300 else { return "0" }
    var exponent = Int(log10(value.magnitude).rounded(.down))
    var text = fixed("%.\(decimals)f", value / pow(10, Double(exponent)))
    if text.hasPrefix("10") || text.hasPrefix("-10") {
      exponent += 1
      text = fixed("%.\(decimals)f", value / pow(10, Double(exponent)))
    }
    return "\(isTrimmed ? trimmed(text) : text)e\(exponent)"
  }

  private static func fixed(_ format: String, _ value: Double) -> String {
    String(format: format, locale: Locale(identifier: "en_US_POSIX"), value)
  }

  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var text = Substring(text)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return String(text)
  }

  private static func separated(_ text: String) -> String {
    let sign = text.hasPrefix("-") ? "-" : ""
    let parts = text.dropFirst(sign.count).split(separator: ".", omittingEmptySubsequences: false)
    let digits = Array(parts[0])
    guard digits.count > 3 else { return text }
    var whole = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place).isMultiple(of: 3) { whole += "," }
      whole.append(digit)
    }
    return sign + whole + parts.dropFirst().map { ".\($0)" }.joined()
  }
}
