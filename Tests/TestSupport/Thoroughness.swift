import Foundation

/// Whether tests that draw at random draw much: `make test-slow` does, `make test` draws some.
public enum Thoroughness {
  /// Set the variable to anything for many draws.
  public static let variable = "CURVATURE_THOROUGH_TESTS"

  public static let isThorough = ProcessInfo.processInfo.environment[variable] != nil

  /// How many draws: `many` if tests are thorough, else `few`.
  public static func draws(_ few: Int, thorough many: Int) -> Int { isThorough ? many : few }

  /// The same as seeds from 0 on.
  public static func seeds(_ few: UInt64, thorough many: UInt64) -> Range<UInt64> {
    0..<(isThorough ? many : few)
  }
}
