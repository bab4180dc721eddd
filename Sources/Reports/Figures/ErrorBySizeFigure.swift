import Harness

extension Figure {
  /// Percentage error per size bucket on logarithmic axes, one panel per learner, one line per
  /// objective and form. Whiskers run from the least to the greatest seed.
  static func errorBySize(_ record: ResultRecord, _ words: Words) -> Figure? {
    guard let drawing = ErrorBySizeDrawing(record, words) else { return nil }
    let text = errorBySizeText(record, words)
    return Figure(
      kind: .errorBySize,
      svg: drawing.drawn().rendered(title: "Error by size", description: text), text: text)
  }

  private static func errorBySizeText(_ record: ResultRecord, _ words: Words) -> String {
    let filled = record.sizeBuckets.indices.filter { record.sizeBuckets[$0].rows > 0 }
    guard let first = filled.first, let last = filled.last else { return "No sizes." }
    let parts = words.drawn.compactMap { combination -> String? in
      func error(_ bucket: Int) -> Double? {
        words.mean(combination) {
          bucket < $0.sizeErrors.count ? $0.sizeErrors[bucket].rootMeanSquaredPercent : nil
        }
      }
      guard let small = error(first), let large = error(last) else { return nil }
      return "\(words.full(combination)): \(NumberText.percentage(small)) to "
        + NumberText.percentage(large)
    }
    return "Root mean squared error in percent of size, from the smallest systems "
      + "(\(words.bucket(record.sizeBuckets[first]))) to the largest "
      + "(\(words.bucket(record.sizeBuckets[last]))). \(parts.joined(separator: "; "))."
  }
}

/// The lines, panels and labels of the figure of errors by size.
private struct ErrorBySizeDrawing {
  let record: ResultRecord
  let words: Words
  let buckets: [SizeBucket]
  let learners: [String]
  /// What is drawn in every panel, in the order of the legend.
  let series: [Words.Series]
  /// The best simple model, if it has errors by size.
  let simple: Combination?
  let x: Axis
  let y: Axis

  private static let height = 260.0

  /// Nil if no finished trial has errors by size.
  init?(_ record: ResultRecord, _ words: Words) {
    let buckets = record.sizeBuckets
    let learners = record.learners.filter { learner in
      record.finishedTrials.contains { $0.combination.learner == learner }
    }
    guard !buckets.isEmpty, !learners.isEmpty,
      let low = buckets.first?.lower, let high = buckets.last?.upper
    else { return nil }
    (self.record, self.words, self.buckets, self.learners) = (record, words, buckets, learners)
    let all = record.finishedTrials.flatMap { $0.sizeErrors.map(\.rootMeanSquaredPercent) }
    // Room above the greatest error for its label.
    let room = (all.filter(\.isFinite).max() ?? 1) * 1.6
    y = Axis(.logarithmic, covering: all + [room], ticks: 6)
    x = Axis(
      scale: low > 0 ? .logarithmic : .linear, low: low, high: high,
      ticks: buckets.map(\.lower) + [high])
    func errors(_ learner: String, _ series: Words.Series, _ bucket: Int) -> Spread? {
      Self.errors(record, learner, series, bucket)
    }
    series = words.series.filter { series in
      learners.contains {
        errors($0, series, 0) != nil || errors($0, series, buckets.count - 1) != nil
      }
    }
    simple = words.bestSimple.flatMap { best in
      errors(best.learner, Words.Series(objective: best.objective, form: best.form), 0) == nil
        ? nil : best
    }
  }

  /// The error in a bucket, over seeds; nil if it was not measured.
  private static func errors(
    _ record: ResultRecord, _ learner: String, _ series: Words.Series, _ bucket: Int
  ) -> Spread? {
    Spread(
      record.finishedTrials.filter {
        $0.combination
          == Combination(learner: learner, objective: series.objective, form: series.form)
      }.compactMap {
        bucket < $0.sizeErrors.count ? $0.sizeErrors[bucket].rootMeanSquaredPercent : nil
      }.filter(\.isFinite))
  }

  func drawn() -> SVG {
    let legend = Legend(
      entries: series.map { (words.name($0), .series(words.style($0))) }
        + (simple.map {
          [(words.simple($0), .line(colour: Palette.simple, dash: "2 4"))]
        } ?? []))
    let width = learners.count == 1 ? 520.0 : 860
    let legendTop = 44.0
    let top = legendTop + legend.height(in: width - 40) + 36
    let left = 92.0
    let gap = 76.0
    let panelWidth = (width - left - 24 - gap * Double(learners.count - 1)) / Double(learners.count)
    var svg = SVG(width: width, height: top + Self.height + 62)
    svg.text("Error by size, in percent of size", 20, 28, size: 15, bold: true)
    legend.draw(in: &svg, left: 20, top: legendTop, width: width - 40)
    for (place, learner) in learners.enumerated() {
      let panel = Panel(
        left: left + Double(place) * (panelWidth + gap), top: top, width: panelWidth,
        height: Self.height, x: x, y: y)
      panel.draw(
        in: &svg, title: learner, yTitle: place == 0 ? "root mean squared error (% of size)" : nil,
        yLabel: { "\(NumberText.brief($0)) %" }, xLabel: NumberText.brief)
      drawPopulations(of: panel, width: panelWidth, below: top + Self.height, in: &svg)
      drawSimple(in: panel, &svg)
      drawSeries(of: learner, in: panel, &svg)
    }
    return svg
  }

  private func centre(of bucket: SizeBucket) -> Double {
    x.scale == .logarithmic
      ? (bucket.lower * bucket.upper).squareRoot() : (bucket.lower + bucket.upper) / 2
  }

  /// Under each bucket how many it holds: as words if every one fits, else as bare numbers.
  private func drawPopulations(
    of panel: Panel, width: Double, below bottom: Double, in svg: inout SVG
  ) {
    let populations = buckets.map(words.population)
    let fit = zip(buckets, populations).allSatisfy {
      SVG.width(of: $1, size: 10.5) + 4 < panel.column($0.upper) - panel.column($0.lower)
    }
    for (bucket, population) in zip(buckets, populations) {
      let count = NumberText.count(bucket.groups ?? bucket.rows)
      svg.text(
        fit ? population : count, panel.column(centre(of: bucket)), bottom + 32, size: 10.5,
        anchor: .middle, fill: Palette.faint)
    }
    let unit = record.data.sizeUnit.map { " (\($0))" } ?? ""
    let noun = buckets[0].groups == nil ? "rows" : "\(record.data.groupName)s"
    svg.text(
      fit ? "size\(unit)" : "size\(unit), and number of \(noun)", panel.left + width / 2,
      bottom + 50, size: 11.5, anchor: .middle, fill: Palette.faint)
  }

  private func drawSimple(in panel: Panel, _ svg: inout SVG) {
    guard let simple else { return }
    let series = Words.Series(objective: simple.objective, form: simple.form)
    svg.polyline(
      buckets.indices.compactMap { bucket in
        Self.errors(record, simple.learner, series, bucket).map {
          (x: panel.column(centre(of: buckets[bucket])), y: panel.line($0.mean))
        }
      }, stroke: Palette.simple, width: 2, dash: "2 4")
  }

  private func drawSeries(of learner: String, in panel: Panel, _ svg: inout SVG) {
    let markers = series.compactMap { one in
      Self.errors(record, learner, one, 0).map { panel.line($0.mean) }
    }
    var labelled: [Double] = []
    for (index, one) in series.enumerated() {
      let style = words.style(one)
      // Markers of a bucket stand side by side, so that equal errors do not hide each other.
      let dodge = 8 * (Double(index) - Double(series.count - 1) / 2)
      let points = buckets.indices.compactMap { bucket in
        Self.errors(record, learner, one, bucket).map {
          (x: panel.column(centre(of: buckets[bucket])) + dodge, bucket: bucket, spread: $0)
        }
      }
      svg.polyline(
        points.map { (x: $0.x, y: panel.line($0.spread.mean)) }, stroke: style.colour, width: 2,
        dash: style.dash)
      for point in points {
        let y = panel.line(point.spread.mean)
        if point.spread.count > 1 {
          svg.line(
            point.x, panel.line(point.spread.least), point.x,
            panel.line(point.spread.greatest), stroke: style.colour, width: 1.2)
        }
        svg.marker(style.shape, point.x, y, fill: style.colour, radius: 5)
        // The smallest systems' errors in numbers, where there is room for them.
        let above = panel.line(point.spread.greatest) - 9
        let isFree =
          labelled.allSatisfy { ($0 - above).magnitude > 13 }
          && markers.allSatisfy { $0 == y || ($0 - above + 4).magnitude > 10 }
        guard point.bucket == 0, isFree else { continue }
        labelled.append(above)
        svg.text(
          NumberText.percentage(point.spread.mean), point.x, above, size: 11, anchor: .middle,
          fill: style.colour, bold: true)
      }
    }
  }
}
