import Harness

/// How a report speaks of the things in a record.
struct Words {
  let record: ResultRecord
  private let styles: [Series: SeriesStyle]
  /// What things are called.
  let names: Names

  /// What is drawn in one colour: an objective in one form.
  struct Series: Hashable {
    let objective: String
    let form: ObjectiveForm
  }

  init(_ record: ResultRecord) {
    self.record = record
    let baselines = Set(record.objectives.filter(\.isBaseline).map(\.name))
    var styles: [Series: SeriesStyle] = [:]
    var used = (challengers: 0, baselines: 0)
    let dashes: [String?] = [nil, "7 3", "2 3", "8 3 2 3"]
    for combination in record.combinations {
      let series = Series(objective: combination.objective, form: combination.form)
      guard styles[series] == nil else { continue }
      let colour: String
      if baselines.contains(series.objective) {
        colour = Palette.baselines[used.baselines % Palette.baselines.count]
        used.baselines += 1
      } else {
        colour = Palette.challengers[used.challengers % Palette.challengers.count]
        used.challengers += 1
      }
      let place = styles.count
      styles[series] = SeriesStyle(
        colour: colour, shape: MarkerShape.allCases[place % MarkerShape.allCases.count],
        dash: dashes[place % dashes.count])
    }
    self.styles = styles
    names = Names(
      objectives: record.objectives, simpleModels: record.simpleModels ?? [],
      combinations: record.combinations)
  }

  /// Objectives and forms in order of first appearance.
  var series: [Series] {
    var seen: Set<Series> = []
    return record.combinations.map { Series(objective: $0.objective, form: $0.form) }
      .filter { seen.insert($0).inserted }
  }

  /// How a series is drawn.
  func style(_ series: Series) -> SeriesStyle {
    styles[series] ?? SeriesStyle(colour: Palette.ink, shape: .circle, dash: nil)
  }

  /// The combinations that figures show: those of learners, and of the simple models the best one.
  var drawn: [Combination] {
    record.combinations.filter { !record.isSimple($0) || $0 == bestSimple }
  }

  /// The simple model that learners are compared with by the first metric; nil if there is none.
  var bestSimple: Combination? {
    record.comparisons.first { $0.question == .simple && $0.bucket == nil }?.b
  }

  /// `SNE`, or `SNE per unit of size`.
  func name(_ series: Series) -> String {
    names.objective(
      Combination(learner: "", objective: series.objective, form: series.form))
  }

  /// `SNE per unit of size`, without the learner.
  func objective(_ combination: Combination) -> String { names.objective(combination) }

  /// `Boosted trees under SNE per unit of size`.
  func full(_ combination: Combination) -> String { names.full(combination) }

  /// The form in words: `plain`, `per unit of size`.
  func form(_ objective: String, _ form: ObjectiveForm) -> String { names.form(objective, form) }

  /// A simple model within a sentence: `a straight line per unit of size`.
  func simple(_ combination: Combination) -> String { names.simple(combination) }

  /// How comparisons of this record are put into words; `shown` makes texts from the data safe.
  func comparisons(_ shown: (String) -> String) -> ComparisonWords {
    ComparisonWords(
      metrics: record.metrics, groupName: shown(record.data.groupName),
      smallestDifference: record.smallestDifference)
  }

  /// The description of a metric.
  func metric(_ name: String) -> ResultRecord.MetricDescription? {
    record.metrics.first { $0.name == name }
  }

  /// The title of a metric: `RMSNE`.
  func title(_ metric: String) -> String { self.metric(metric)?.title ?? metric }

  /// `2–10 kWp`.
  func bucket(_ bucket: SizeBucket) -> String {
    let range = "\(NumberText.short(bucket.lower))–\(NumberText.short(bucket.upper))"
    return record.data.sizeUnit.map { "\(range) \($0)" } ?? range
  }

  /// `12 systems`, or `480 rows` where rows have no groups.
  func population(_ bucket: SizeBucket) -> String {
    guard let groups = bucket.groups else {
      return "\(NumberText.count(bucket.rows)) \(bucket.rows == 1 ? "row" : "rows")"
    }
    return counted(groups, record.data.groupName)
  }

  /// `1 system`, `12 systems`.
  func counted(_ count: Int, _ noun: String) -> String {
    "\(NumberText.count(count)) \(noun)\(count == 1 ? "" : "s")"
  }

  /// What a difference between `a` and `b` is drawn from: `14,400 test rows of 60 systems`.
  var testPopulation: String {
    let rows = counted(record.data.testRows, "test row")
    return record.data.testGroupCount.map { "\(rows) of \(counted($0, record.data.groupName))" }
      ?? rows
  }

  /// That metrics are weighted, and by what, as a sentence; empty without weights.
  var weighting: String {
    guard let name = record.data.weightName else { return "" }
    return " Metrics and losses are weighted by the column \(Markdown.escaped(name))."
  }

  /// The mean over seeds of a number of every finished trial of a combination.
  func mean(
    _ combination: Combination, _ value: (TrialRecord) -> Double?
  ) -> Double? {
    Spread(record.finishedTrials(of: combination).compactMap(value))?.mean
  }

  /// The learners' first finished combination of trials: what kind a learner is of.
  func kind(_ learner: String) -> LearnerPlan.Kind? {
    record.trials.first { $0.combination.learner == learner }?.kind
  }
}
