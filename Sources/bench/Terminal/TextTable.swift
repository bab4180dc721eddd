/// Columns of text, aligned for a terminal: the first to the left, the others to the right.
struct TextTable {
  private var rows: [[String]]

  init(header: [String]) { rows = [header.map(TerminalText.line)] }

  mutating func append(_ row: [String]) { rows.append(row.map(TerminalText.line)) }

  /// All rows as lines; a rule stands under the header.
  var text: String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    var lines = rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let space = String(repeating: " ", count: widths[column] - cell.count)
        line += (column == 0 ? cell + space : "  " + space + cell)
      }
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
    lines.insert(
      String(repeating: "-", count: widths.reduce(0, +) + 2 * max(0, columns - 1)), at: 1)
    return lines.joined(separator: "\n")
  }

  /// A list whose last column is prose: all columns to the left.
  static func list(_ rows: [[String]]) -> String {
    let rows = rows.map { $0.map(TerminalText.line) }
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      row.enumerated().map { column, cell in
        column == row.count - 1
          ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}
