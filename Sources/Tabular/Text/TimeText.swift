/// Dates and times as text, in the forms of ISO 8601 that data files use.
public enum TimeText {
  /// Seconds since 1970-01-01T00:00Z of `text`; NaN if it says that there is no time (empty, `NaT`,
  /// `nan`, `null`, `NA`); nil if it is no date.
  ///
  /// Read are `2024-01-31`, `2024-01-31T12:30`, `2024-01-31 12:30:15.25`, `/` for `-`, each with
  /// nothing, `Z` or an offset such as `+02:00` behind a time. Without an offset all texts are
  /// taken for the same zone. Leap seconds count as the second after. O(length).
  public static func seconds(_ text: String) -> Double? {
    var bytes = Array(text.utf8)[...]
    while let last = bytes.last, last == 32 || last == 0 { bytes.removeLast() }
    while bytes.first == 32 { bytes.removeFirst() }
    if isMissing(bytes) { return .nan }
    guard let year = number(&bytes, digits: 4), let separator = bytes.popFirst(),
      separator == UInt8(ascii: "-") || separator == UInt8(ascii: "/"),
      let month = number(&bytes, digits: 2), bytes.popFirst() == separator,
      let day = number(&bytes, digits: 2), (1...12).contains(month),
      (1...daysInMonth(month, year)).contains(day)
    else { return nil }
    let date = Double(daysSince1970(year, month, day)) * 86_400
    guard let between = bytes.popFirst() else { return date }
    guard between == UInt8(ascii: "T") || between == UInt8(ascii: "t") || between == 32,
      let time = timeOfDay(&bytes), let offset = offset(&bytes), bytes.isEmpty
    else { return nil }
    return date + time - offset
  }

  private static func isMissing(_ bytes: ArraySlice<UInt8>) -> Bool {
    let word = String(decoding: bytes, as: UTF8.self).lowercased()
    return ["", "nat", "nan", "null", "none", "na", "n/a"].contains(word)
  }

  private static func number(_ bytes: inout ArraySlice<UInt8>, digits: Int) -> Int? {
    guard bytes.count >= digits else { return nil }
    var value = 0
    for byte in bytes.prefix(digits) {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    bytes.removeFirst(digits)
    return value
  }

  private static func timeOfDay(_ bytes: inout ArraySlice<UInt8>) -> Double? {
    guard let hour = number(&bytes, digits: 2), (0...24).contains(hour),
      bytes.popFirst() == UInt8(ascii: ":"),
      let minute = number(&bytes, digits: 2), (0...59).contains(minute)
    else { return nil }
    var seconds = Double(hour * 3600 + minute * 60)
    guard bytes.first == UInt8(ascii: ":") else { return seconds }
    bytes.removeFirst()
    guard let second = number(&bytes, digits: 2), (0...60).contains(second) else { return nil }
    seconds += Double(second)
    guard bytes.first == UInt8(ascii: ".") || bytes.first == UInt8(ascii: ",") else {
      return seconds
    }
    bytes.removeFirst()
    var (scale, digits) = (0.1, 0)
    while let digit = number(&bytes, digits: 1) {
      seconds += Double(digit) * scale
      scale /= 10
      digits += 1
    }
    return digits > 0 ? seconds : nil
  }

  /// Seconds east of Greenwich; 0 if nothing is said.
  private static func offset(_ bytes: inout ArraySlice<UInt8>) -> Double? {
    guard let sign = bytes.popFirst() else { return 0 }
    if sign == UInt8(ascii: "Z") || sign == UInt8(ascii: "z") { return 0 }
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
      let hours = number(&bytes, digits: 2)
    else { return nil }
    if bytes.first == UInt8(ascii: ":") { bytes.removeFirst() }
    let minutes = bytes.isEmpty ? 0 : number(&bytes, digits: 2)
    guard let minutes else { return nil }
    return Double(hours * 3600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
  }

  private static func daysInMonth(_ month: Int, _ year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days since 1970-01-01 in the Gregorian calendar (Hinnant, "chrono-compatible low-level date
  /// algorithms", 2013).
  private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
