/// A rectangle with axes, in pixels.
struct Panel {
  let left: Double
  let top: Double
  let width: Double
  let height: Double
  let x: Axis
  let y: Axis

  /// The pixel column of a value; values beyond the axis stand at its end.
  func column(_ value: Double) -> Double { left + width * min(1, max(0, x.place(value))) }

  /// The pixel line of a value; values beyond the axis stand at its end.
  func line(_ value: Double) -> Double { top + height * (1 - min(1, max(0, y.place(value)))) }

  /// Draws grid, tick labels and titles.
  func draw(
    in svg: inout SVG, title: String, xTitle: String? = nil, yTitle: String? = nil,
    xLabels: Bool = true, yLabel: (Double) -> String = NumberText.short,
    xLabel: (Double) -> String = NumberText.short, titleRise: Double = 9
  ) {
    let widest = y.ticks.map { SVG.width(of: yLabel($0), size: 11) }.max() ?? 0
    for tick in y.ticks {
      let at = line(tick)
      svg.line(left, at, left + width, at, stroke: Palette.grid)
      svg.text(yLabel(tick), left - 6, at + 4, size: 11, anchor: .end, fill: Palette.faint)
    }
    for tick in x.ticks {
      let at = column(tick)
      svg.line(at, top, at, top + height, stroke: Palette.grid)
      if xLabels {
        svg.text(
          xLabel(tick), at, top + height + 16, size: 11, anchor: .middle, fill: Palette.faint)
      }
    }
    drawFrame(
      in: &svg, title: title, xTitle: xTitle, yTitle: yTitle, titleRise: titleRise,
      titleGap: widest + 18)
  }

  /// Draws the two axis lines and the titles.
  private func drawFrame(
    in svg: inout SVG, title: String, xTitle: String?, yTitle: String?, titleRise: Double,
    titleGap: Double
  ) {
    svg.line(left, top + height, left + width, top + height, stroke: Palette.faint)
    svg.line(left, top, left, top + height, stroke: Palette.faint)
    svg.text(title, left, top - titleRise, size: 12.5, bold: true)
    if let xTitle {
      svg.text(
        xTitle, left + width / 2, top + height + 35, size: 11.5, anchor: .middle,
        fill: Palette.faint)
    }
    if let yTitle {
      svg.text(
        yTitle, max(14, left - titleGap), top + height / 2, size: 11.5, anchor: .middle,
        fill: Palette.faint,
        turned: true)
    }
  }
}

/// Names with their marks, in a row that wraps.
struct Legend {
  /// How an entry is marked.
  enum Mark {
    case series(SeriesStyle)
    case line(colour: String, dash: String?)
    case dot(colour: String)
  }

  let entries: [(name: String, mark: Mark)]
  private let size = 12.0

  /// Lines that the legend takes in `width` pixels, 20 pixels each.
  func height(in width: Double) -> Double { Double(rows(in: width).count) * 20 }

  /// Draws it with its top left corner at a point.
  func draw(in svg: inout SVG, left: Double, top: Double, width: Double) {
    for (line, row) in rows(in: width).enumerated() {
      var x = left
      let y = top + Double(line) * 20 + 10
      for index in row {
        switch entries[index].mark {
        case .series(let style):
          svg.line(x, y, x + 26, y, stroke: style.colour, width: 2, dash: style.dash)
          svg.marker(style.shape, x + 13, y, fill: style.colour, radius: 4.5)
        case .line(let colour, let dash):
          svg.line(x, y, x + 26, y, stroke: colour, width: 2, dash: dash)
        case .dot(let colour):
          svg.marker(.circle, x + 13, y, fill: colour, radius: 5)
        }
        svg.text(entries[index].name, x + 33, y + 4, size: size)
        x += entryWidth(index)
      }
    }
  }

  private func entryWidth(_ index: Int) -> Double {
    33 + SVG.width(of: entries[index].name, size: size) + 22
  }

  private func rows(in width: Double) -> [[Int]] {
    var rows: [[Int]] = []
    var used = Double.infinity
    for index in entries.indices {
      if used + entryWidth(index) > width {
        rows.append([])
        used = 0
      }
      rows[rows.count - 1].append(index)
      used += entryWidth(index)
    }
    return rows
  }
}
