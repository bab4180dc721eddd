/// Colours that differ for colour-blind readers as well (Okabe and Ito, "Color universal design",
/// 2008), dark enough on white.
enum Palette {
  /// Text and axes.
  static let ink = "#1f2328"
  /// Text of less weight.
  static let faint = "#59636e"
  /// Counts that deserve a look.
  static let warning = "#B42318"
  /// Grid lines.
  static let grid = "#e4e8ec"
  /// Objectives that are compared.
  static let challengers = ["#0072B2", "#009E73", "#B0578F", "#3A8FC4", "#6B5B00"]
  /// Baselines.
  static let baselines = ["#D55E00", "#8A5A00", "#5A5A5A"]
  /// What learners have to beat.
  static let simple = "#4A4A4A"
  /// Training and validation.
  static let train = "#D98200"
  static let validation = "#0072B2"

  /// Ordered colours for `count` size buckets, small systems first.
  static func ordered(_ count: Int) -> [String] {
    let scale = ["#D55E00", "#E69F00", "#009E73", "#0072B2", "#5A3F99", "#333333"]
    guard count > 1 else { return [scale[0]] }
    guard count != 2 else { return [scale[0], scale[3]] }
    return (0..<count).map { scale[min($0, scale.count - 1)] }
  }
}

/// How one objective and form is drawn in every figure.
struct SeriesStyle {
  let colour: String
  let shape: MarkerShape
  let dash: String?
}
