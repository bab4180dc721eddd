import Harness

/// The Markdown page of a report.
struct Page {
  let record: ResultRecord
  let figures: [Figure]
  let name: String
  private let words: Words
  private let tables: Tables
  private let verdict: Verdict

  init(_ record: ResultRecord, figures: [Figure], name: String) {
    self.record = record
    self.figures = figures
    self.name = name
    words = Words(record)
    tables = Tables(record: record, words: words)
    verdict = Verdict(record, words, shown: Markdown.escaped)
  }

  /// The page's text.
  var text: String {
    var parts = [
      "# \(Markdown.escaped(words.names.shortened(record.title)))", verdict.markdown,
    ]
    if !record.finishedTrials.isEmpty {
      parts += scores + errorBySize + predictions + curves + curvature + costs
    }
    parts += failures + trials + data + method + reproduction
    return parts.joined(separator: "\n\n") + "\n"
  }

  private func image(_ kind: Figure.Kind) -> [String] {
    guard let figure = figures.first(where: { $0.kind == kind }) else { return [] }
    return ["![\(Markdown.escaped(figure.text))](\(Markdown.link(figure.path(name: name))))"]
  }

  private var scores: [String] {
    let finishedSeeds = Set(record.finishedTrials.map(\.seed)).count
    let seeds =
      finishedSeeds > 1
      ? " Mean ± standard deviation over \(finishedSeeds) seeds.\(seedless)" : ""
    var parts =
      [
        "## Scores",
        "On \(Markdown.escaped(words.testPopulation)); ↓ lower is better, ↑ higher is better\(goals). "
          + "The best value is bold where differences were tested: see the next table."
          + "\(seeds)\(units)\(words.weighting)\(formulas)", tables.scores,
      ] + notes
    let failures = record.comparisonFailures ?? []
    if let comparisons = tables.comparisons(verdict.comparisons) {
      parts += ["### Which differences are clear", comparisonNote, comparisons]
    }
    if !failures.isEmpty {
      parts.append(failures.map { "* \(Markdown.escaped($0))" }.joined(separator: "\n"))
    }
    return parts
  }

  private var goals: String {
    record.metrics.contains { $0.goal != nil } ? ", → near the given value is right" : ""
  }

  private var formulas: String {
    words.names.hasShortNames ? " Long formulas are cut off; the method gives them in full." : ""
  }

  private var notes: [String] {
    let notes = record.metricNotes ?? []
    return notes.isEmpty
      ? [] : [notes.map { "* \(Markdown.escaped($0))" }.joined(separator: "\n")]
  }

  /// Learners that the seed makes no difference to, as their model files show.
  private var seedless: String {
    let names = record.learners.filter { learner in
      let combinations = record.combinations.filter { $0.learner == learner }
      let digests = combinations.map { record.finishedTrials(of: $0).map(\.modelSHA256) }
      return digests.allSatisfy { $0.count > 1 && !$0.contains(nil) && Set($0).count == 1 }
        && !digests.isEmpty
    }
    guard !names.isEmpty else { return "" }
    return " For \(Markdown.escaped(names.joined(separator: " and "))) every seed gave the same "
      + "model file, which counts once."
  }

  private var units: String {
    guard let unit = record.data.targetUnit else { return "" }
    let names = record.metrics.filter { ["rmse", "mae"].contains($0.name) }.map(\.title)
    guard !names.isEmpty else { return "" }
    return " \(names.joined(separator: " and ")) in \(Markdown.escaped(unit))."
  }

  private var comparisonNote: String {
    guard let first = record.comparisons.first(where: { $0.bucket == nil }) else { return "" }
    let drawn =
      switch first.unit {
      case .groups:
        "\(words.counted(first.unitCount, record.data.groupName)), each with all its rows"
      case .rows, .folds: "\(words.counted(first.unitCount, "row"))"
      case .blocks: "\(words.counted(first.unitCount, "block")) of consecutive rows"
      }
    return "A and B are judged on the same \(NumberText.count(first.resamples)) resamples of the "
      + "test rows; each draws \(Markdown.escaped(drawn)), with replacement"
      + (first.seeds > 1 ? ", and seeds as well" : "") + ". " + decision(record.smallestDifference)
  }

  private func decision(_ least: Double?) -> String {
    guard let least else {
      return "A is better or worse only if the whole 95 % interval of the difference lies on one "
        + "side of zero. Intervals are for one comparison each: of twenty without any true "
        + "difference, about one would look clear."
    }
    return verdict.comparisons.rule(least, in: record.comparisons)
  }

  private var errorBySize: [String] {
    guard let table = tables.errorBySize else { return [] }
    return ["## Error by size"] + image(.errorBySize) + [
      "Root mean squared error in percent of size (mean absolute error in parentheses); best in "
        + "bold.\(words.weighting)", table,
    ]
  }

  private var predictions: [String] {
    let confusions = tables.frequentConfusions.map {
      ["The ten most frequent confusions of each:", $0]
    }
    let body = image(.predictions) + image(.confusion) + (confusions ?? [])
    guard !body.isEmpty else { return [] }
    return ["## Predicted against actual"] + body
  }

  private var curves: [String] {
    let body = image(.curves)
    guard !body.isEmpty else { return [] }
    return [
      "## Learning curves",
      "Losses of different objectives have different units; each line of panels has its own scale. "
        + "Seed \(record.seeds[0]).",
    ] + body
  }

  private var curvature: [String] {
    guard let table = tables.curvature else { return [] }
    return [
      "## Curvature",
      "Hessians that were changed before Newton steps were made with them, over all rounds and in "
        + "the round that changed most. Trials that used the exact Hessian and changed none are "
        + "left out.", table,
    ]
  }

  private var costs: [String] {
    let seeds = record.seeds.count > 1 ? ", means over seeds" : ""
    return [
      "## Cost",
      "Wall-clock times\(seeds). Prepare is binning or standardising; train includes logging the "
        + "training loss after every round; predict is all \(NumberText.count(record.data.testRows)) "
        + "test rows from raw features. Process peak is the most memory the whole process had used "
        + "when the trial ended, so it counts everything before it and never falls.", tables.costs,
    ]
  }

  private var failures: [String] {
    let failed = record.trials.filter { $0.status == .failed }
    guard !failed.isEmpty else { return [] }
    let lines = failed.map {
      "* \(Markdown.escaped(words.full($0.combination))), seed \($0.seed): "
        + Markdown.escaped($0.failure ?? "no reason recorded")
    }
    return ["## Failed trials", lines.joined(separator: "\n")]
  }

  private var trials: [String] {
    ["## All trials", tables.trials]
  }

  private var data: [String] {
    let data = record.data
    var rows: [(String, String)] = []
    func add(_ name: String, _ value: String?) {
      if let value { rows.append((name, Markdown.escaped(value))) }
    }
    add("Name", data.name)
    add("File", data.path)
    add("SHA-256", data.sha256)
    add("Size of the file", data.bytes.map(NumberText.bytes))
    for fact in data.facts { add(fact.name, fact.value) }
    add("Task", data.task.rawValue)
    add("Target", data.targetUnit.map { "\(data.targetName) (\($0))" } ?? data.targetName)
    add("Row data", data.rowDataNames.isEmpty ? nil : data.rowDataNames.joined(separator: ", "))
    add("Row weights", data.weightName)
    add("Classes", data.classNames.map { "\($0.count): \(shortened($0))" })
    add("Features", "\(data.featureNames.count): \(shortened(data.featureNames))")
    add(
      "Rows",
      "\(NumberText.count(data.rowCount)): \(NumberText.count(data.trainRows)) to train, "
        + "\(NumberText.count(data.validationRows)) to stop early, "
        + "\(NumberText.count(data.testRows)) to test")
    if let all = data.groupCount, let test = data.testGroupCount {
      add(
        "Groups",
        "\(words.counted(all, data.groupName)), \(NumberText.count(test)) of them in the test rows")
    }
    add("Test rows", data.split)
    for sentence in data.splitFacts?.sentences(
      groupName: data.groupName, trainRows: data.trainRows + data.validationRows) ?? []
    {
      add("Test rows against the rows learned from", sentence)
    }
    add("Validation rows", data.validation)
    add(
      "Test rows that repeat a training row",
      data.repeatedTestRows == 0 ? "none" : NumberText.count(data.repeatedTestRows))
    add("Missing feature values", NumberText.percent(data.missingShare))
    return [
      "## Data", Markdown.table([("What", .left), ("Value", .left)], rows.map { [$0.0, $0.1] }),
    ]
  }

  private func shortened(_ names: [String]) -> String {
    let most = 24
    let shown = names.prefix(most).joined(separator: ", ")
    return names.count > most ? "\(shown) and \(names.count - most) more" : shown
  }

  private var method: [String] {
    [
      "## Method", Glossary(record, words).text,
      Markdown.table(
        [("Learner", .left), ("Options", .left)],
        ((record.simpleModels ?? []).map(\.name).uniqued + record.learners).map { learner in
          let options = record.trials.first { $0.combination.learner == learner }?.options ?? []
          return [
            Markdown.escaped(learner),
            Markdown.escaped(options.map { "\($0.name) \($0.value)" }.joined(separator: ", ")),
          ]
        }),
    ]
  }

  private var reproduction: [String] {
    let machine = record.machine
    var lines = ["## Reproduce"]
    if let command = record.command { lines.append(Markdown.codeBlock(command, language: "sh")) }
    let files =
      record.predictionsFile.map {
        "\(Markdown.code("\(name).json")); every test prediction is in \(Markdown.code($0))"
      } ?? Markdown.code("\(name).json")
    lines.append("Every number on this page comes from \(files).")
    var rows = [
      ("Processor", "\(machine.processor), \(words.counted(machine.cores, "core"))"),
      ("Memory", NumberText.bytes(Int(clamping: machine.memoryBytes))),
      ("System", "\(machine.system), \(machine.architecture)"), ("Compiler", machine.swift),
    ]
    rows += machine.libraries.map { ($0.name, $0.value) }
    rows += [("Began", record.began), ("Ended", record.ended)]
    lines.append(
      Markdown.table(
        [("Machine and time", .left), ("Value", .left)],
        rows.map { [Markdown.escaped($0.0), Markdown.escaped($0.1)] }))
    return lines
  }
}
