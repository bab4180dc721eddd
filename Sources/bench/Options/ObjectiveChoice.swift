import ArgumentParser
import Harness
import Learning
import Losses
import Tabular

/// From names on the command line to objectives and metrics that suit the data.
enum ObjectiveChoice {
  /// The catalogue's entry called `name`.
  ///
  /// - Throws: `ValidationError` with the nearest name.
  static func entry(named name: String) throws -> Catalogue.Entry {
    guard let entry = Catalogue.objectives.first(where: { $0.name == name }) else {
      let hint = DidYouMean.hint(for: name, in: Catalogue.objectives.map(\.name))
      throw ValidationError("there is no objective '\(name)'; \(hint)")
    }
    return entry
  }

  /// The metric called `name`.
  ///
  /// - Throws: `ValidationError` with the nearest name.
  static func metric(named name: String) throws -> Metric {
    guard let metric = Catalogue.metric(named: name) else {
      let hint = DidYouMean.hint(for: name, in: Catalogue.metrics.map(\.name))
      throw ValidationError("there is no metric '\(name)'; \(hint)")
    }
    return metric
  }

  /// Whether the targets of an objective are classes.
  static func isOverClasses(_ entry: Catalogue.Entry) -> Bool {
    let link = entry.make(2).link
    return link == .logit || link == .softmax
  }

  /// The plain objective of a table: squared error, logistic loss or softmax cross-entropy.
  static func plainName(for table: Table) -> String {
    guard let classes = table.classNames else { return "squared" }
    return classes.count <= 2 ? "logistic" : "softmax"
  }

  /// The objective of `entry` for the classes of `table`.
  ///
  /// - Throws: ``Failure`` if the target does not suit it.
  static func objective(_ entry: Catalogue.Entry, for table: Table) throws -> any Objective {
    guard isOverClasses(entry) else {
      if let names = table.classNames, names.count > 2 {
        throw Failure(
          .badData,
          "\(table.source): the target has \(names.count) classes, but objective '\(entry.name)' "
            + "is for numbers; use --objective softmax")
      }
      return entry.make(1)
    }
    guard let classes = table.classNames else {
      throw Failure(
        .badData,
        "\(table.source): the target is a number, but objective '\(entry.name)' is for classes; "
          + "use --objective squared, or name a column of classes with --target")
    }
    guard classes.count > 1 else {
      throw Failure(
        .badData,
        "\(table.source): all rows are of one class, '\(classes.first ?? "")'; objective "
          + "'\(entry.name)' needs at least two")
    }
    if entry.make(2).scoresPerRow == 1, classes.count > 2 {
      throw Failure(
        .badData,
        "\(table.source): the target has \(classes.count) classes, but objective "
          + "'\(entry.name)' is for two; use --objective softmax")
    }
    return entry.make(classes.count)
  }

  /// The name of an objective in reports.
  static func title(of entry: Catalogue.Entry) -> String {
    switch entry.name {
    case "squared": "Squared error"
    case "sne": "SNE"
    case "logistic": "Logistic"
    case "softmax": "Softmax"
    default: entry.name
    }
  }
}
