/// A drawing, written by hand so that the same numbers give the same bytes.
///
/// It paints its own white ground, so that it reads the same on light and dark pages, and uses
/// nothing but shapes and generic fonts, which every renderer of Markdown lets through.
struct SVG {
  /// Where a text stands about its point.
  enum Anchor: String { case start, middle, end }

  let width: Double
  let height: Double
  private var elements: [String] = []

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  /// About how wide `text` is: sans-serif letters are about 0.55 em wide.
  static func width(of text: String, size: Double) -> Double {
    Double(text.count) * size * 0.56
  }

  mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, stroke: String, width: Double = 1,
    dash: String? = nil
  ) {
    add(
      "line",
      [
        ("x1", n(x1)), ("y1", n(y1)), ("x2", n(x2)), ("y2", n(y2)), ("stroke", stroke),
        ("stroke-width", n(width)),
      ] + (dash.map { [("stroke-dasharray", $0)] } ?? []))
  }

  mutating func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, fill: String,
    stroke: String? = nil
  ) {
    add(
      "rect",
      [("x", n(x)), ("y", n(y)), ("width", n(width)), ("height", n(height)), ("fill", fill)]
        + (stroke.map { [("stroke", $0)] } ?? []))
  }

  mutating func polyline(
    _ points: [(x: Double, y: Double)], stroke: String, width: Double = 1.8, dash: String? = nil
  ) {
    guard points.count > 1 else { return }
    add(
      "polyline",
      [
        ("points", points.map { "\(n($0.x)),\(n($0.y))" }.joined(separator: " ")),
        ("fill", "none"), ("stroke", stroke), ("stroke-width", n(width)),
        ("stroke-linejoin", "round"),
      ] + (dash.map { [("stroke-dasharray", $0)] } ?? []))
  }

  /// Many dots of one colour as one path: about ten bytes each.
  mutating func dots(
    _ points: [(x: Double, y: Double)], fill: String, diameter: Double, opacity: Double = 1
  ) {
    guard !points.isEmpty else { return }
    let path = points.map { "M\(n(($0.x * 10).rounded() / 10)) \(n(($0.y * 10).rounded() / 10))h0" }
    add(
      "path",
      [
        ("d", path.joined()), ("stroke", fill), ("stroke-width", n(diameter)),
        ("stroke-linecap", "round"), ("stroke-opacity", n(opacity)), ("fill", "none"),
      ])
  }

  mutating func marker(_ shape: MarkerShape, _ x: Double, _ y: Double, fill: String, radius: Double)
  {
    let r = radius
    let outline = [("fill", fill), ("stroke", "#ffffff"), ("stroke-width", "1")]
    switch shape {
    case .circle:
      add("circle", [("cx", n(x)), ("cy", n(y)), ("r", n(r))] + outline)
    case .square:
      add(
        "rect",
        [("x", n(x - r)), ("y", n(y - r)), ("width", n(2 * r)), ("height", n(2 * r))] + outline)
    case .triangle:
      add(
        "polygon",
        [
          (
            "points",
            "\(n(x)),\(n(y - 1.25 * r)) \(n(x + 1.15 * r)),\(n(y + r)) \(n(x - 1.15 * r)),\(n(y + r))"
          )
        ] + outline)
    case .diamond:
      let d = 1.3 * r
      add(
        "polygon",
        [
          (
            "points",
            "\(n(x)),\(n(y - d)) \(n(x + d)),\(n(y)) \(n(x)),\(n(y + d)) \(n(x - d)),\(n(y))"
          )
        ]
          + outline)
    }
  }

  mutating func text(
    _ text: String, _ x: Double, _ y: Double, size: Double = 12, anchor: Anchor = .start,
    fill: String = Palette.ink, bold: Bool = false, turned: Bool = false
  ) {
    var attributes = [
      ("x", n(x)), ("y", n(y)), ("font-size", n(size)), ("text-anchor", anchor.rawValue),
      ("fill", fill),
    ]
    if bold { attributes.append(("font-weight", "600")) }
    if turned { attributes.append(("transform", "rotate(-90 \(n(x)) \(n(y)))")) }
    elements.append("<text\(Self.list(attributes))>\(Self.escaped(text))</text>")
  }

  /// The file's text.
  func rendered(title: String, description: String) -> String {
    let head =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(n(width))\" height=\"\(n(height))\" "
      + "viewBox=\"0 0 \(n(width)) \(n(height))\" role=\"img\" "
      + "font-family=\"Helvetica, Arial, sans-serif\">"
    let ground =
      "<rect x=\"0.5\" y=\"0.5\" width=\"\(n(width - 1))\" height=\"\(n(height - 1))\" rx=\"6\" "
      + "fill=\"#ffffff\" stroke=\"#d0d7de\"/>"
    return
      ([
        head, "<title>\(Self.escaped(title))</title>",
        "<desc>\(Self.escaped(description))</desc>", ground,
      ] + elements + ["</svg>", ""]).joined(separator: "\n")
  }

  private mutating func add(_ name: String, _ attributes: [(String, String)]) {
    elements.append("<\(name)\(Self.list(attributes))/>")
  }

  private static func list(_ attributes: [(String, String)]) -> String {
    attributes.map { " \($0.0)=\"\(escaped($0.1))\"" }.joined()
  }

  /// Text with XML's own characters escaped and characters XML forbids left out.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in DataText.plain(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n", "\r": result += " "
      case _ where scalar.value < 0x20 || scalar.value == 0xfffe || scalar.value == 0xffff:
        continue
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private func n(_ value: Double) -> String { NumberText.coordinate(value) }
}

/// The outline of a marker, so that series differ in black and white too.
enum MarkerShape: CaseIterable {
  case circle, square, triangle, diamond
}
