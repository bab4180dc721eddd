import Learning
import Harness

/// How the trials were run and what the words of a report mean.
struct Glossary {
  private let record: ResultRecord
  private let words: Words

  init(_ record: ResultRecord, _ words: Words) {
    self.record = record
    self.words = words
  }

  /// A list, one item per line.
  var text: String { items.map { "* \($0)" }.joined(separator: "\n") }

  private var items: [String] {
    var items = [rows] + simple
    for objective in record.objectives {
      let name = words.names.short(objective.name)
      var text = "**\(Markdown.escaped(name))**"
      if name != objective.name, objective.formula != objective.name {
        text += ", in full \(Markdown.escaped(objective.name)),"
      }
      if let formula = objective.formula {
        text += " minimises the mean of \(Markdown.escaped(formula)), y being the target"
      } else {
        text += " is the objective \(Markdown.escaped(objective.objective))"
      }
      text += objective.isBaseline ? "; the others are compared with it." : "."
      items.append(text)
      let isAdjusted = record.combinations.contains {
        $0.objective == objective.name && $0.form == .adjusted
      }
      if isAdjusted, let form = objective.adjustedForm, let formula = objective.adjustment {
        items.append(
          "**\(Markdown.escaped(name)) \(Markdown.escaped(form))** minimises the same "
            + "loss, but the model fits f in \(Markdown.escaped(formula)). In the plain form the "
            + "model's output is the score itself.")
      }
    }
    let metrics = Set(record.metrics.map(\.name))
    if metrics.contains("rmsne") {
      items.append(
        "**RMSNE**, root mean squared normalised error: the square root of the mean of "
          + "((prediction - y) / size)², so that each row counts by its error relative to its "
          + "own size. **SNE** is the same without the square root.")
    }
    if metrics.contains("r2") {
      items.append(
        "**R²**: 1 for exact predictions, 0 for always predicting the mean of the test rows.")
    }
    if metrics.contains("log-loss") {
      items.append("**Log loss**: mean of -log(probability given to the true class), in nats.")
    }
    if metrics.contains("auc") {
      items.append(
        "**AUC**: how often a row of the second class gets a higher score than one of the first.")
    }
    return items + curvature
  }

  private var rows: String {
    let stopped =
      record.data.validationRows > 0 ? ", stopped by the same validation rows" : ""
    let leader = Leader(record, words)
    let choice =
      leader.isChosenByTest
      ? "The verdict's leader is the one with the best first metric on the test rows."
      : "Nothing was chosen by the test rows; the verdict's leader is the one with the best first "
        + "metric on the validation rows."
    return "Every trial learned from the same training rows\(stopped) and was judged on the same "
      + "test rows, one after the other in one process. \(choice)\(rounds)"
  }

  /// How numbers of rounds were settled, once for each learner and way.
  private var rounds: String {
    var sentences: [String] = []
    for learner in record.learners {
      let trials = record.finishedTrials.filter { $0.combination.learner == learner }
      var seen: Set<[String]> = []
      for trial in trials {
        guard let choice = trial.choice,
          seen.insert([choice.basis.rawValue, "\(choice.isRefitted)", choice.reason ?? ""]).inserted
        else { continue }
        let text = choice.sentence(
          rounds: trial.bestRound, unit: "\(trial.kind.roundName)s",
          trainRows: record.data.trainRows)
        sentences.append(
          " \(Markdown.escaped(words.full(trial.combination))): \(Markdown.escaped(text)).")
      }
    }
    return sentences.joined()
  }

  /// What the simple models are and how they were found.
  private var simple: [String] {
    let kinds = Set((record.simpleModels ?? []).map(\.kind))
    guard !kinds.isEmpty else { return [] }
    var text =
      "**Simple models** are what learners have to beat; they are fitted to the training rows, once, "
      + "without chance. The one that is best on the test rows counts, which flatters them."
    if kinds.contains(.constant) {
      text += " *Constant* is the number that minimises the objective on the training rows."
    }
    if kinds.contains(.linear) {
      text +=
        " *Linear* is a straight line in all features, standardised, missing values at their "
        + "mean, that minimises the objective's own loss: ridge regression for squared errors, "
        + "Poisson regression under a log link, logistic or softmax regression for classes, and a "
        + "quasi-Newton fit from the nearest of these on for any other loss."
    }
    if kinds.contains(.column) {
      text += " *Persistence* or *Column as is* takes a feature for the prediction as it stands."
    }
    let notes = (record.simpleModelNotes ?? []).map { " \(Markdown.escaped($0))" }
    return [text + notes.joined()]
  }

  /// What a curvature policy is, where the page speaks of one.
  private var curvature: [String] {
    guard record.trials.contains(where: { $0.curvature?.isWorthTelling == true }) else { return [] }
    var text =
      "**Curvature policy**: a Newton step divides by the sum of Hessians, which must be positive. "
      + "The policy says how they are made so; *exact* takes them as the objective gives them, "
      + "negative ones counting as 0. Where an objective finds the constants of leaves itself and "
      + "all its Hessians are 0, each counts as 1. There is a Hessian per row, score and round."
    if record.trials.contains(where: { ($0.curvature?.shortenedRounds ?? 0) > 0 }) {
      text +=
        " *Rounds shortened* counts those in which steps were halved until the training loss fell: "
        + "at full length they would have raised it, because the Hessian is too small for them."
    }
    let gradientLearners = record.learners.filter { words.kind($0) == .mlp }
    if !gradientLearners.isEmpty {
      text +=
        " No policy bears on \(Markdown.escaped(gradientLearners.joined(separator: " and "))): its "
        + "steps are made from gradients alone, and Hessians only set the unit of its output before "
        + "the first epoch."
    }
    return [text]
  }
}
