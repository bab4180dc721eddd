import Losses
import Learning
import Harness

/// The tables of a report.
struct Tables {
  let record: ResultRecord
  let words: Words

  private var combinations: [Combination] {
    record.combinations.filter { !record.finishedTrials(of: $0).isEmpty }
  }

  private func names(_ combination: Combination) -> [String] {
    [
      Markdown.escaped(combination.learner),
      Markdown.escaped(words.names.short(combination.objective)),
      Markdown.escaped(words.form(combination.objective, combination.form)),
    ]
  }

  private let nameColumns: [(String, Markdown.Alignment)] = [
    ("Learner", .left), ("Objective", .left), ("Form", .left),
  ]

  /// Which of some values is best; ties are all best. None if there is only one.
  private func bestPlaces(_ values: [Double?], lowerIsBetter: Bool) -> Set<Int> {
    let finite = values.compactMap { $0 }.filter(\.isFinite)
    guard finite.count > 1, let best = lowerIsBetter ? finite.min() : finite.max() else {
      return []
    }
    return Set(values.indices.filter { values[$0] == best })
  }

  /// Metrics on the test rows: mean and standard deviation over seeds, the best mean bold where
  /// differences have intervals. Equal fits under several seeds count once.
  var scores: String {
    let spreads = record.metrics.map { metric in
      combinations.map { combination in
        Spread(record.distinctTrials(of: combination).compactMap { $0.testScore(metric.name) })
      }
    }
    let compared = Set(
      record.comparisons.filter { $0.bucket == nil && $0.difference.low.isFinite }.map(\.metric))
    let best = zip(record.metrics, spreads).map { metric, column in
      compared.contains(metric.name) && metric.goal == nil
        ? bestPlaces(column.map { $0?.mean }, lowerIsBetter: metric.direction == .lowerIsBetter)
        : []
    }
    let header = record.metrics.map { metric in
      let arrow =
        metric.goal.map { "→ \(NumberText.short($0))" }
        ?? (metric.direction == .lowerIsBetter ? "↓" : "↑")
      return ("\(Markdown.escaped(metric.title)) \(arrow)", Markdown.Alignment.right)
    }
    let rows = combinations.indices.map { row in
      names(combinations[row])
        + record.metrics.indices.map { column in
          cell(spreads[column][row], isBest: best[column].contains(row))
        }
    }
    return Markdown.table(nameColumns + header, rows)
  }

  private func cell(_ spread: Spread?, isBest: Bool) -> String {
    guard let spread else { return "–" }
    let mean = NumberText.number(spread.mean)
    let text = isBest ? "**\(mean)**" : mean
    guard spread.count > 1, spread.mean.isFinite else { return text }
    return "\(text) ± \(NumberText.number(spread.standardDeviation, digits: 2))"
  }

  /// Root mean squared and mean absolute percentage error per size bucket.
  var errorBySize: String? {
    let buckets = record.sizeBuckets
    guard !buckets.isEmpty else { return nil }
    func mean(_ row: Int, _ bucket: Int, _ value: (SizeError) -> Double) -> Double? {
      words.mean(combinations[row]) {
        bucket < $0.sizeErrors.count ? value($0.sizeErrors[bucket]) : nil
      }
    }
    let compared = Set(
      record.comparisons.filter { $0.difference.low.isFinite }.compactMap(\.bucket))
    let best = buckets.indices.map { bucket -> Set<Int> in
      guard compared.contains(bucket) else { return [] }
      return bestPlaces(
        combinations.indices.map { mean($0, bucket, \.rootMeanSquaredPercent) },
        lowerIsBetter: true)
    }
    let header = buckets.map { bucket in
      (
        "\(Markdown.escaped(words.bucket(bucket)))<br>\(Markdown.escaped(words.population(bucket)))",
        Markdown.Alignment.right
      )
    }
    let rows = combinations.indices.map { row in
      names(combinations[row])
        + buckets.indices.map { bucket in
          guard let root = mean(row, bucket, \.rootMeanSquaredPercent), root.isFinite,
            let absolute = mean(row, bucket, \.meanAbsolutePercent)
          else { return "–" }
          let text = NumberText.percentage(root)
          return (best[bucket].contains(row) ? "**\(text)**" : text)
            + " (\(NumberText.percentage(absolute)))"
        }
    }
    return Markdown.table(nameColumns + header, rows)
  }

  /// Every comparison over all test rows, those with simple models first.
  func comparisons(_ comparisons: ComparisonWords) -> String? {
    let whole = record.comparisons.filter { $0.bucket == nil }
    return Self.comparisons(
      whole.filter { $0.question == .simple } + whole.filter { $0.question != .simple },
      names: words.names, comparisons)
  }

  /// Comparisons as a table; nil for none.
  static func comparisons(
    _ records: [ComparisonRecord], names: Names, _ comparisons: ComparisonWords
  ) -> String? {
    guard !records.isEmpty else { return nil }
    let hasValues = records.contains { $0.adjustedPValue != nil }
    let rows = records.map { comparison in
      [
        Markdown.escaped(names.full(comparison.a)), Markdown.escaped(names.full(comparison.b)),
        Markdown.escaped(comparisons.title(comparison.metric)),
        "\(NumberText.number(comparison.aValue)) / \(NumberText.number(comparison.bValue))",
        comparisons.phrase(comparison),
      ]
        + (hasValues
          ? [comparison.adjustedPValue.map(ComparisonWords.probability) ?? "–"] : [])
        + [comparison.verdict.rawValue]
    }
    return Markdown.table(
      [
        ("A", .left), ("B", .left), ("Metric", .left), ("A / B", .right),
        ("A compared with B", .left),
      ] + (hasValues ? [("p, corrected", .right)] : []) + [("A is", .left)], rows)
  }

  /// What the trials cost: means over seeds.
  var costs: String {
    let rows = combinations.map { combination in
      func mean(_ value: (TrialRecord) -> Double?) -> Double {
        words.mean(combination, value) ?? .nan
      }
      let trials = record.finishedTrials(of: combination)
      let kept = mean { Double($0.bestRound) }
      let run = mean { Double($0.rounds) }
      return names(combination) + [
        NumberText.seconds(mean { $0.seconds?.prepare }),
        NumberText.seconds(mean { $0.seconds?.train }),
        NumberText.seconds(mean { $0.seconds?.predict }),
        trials[0].kind.isSimple
          ? "–"
          : "\(NumberText.short(kept.rounded())) of \(NumberText.short(run.rounded())) "
            + "\(trials[0].kind.roundName)s",
        NumberText.bytes(Int(mean { $0.modelBytes.map(Double.init) }.finite ?? 0)),
        NumberText.bytes(trials.compactMap(\.processPeakBytes).max() ?? 0),
        Set(trials.compactMap(\.threads)).sorted().map(String.init).joined(separator: ", "),
      ]
    }
    return Markdown.table(
      nameColumns + [
        ("Prepare", .right), ("Train", .right), ("Predict", .right), ("Keeps", .right),
        ("Model file", .right), ("Process peak", .right), ("Threads", .right),
      ], rows)
  }

  /// What curvature policies changed, for every trial of which there is something to tell.
  var curvature: String? {
    let shortens = record.trials.contains { ($0.curvature?.shortenedRounds ?? 0) > 0 }
    let rows = record.trials.compactMap { trial -> [String]? in
      guard let use = trial.curvature, use.isWorthTelling else { return nil }
      return names(trial.combination) + [
        String(trial.seed), Markdown.escaped(use.policy),
        "\(NumberText.count(use.changed)) of \(NumberText.count(use.hessians))",
        NumberText.percent(use.share),
        use.worstRound.map { "\(NumberText.percent($0.share)), round \($0.round)" } ?? "–",
      ] + (shortens ? [use.shortenedRounds.map { NumberText.count($0) } ?? "–"] : [])
    }
    guard !rows.isEmpty else { return nil }
    return Markdown.table(
      nameColumns + [
        ("Seed", .right), ("Policy", .left), ("Hessians changed", .right), ("Share", .right),
        ("Most in a round", .right),
      ] + (shortens ? [("Rounds shortened", .right)] : []), rows)
  }

  /// Every trial with its first metric on each part of the data, failed ones included.
  var trials: String {
    let metric = record.metrics.first
    let rows = record.trials.map { trial in
      let score = trial.scores.first { $0.metric == metric?.name }
      func number(_ value: Double?) -> String { value.map { NumberText.number($0) } ?? "–" }
      return names(trial.combination) + [
        String(trial.seed), statusWords(trial.status), number(score?.train),
        number(score?.validation), number(score?.test),
        trial.kind.isSimple
          ? "–"
          : "\(trial.status == .finished ? "\(trial.bestRound)" : "–") / \(trial.rounds)",
      ]
    }
    let title = Markdown.escaped(metric?.title ?? "score")
    return Markdown.table(
      nameColumns + [
        ("Seed", .right), ("Ended", .left), ("\(title), train", .right),
        ("\(title), validation", .right), ("\(title), test", .right), ("Rounds kept / run", .right),
      ], rows)
  }

  private func statusWords(_ status: TrialRecord.Status) -> String {
    switch status {
    case .finished: "well"
    case .failed: "**failed**"
    case .cancelled: "**stopped**"
    case .notRun: "**not run**"
    }
  }

  /// The ten most frequent confusions of each combination, for more classes than a figure shows.
  var frequentConfusions: String? {
    guard let classes = record.data.classNames, classes.count > Figure.mostClasses else {
      return nil
    }
    var rows: [[String]] = []
    for combination in combinations {
      guard let counts = Figure.confusionCounts(record, combination) else { continue }
      var wrong: [(count: Int, target: Int, predicted: Int)] = []
      for (target, line) in counts.enumerated() {
        for (predicted, count) in line.enumerated() where predicted != target && count > 0 {
          wrong.append((count, target, predicted))
        }
      }
      wrong.sort { ($1.count, $0.target, $0.predicted) < ($0.count, $1.target, $1.predicted) }
      rows += wrong.prefix(10).map {
        names(combination) + [
          Markdown.escaped(classes[$0.target]), Markdown.escaped(classes[$0.predicted]),
          NumberText.count($0.count),
        ]
      }
    }
    guard !rows.isEmpty else { return nil }
    return Markdown.table(
      nameColumns + [("Target", .left), ("Predicted", .left), ("Rows", .right)], rows)
  }
}

extension Double {
  fileprivate var finite: Double? { isFinite ? self : nil }
}
