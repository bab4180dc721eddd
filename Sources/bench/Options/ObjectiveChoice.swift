import ArgumentParser
import Harness
import Learning
import Losses
import Tabular

/// An objective as the command line names it or spells it out, before the data are known.
struct ObjectiveChoice {
  /// What stood on the command line.
  let text: String
  /// What its targets are.
  let targets: Catalogue.Targets
  /// The row data it reads; of an objective with a column per class, those of two classes.
  let rowDataNames: [String]
  /// Row data that it reads if there are so many classes: `p2`, `p3`, ... beside `p0` and `p1`.
  let furtherRowDataNames: [String]
  /// Its name in reports.
  let title: String

  /// Looks the name up, or reads the formula.
  ///
  /// - Throws: `ValidationError` with the nearest name, or the place of the mistake.
  init(_ text: String) throws {
    self.text = text
    do throws(ExpressionError) {
      let objective = try Self.parsed(text)
      rowDataNames = objective.rowDataNames
      furtherRowDataNames = Self.furtherRowDataNames(text, objective)
      if let entry = Catalogue.entry(named: text) {
        targets = entry.targets
        title = Self.title(of: entry, text)
      } else {
        targets =
          switch objective.link {
          case .softmax: .classes
          case .logit: objective.scoresPerRow > 1 ? .classes : .twoClasses
          default: (objective as? ExpressionObjective)?.targetIsClass == true ? .classes : .numbers
          }
        title = text
      }
    } catch {
      throw ValidationError("\(error)")
    }
  }

  /// The objective before the data tell how many classes there are: two, if the text needs a
  /// number.
  private static func parsed(_ text: String) throws(ExpressionError) -> any Objective {
    do throws(ExpressionError) {
      return try parseObjective(text)
    } catch {
      guard error.code == .classes else { throw error }
      return try parseObjective(text, classes: 2)
    }
  }

  /// The most classes with a column of row data each.
  private static let largestColumnPerClass = 100

  /// The columns for further classes of a text that does not say how many there are.
  private static func furtherRowDataNames(_ text: String, _ objective: any Objective) -> [String] {
    guard Catalogue.entry(named: text) != nil,
      let wide = try? parseObjective(text, classes: largestColumnPerClass),
      wide.rowDataNames.starts(with: objective.rowDataNames)
    else { return [] }
    return Array(wide.rowDataNames.dropFirst(objective.rowDataNames.count))
  }

  /// The number of classes of `table`: those of the target, or more if there is a column of row data
  /// for more.
  private func classCount(_ classes: [String], _ table: Table) -> Int {
    let columns = furtherRowDataNames.prefix { table.rowData[$0] != nil }.count
    return columns > 0 ? max(classes.count, rowDataNames.count + columns) : classes.count
  }

  /// Whether its targets are classes.
  var isOverClasses: Bool { targets != .numbers }

  /// The plain objective of a table: squared error, logistic loss or softmax cross-entropy.
  static func plain(for table: Table) throws -> ObjectiveChoice {
    guard let classes = table.classNames else { return try ObjectiveChoice("squared") }
    return try ObjectiveChoice(classes.count <= 2 ? "logistic" : "softmax")
  }

  /// The objective for the classes of `table`.
  ///
  /// - Throws: ``Failure`` if the target does not suit it.
  func objective(for table: Table) throws -> any Objective {
    func refusal(_ reason: String) -> Failure {
      Failure(.badData, "\(table.source): \(reason)")
    }
    guard isOverClasses else {
      if let names = table.classNames, names.count > 2 {
        throw refusal(
          "the target has \(names.count) classes, but objective '\(text)' is for numbers; use "
            + "--objective softmax")
      }
      return try parseObjective(text)
    }
    guard let classes = table.classNames else {
      throw refusal(
        "the target is a number, but objective '\(text)' is for classes; use --objective squared, "
          + "or name a column of classes with --target")
    }
    guard classes.count > 1 else {
      throw refusal(
        "all rows are of one class, '\(classes.first ?? "")'; objective '\(text)' needs at least "
          + "two")
    }
    if classes.count > 20, classes.count * 10 > table.rowCount {
      throw refusal(
        "the target has \(classes.count) different values in \(table.rowCount) rows: it looks like "
          + "a number, but objective '\(text)' is for classes; use --objective squared, or name "
          + "another column with --target")
    }
    if targets == .twoClasses, classes.count > 2 {
      throw refusal(
        "the target has \(classes.count) classes, but objective '\(text)' is for two; use "
          + "--objective softmax")
    }
    let objective: any Objective
    do throws(ExpressionError) {
      objective = try parseObjective(text, classes: classCount(classes, table))
    } catch {
      // The text was read before; what it says of classes does not suit these.
      throw refusal(error.message)
    }
    guard
      !(objective is ExpressionObjective) || objective.scoresPerRow == 1
        || objective.scoresPerRow == classes.count
    else {
      throw refusal(
        "the target has \(classes.count) classes, but '\(text)' has \(objective.scoresPerRow) "
          + "scores; leave out its number of classes, which is taken from the data")
    }
    return objective
  }

  /// The metric called `name`.
  ///
  /// - Throws: `ValidationError` with the nearest name.
  static func metric(named name: String) throws -> Metric {
    do {
      return try Catalogue.metric(name)
    } catch {
      throw ValidationError("\(error)")
    }
  }

  private static func title(of entry: Catalogue.Entry, _ text: String) -> String {
    guard text == entry.name else { return text }
    return switch entry.name {
    case "squared": "Squared error"
    case "sne": "SNE"
    case "logistic": "Logistic"
    case "softmax": "Softmax"
    default: entry.name
    }
  }
}
