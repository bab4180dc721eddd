import Harness

extension Figure {
  /// The most classes a figure shows; a table of frequent confusions serves more.
  static let mostClasses = 12

  /// Target against predicted class, counts summed over seeds, one panel per combination.
  static func confusion(_ record: ResultRecord, _ words: Words) -> Figure? {
    guard let names = record.data.classNames, names.count <= mostClasses else { return nil }
    let panels = words.drawn.compactMap { combination in
      confusionCounts(record, combination).map { (combination, $0) }
    }
    guard !panels.isEmpty else { return nil }
    let columns = min(panels.count, names.count > 6 ? 2 : 3)
    let rows = (panels.count + columns - 1) / columns
    let labels = names.map { $0.count > 12 ? "\($0.prefix(11))…" : $0 }
    let margin = 46 + (labels.map { SVG.width(of: $0, size: 11) }.max() ?? 0)
    let width = columns == 1 ? 480.0 : 860
    let side = min((width - 24) / Double(columns) - margin - 20, 300)
    let (top, pitch) = (86.0, side + 112)
    var svg = SVG(width: width, height: top + Double(rows) * pitch - 20)
    svg.text("Target and predicted class of the test rows", 20, 28, size: 15, bold: true)
    svg.text(
      "cells count rows\(record.seeds.count > 1 ? ", summed over seeds" : ""); "
        + "colour is the share of the target's rows",
      20, 47, size: 11.5, fill: Palette.faint)
    for (place, (combination, counts)) in panels.enumerated() {
      let left = margin + Double(place % columns) * (width - 24) / Double(columns)
      let y = top + Double(place / columns) * pitch + 20
      svg.text(combination.learner, left, y - 23, size: 11.5, fill: Palette.faint)
      svg.text(words.objective(combination), left, y - 8, size: 12.5, bold: true)
      drawCells(counts, labels, left: left, top: y, side: side, &svg)
      svg.text(
        "predicted", left + side / 2, y + side + 36, size: 11.5, anchor: .middle,
        fill: Palette.faint)
      svg.text(
        "target", left - margin + 32, y + side / 2, size: 11.5, anchor: .middle,
        fill: Palette.faint, turned: true)
    }
    let text = panels.map { combination, counts in
      let right = counts.indices.reduce(0) { $0 + counts[$1][$1] }
      let all = counts.reduce(0) { $0 + $1.reduce(0, +) }
      return "\(words.full(combination)): \(NumberText.count(right)) of "
        + "\(NumberText.count(all)) right"
    }.joined(separator: "; ")
    return Figure(
      kind: .confusion, svg: svg.rendered(title: "Confusion of classes", description: text),
      text: text + ".")
  }

  /// Counts of target (row) and predicted class (column), summed over seeds.
  static func confusionCounts(_ record: ResultRecord, _ combination: Combination) -> [[Int]]? {
    let matrices = record.distinctTrials(of: combination).map(\.confusion).filter { !$0.isEmpty }
    guard var sum = matrices.first else { return nil }
    for matrix in matrices.dropFirst() {
      for row in sum.indices {
        for column in sum[row].indices { sum[row][column] += matrix[row][column] }
      }
    }
    return sum
  }

  private static func drawCells(
    _ counts: [[Int]], _ labels: [String], left: Double, top: Double, side: Double,
    _ svg: inout SVG
  ) {
    let cell = side / Double(counts.count)
    // Column labels that would touch are shortened to what fits.
    let fitting = max(1, Int(cell / 6.5))
    for (row, line) in counts.enumerated() {
      let total = max(1, line.reduce(0, +))
      let y = top + Double(row) * cell
      svg.text(
        labels[row], left - 6, y + cell / 2 + 4, size: 11, anchor: .end, fill: Palette.faint)
      svg.text(
        String(labels[row].prefix(fitting)), left + (Double(row) + 0.5) * cell, top + side + 16,
        size: 11, anchor: .middle, fill: Palette.faint)
      for (column, count) in line.enumerated() {
        let share = Double(count) / Double(total)
        let x = left + Double(column) * cell
        svg.rectangle(
          x, y, cell, cell, fill: shade(share, row == column ? (0, 114, 178) : (213, 94, 0)),
          stroke: "#ffffff")
        guard count > 0 else { continue }
        svg.text(
          NumberText.count(count), x + cell / 2, y + cell / 2 + 4, size: cell < 30 ? 9.5 : 11.5,
          anchor: .middle, fill: share > 0.55 ? "#ffffff" : Palette.ink)
      }
    }
  }

  /// A mixture of white and a colour.
  private static func shade(_ share: Double, _ colour: (Double, Double, Double)) -> String {
    let strength = share == 0 ? 0 : 0.12 + 0.88 * share
    func hex(_ part: Double) -> String {
      let value = Int((255 + strength * (part - 255)).rounded())
      let text = String(value, radix: 16)
      return text.count == 1 ? "0\(text)" : text
    }
    guard strength > 0 else { return "#f3f5f7" }
    return "#\(hex(colour.0))\(hex(colour.1))\(hex(colour.2))"
  }
}
