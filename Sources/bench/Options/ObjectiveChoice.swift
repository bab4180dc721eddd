import Formulas
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
  /// The row data it reads.
  let rowDataNames: [String]
  /// The row data it would read besides if there were more classes: `p2`, `p3`, ... of soft labels.
  let rowDataNamesOfMoreClasses: [String]
  /// Its name in reports.
  let title: String

  /// Looks the name up, or reads the formula.
  ///
  /// - Throws: `ValidationError` with the nearest name, or the place of the mistake.
  init(_ text: String) throws {
    self.text = text
    do throws(ExpressionError) {
      let objective = try Self.parsed(text)
      let names = objective.rowDataNames
      rowDataNames = names
      rowDataNamesOfMoreClasses = Self.rowDataNamesOfMostClasses(text).filter {
        !names.contains($0)
      }
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

  /// The row data an objective over classes reads where there are many; none for any other.
  private static func rowDataNamesOfMostClasses(_ text: String) -> [String] {
    guard Catalogue.entry(named: text)?.targets == .classes,
      let objective = try? parseObjective(text, classes: mostSoftClasses)
    else { return [] }
    return objective.rowDataNames
  }

  /// More columns of probabilities are not looked for.
  private static let mostSoftClasses = 256

  /// Whether it could take an exposure and does not.
  var canReadExposure: Bool {
    Catalogue.entry(named: text)?.options.contains("exposure") == true
      && !rowDataNames.contains("exposure")
  }

  /// The same with the exposure.
  var textWithExposure: String {
    text.hasSuffix(")") ? "\(text.dropLast()), exposure)" : "\(text)(exposure)"
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
    guard let classes = table.classNames else { return try objective(forNumbers: table) }
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
      objective = try parseObjective(text, classes: classes.count)
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

  /// The objective for a target of numbers: one for two classes takes probabilities, too.
  private func objective(forNumbers table: Table) throws -> any Objective {
    let target = table.target ?? []
    let place = target.firstIndex { !(0...1).contains($0) }
    if targets == .twoClasses, place == nil { return try parseObjective(text) }
    let fraction = target.firstIndex { $0 != $0.rounded() }
    let example = (targets == .twoClasses ? place : fraction) ?? 0
    let what =
      target.indices.contains(example)
      ? "such as \(target[example]) in row \(table.sourceRow(example))" : "of no rows"
    throw Failure(
      .badData,
      "\(table.source): the target is a number, \(what), but objective '\(text)' is for "
        + (targets == .twoClasses ? "two classes or probabilities from 0 to 1" : "classes")
        + "; use --objective squared, or name a column of classes with --target")
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
