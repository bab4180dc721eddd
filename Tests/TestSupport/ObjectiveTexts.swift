import OrderedCollections
import Formulas
public import Losses
import RealModule
public import Tabular

/// An objective as text, loss and derivatives worked out by hand, with rows to try it on.
public struct ObjectiveText: Sendable, CustomStringConvertible {
  /// What targets look like.
  public enum Targets: Sendable {
    /// Numbers from -10 to 10.
    case numbers
    /// Numbers above 0, over two decades.
    case positive
    /// 0, 1, 2, ...
    case counts
    /// 0 and 1.
    case labels
    /// Probabilities, 0 and 1 among them.
    case shares
    /// 0 to 2.
    case classes
  }

  public let name: String
  public let loss: String
  public let gradient: String?
  public let hessian: String?
  public let targets: Targets
  /// Part of what is said of it; empty if it is right.
  public let words: String

  public var description: String { name }

  init(
    _ name: String, _ targets: Targets, _ loss: String, gradient: String? = nil,
    hessian: String? = nil, words: String = ""
  ) {
    self.name = name
    self.loss = loss
    self.gradient = gradient
    self.hessian = hessian
    self.targets = targets
    self.words = words
  }

  /// The objective; a text that cannot be read is an error of the test.
  public func objective() throws -> any Objective {
    let loss = try parseObjective(loss, classes: targets == .classes ? 3 : nil)
    guard gradient != nil || hessian != nil else { return loss }
    return try HandDerivedObjective(loss, gradient: gradient, hessian: hessian)
  }

  /// Targets of `count` rows.
  public func drawTargets(_ count: Int, seed: UInt64) -> [Double] {
    var generator = RandomGenerator(seed: seed)
    return (0..<count).map { _ in
      let number = generator.uniform()
      return switch targets {
      case .numbers: 20 * number - 10
      case .positive: .exp(4.6 * number - 2.3)
      case .counts: (12 * number * number).rounded(.down)
      case .labels: number < 0.4 ? 1 : 0
      case .shares: min(1, max(0, 1.2 * number - 0.1))
      case .classes: (3 * number).rounded(.down)
      }
    }
  }

  /// Row data of as many rows as `targets` has, a column by a name: sizes over three decades,
  /// events and flags of 0 and 1, levels between 0 and 1, offsets of either sign, weights that may
  /// be 0, bounds around the target, and numbers from 0.5 to 50.
  public static func column(_ name: String, _ targets: [Double], seed: UInt64) -> [Double] {
    var generator = RandomGenerator(seed: seed &+ 77)
    return targets.map { y in
      let number = generator.uniform()
      return switch name {
      case "size": 2 * .exp(7.8 * number)
      case "event", "flag": number < 0.6 ? 1 : 0
      case "tau": 0.05 + 0.9 * number
      case "offset": 4 * number - 2
      case "w": number < 0.1 ? 0 : 5 * number
      case "low": y - 2 * number
      case "high": y + 2 * generator.uniform()
      case "wide": .exp(27 * number - 13.5)
      default: 0.5 + 49.5 * number
      }
    }
  }

  /// The row data of the objective, row-major.
  public func drawRowData(
    _ objective: any Objective, _ targets: [Double], seed: UInt64
  ) -> [Double] {
    let columns = objective.rowDataNames.enumerated().map {
      Self.column($1, targets, seed: seed &+ UInt64($0))
    }
    return targets.indices.flatMap { row in columns.map { $0[row] } }
  }

  /// A table of the rows, with two features.
  public func table(_ objective: any Objective, rows: Int, seed: UInt64) throws -> Table {
    let targets = drawTargets(rows, seed: seed)
    var generator = RandomGenerator(seed: seed &+ 5)
    let names = objective.rowDataNames
    let columns = names.enumerated().map { place, name in
      (name, Self.column(name, targets, seed: seed &+ UInt64(place)))
    }
    return try Table(
      features: (0..<rows * 2).map { _ in Float(generator.normal()) }, featureNames: ["a", "b"],
      target: targets, rowData: .init(uniqueKeysWithValues: columns),
      classNames: self.targets == .classes
        ? ["A", "B", "C"] : self.targets == .labels ? ["no", "yes"] : nil)
  }
}
