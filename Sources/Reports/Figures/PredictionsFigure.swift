import Harness

extension Figure {
  /// Predicted against actual values of the sampled test rows, one panel per combination. Where
  /// rows have sizes both are divided by size and dots coloured by size bucket.
  static func predictions(_ record: ResultRecord, _ words: Words) -> Figure? {
    guard record.data.task == .regression, let sample = record.sample, !sample.columns.isEmpty,
      !sample.targets.isEmpty
    else { return nil }
    let plot = PredictionPlot(record, sample, words)
    let columns = min(sample.columns.count, sample.columns.count == 4 ? 2 : 3)
    let rows = (sample.columns.count + columns - 1) / columns
    let (left, gap, between) = (76.0, 58.0, 100.0)
    let width = columns == 1 ? 520.0 : 860
    let side = (width - left - 24 - gap * Double(columns - 1)) / Double(columns)
    let height = min(side, 230.0)
    let top = 72 + plot.legend.height(in: width - 40) + 34
    var svg = SVG(
      width: width, height: top + Double(rows) * (height + between) - 42)
    svg.text(plot.title, 20, 28, size: 15, bold: true)
    svg.text(plot.subtitle, 20, 47, size: 11.5, fill: Palette.faint)
    plot.legend.draw(in: &svg, left: 20, top: 58, width: width - 40)
    var outside: [String] = []
    for (place, column) in sample.columns.enumerated() {
      let panel = Panel(
        left: left + Double(place % columns) * (side + gap),
        top: top + Double(place / columns) * (height + between), width: side, height: height,
        x: plot.axis, y: plot.axis)
      let count = plot.draw(column, in: panel, &svg, isFirst: place % columns == 0)
      outside.append("\(words.full(column.combination)): \(count)")
    }
    let text =
      "\(plot.title) for \(sample.rows.count) test rows drawn by chance; dots on the diagonal are "
      + "exact. Predictions outside the frame stand at its edge: \(outside.joined(separator: "; "))."
    return Figure(
      kind: .predictions,
      svg: svg.rendered(title: "Predicted against actual", description: text), text: text)
  }
}

/// What the panels of a predicted-against-actual figure share.
private struct PredictionPlot {
  let words: Words
  let sample: PredictionSample
  let axis: Axis
  let colours: [String]
  let bucketOfRow: [Int]
  let legend: Legend
  let isNormalised: Bool

  init(_ record: ResultRecord, _ sample: PredictionSample, _ words: Words) {
    self.words = words
    self.sample = sample
    let buckets = record.sizeBuckets
    isNormalised = sample.sizes.count == sample.targets.count && !buckets.isEmpty
    if isNormalised {
      let palette = Palette.ordered(buckets.count)
      colours = palette
      bucketOfRow = sample.sizes.map { size in
        buckets.lastIndex { size >= $0.lower } ?? 0
      }
      legend = Legend(
        entries: buckets.indices.map { (words.bucket(buckets[$0]), .dot(colour: palette[$0])) })
    } else {
      colours = [Palette.challengers[0]]
      bucketOfRow = sample.targets.map { _ in 0 }
      legend = Legend(entries: [])
    }
    let divides = isNormalised
    let actual = sample.targets.indices.map { row in
      divides ? sample.targets[row] / sample.sizes[row] : sample.targets[row]
    }
    let least = actual.min() ?? 0
    let greatest = actual.max() ?? 1
    if !isNormalised, least > 0, greatest > 1000 * least {
      axis = Axis(.logarithmic, covering: actual, ticks: 4)
    } else {
      let margin = 0.12 * (greatest - least)
      axis = Axis(.linear, covering: [least - margin, greatest + margin], ticks: 6)
    }
  }

  var title: String {
    isNormalised ? "Predicted against actual, both per unit of size" : "Predicted against actual"
  }

  var subtitle: String {
    let edge = "dots beyond the frame stand at its edge"
    return "\(words.counted(sample.rows.count, "test row")) drawn by chance; \(edge)"
  }

  private var unit: String {
    guard let target = words.record.data.targetUnit else { return "" }
    guard isNormalised else { return " (\(target))" }
    return words.record.data.sizeUnit.map { " (\(target) / \($0))" } ?? ""
  }

  private func value(_ value: Double, row: Int) -> Double {
    isNormalised ? value / sample.sizes[row] : value
  }

  /// Draws a panel and returns how many predictions lie outside it.
  func draw(
    _ column: PredictionSample.Column, in panel: Panel, _ svg: inout SVG, isFirst: Bool
  ) -> Int {
    panel.draw(
      in: &svg, title: words.objective(column.combination), xTitle: "actual\(unit)",
      yTitle: isFirst ? "predicted\(unit)" : nil, titleRise: 25)
    svg.text(column.combination.learner, panel.left, panel.top - 9, size: 11.5, fill: Palette.faint)
    svg.line(
      panel.left, panel.top + panel.height, panel.left + panel.width, panel.top,
      stroke: Palette.faint, dash: "4 3")
    // Large systems first, so that small ones lie on top.
    for bucket in colours.indices.reversed() {
      let rows = sample.targets.indices.filter { bucketOfRow[$0] == bucket }
      svg.dots(
        rows.map { row in
          (
            panel.column(value(sample.targets[row], row: row)),
            panel.line(value(column.predictions[row], row: row))
          )
        }, fill: colours[bucket], diameter: 4.4, opacity: 0.65)
    }
    let outside = sample.targets.indices.count { row in
      !axis.contains(value(column.predictions[row], row: row))
    }
    svg.text(
      outside == 0 ? "none outside" : "\(outside) outside", panel.left + panel.width,
      panel.top - 9, size: 11, anchor: .end, fill: outside == 0 ? Palette.faint : Palette.warning)
    return outside
  }
}
