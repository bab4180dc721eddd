import Harness

extension Figure {
  /// Mean loss after each round, one line of panels per objective and form (losses of different
  /// objectives have different units), one column per learner, under the first seed.
  static func learningCurves(_ record: ResultRecord, _ words: Words) -> Figure? {
    func trial(_ learner: String, _ series: Words.Series) -> TrialRecord? {
      record.trials.first {
        $0.combination
          == Combination(learner: learner, objective: series.objective, form: series.form)
          && ($0.trainLosses.count > 1 || $0.validationLosses.count > 1)
      }
    }
    let drawn = words.series.filter { series in
      record.learners.contains { trial($0, series) != nil }
    }
    guard !drawn.isEmpty else { return nil }
    let legend = Legend(entries: [
      ("training rows", .line(colour: Palette.train, dash: "5 3")),
      ("validation rows", .line(colour: Palette.validation, dash: nil)),
      ("round the model keeps", .dot(colour: Palette.validation)),
    ])
    let columns = Double(record.learners.count)
    let width = columns == 1 ? 520.0 : 860
    let (left, gap, height, pitch) = (82.0, 84.0, 150.0, 254.0)
    let panelWidth = (width - left - 24 - gap * (columns - 1)) / columns
    let top = 122.0
    var svg = SVG(width: width, height: top + pitch * Double(drawn.count) - 52)
    svg.text("Mean loss after each round", 20, 28, size: 15, bold: true)
    legend.draw(in: &svg, left: 20, top: 44, width: width - 40)
    for (row, series) in drawn.enumerated() {
      let trials = record.learners.map { trial($0, series) }
      let y = Axis(suiting: trials.flatMap { losses($0) }, ticks: 4)
      for (column, trial) in trials.enumerated() {
        guard let trial else { continue }
        let rounds = max(trial.trainLosses.count, trial.validationLosses.count)
        let x = Axis(.linear, covering: [0, Double(rounds)], ticks: 5)
        let panel = Panel(
          left: left + Double(column) * (panelWidth + gap), top: top + pitch * Double(row),
          width: panelWidth, height: height,
          x: Axis(
            scale: .linear, low: 0, high: Double(rounds),
            ticks: x.ticks.filter { $0 == $0.rounded() && $0 <= Double(rounds) }), y: y)
        drawCurves(of: trial, words.name(series), in: panel, &svg, isFirst: column == 0)
      }
    }
    let text =
      "Training and validation loss after each round, by objective and learner. "
      + drawn.flatMap { series in
        record.learners.compactMap { learner in
          trial(learner, series).map {
            "\(words.full($0.combination)) keeps \($0.kind.roundName) \($0.bestRound) of "
              + "\($0.rounds)"
          }
        }
      }.joined(separator: "; ") + "."
    return Figure(
      kind: .curves, svg: svg.rendered(title: "Learning curves", description: text), text: text)
  }

  private static func losses(_ trial: TrialRecord?) -> [Double] {
    (trial?.trainLosses ?? []) + (trial?.validationLosses ?? [])
  }

  private static func drawCurves(
    of trial: TrialRecord, _ name: String, in panel: Panel, _ svg: inout SVG, isFirst: Bool
  ) {
    let round = trial.kind.roundName
    panel.draw(
      in: &svg, title: "\(trial.combination.learner), \(name)", xTitle: round,
      yTitle: isFirst ? (trial.lossIsIntegrated ? "integrated gradient" : "mean loss") : nil,
      titleRise: 25)
    svg.text(
      trial.status == .finished
        ? "keeps \(trial.bestRound) of \(trial.rounds) \(round)s"
        : "\(trial.status.rawValue) after \(trial.rounds) \(round)s",
      panel.left, panel.top - 9, size: 11, fill: Palette.faint)
    let lines = [
      (trial.trainLosses, Palette.train, Optional("5 3")),
      (trial.validationLosses, Palette.validation, nil),
    ]
    for (losses, colour, dash) in lines {
      svg.polyline(points(losses, in: panel), stroke: colour, dash: dash)
    }
    let best = trial.bestRound
    if trial.status == .finished, best >= 1, best <= trial.validationLosses.count,
      trial.validationLosses[best - 1].isFinite
    {
      svg.marker(
        .circle, panel.column(Double(best)), panel.line(trial.validationLosses[best - 1]),
        fill: Palette.validation, radius: 5)
    }
  }

  /// At most 160 points of a line, its ends among them; values that cannot be drawn are left out.
  private static func points(_ losses: [Double], in panel: Panel) -> [(x: Double, y: Double)] {
    let most = 160
    var rounds = Array(losses.indices)
    if rounds.count > most {
      rounds = (0..<most).map { $0 * (losses.count - 1) / (most - 1) }
    }
    return rounds.filter { losses[$0].isFinite && (panel.y.scale == .linear || losses[$0] > 0) }
      .map { (panel.column(Double($0 + 1)), panel.line(losses[$0])) }
  }
}
