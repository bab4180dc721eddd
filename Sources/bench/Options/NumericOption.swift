/// Reads numeric options: whatever is wrong with one, the sentence names the option, its value and
/// what is allowed.
///
/// Options that use these parse `.unconditional`ly, so that `--rounds -1` is a value out of range
/// and not a missing one. The parser shows no default for them, so their help names it.
enum NumericOption {
  /// What is wrong with a value, as the end of the parser's sentence.
  struct Refusal: Error, CustomStringConvertible {
    let description: String
  }

  /// A whole number within `range`.
  static func whole<Number: FixedWidthInteger & Sendable>(
    _ range: ClosedRange<Number>
  ) -> @Sendable (String) throws -> Number {
    { text in
      guard let number = Number(text), range.contains(number) else {
        throw Refusal(
          description: "it must be a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      return number
    }
  }

  /// A finite number above 0; `hint` says more, as in `, usually 0.1`.
  static func positive(_ hint: String = "") -> @Sendable (String) throws -> Double {
    number("it must be a positive number\(hint)") { $0 > 0 }
  }

  /// A finite number of at least 0.
  static let nonNegative: @Sendable (String) throws -> Double =
    number("it must be 0 or a positive number") { $0 >= 0 }

  /// A number between 0 and 1, without either.
  static let share: @Sendable (String) throws -> Double =
    number("it must lie between 0 and 1, as in 0.2") { $0 > 0 && $0 < 1 }

  private static func number(
    _ rule: String, isAllowed: @escaping @Sendable (Double) -> Bool
  ) -> @Sendable (String) throws -> Double {
    { text in
      guard let number = Double(text), number.isFinite, isAllowed(number) else {
        throw Refusal(description: rule)
      }
      return number
    }
  }

  /// Numbers of threads.
  static let threads: @Sendable (String) throws -> Int = whole(1...1024)
  /// Seeds.
  static let seed: @Sendable (String) throws -> UInt64 = whole(0...UInt64.max)
  /// Rounds or epochs without progress; 0 turns stopping off.
  static let patience: @Sendable (String) throws -> Int = whole(0...1_000_000)
}
