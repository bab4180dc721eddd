extension Metric {
  /// The mean, over the classes that occur, of the share of their rows labelled right.
  public static var balancedAccuracy: Metric {
    Metric(
      "balanced-accuracy", title: "Balanced accuracy", space: .label, direction: .higherIsBetter
    ) { values, _, rows, weights in
      let table = ConfusionTable(values, rows, weights)
      var sum = 0.0
      var present = 0.0
      for k in 0..<table.classes where table.actual(k) > 0 {
        sum += table[k, k] / table.actual(k)
        present += 1
      }
      return sum / present
    }
  }

  /// F1 of class 1: the harmonic mean of precision and recall; 0 if no row is or is called 1.
  public static var f1: Metric {
    Metric("f1", title: "F1", space: .label, direction: .higherIsBetter) {
      values, _, rows, weights in ConfusionTable(values, rows, weights).f1(of: 1)
    }
  }

  /// The mean of the F1 of all classes that occur as target or label.
  public static var macroF1: Metric {
    Metric("macro-f1", title: "Macro F1", space: .label, direction: .higherIsBetter) {
      values, _, rows, weights in
      let table = ConfusionTable(values, rows, weights)
      var sum = 0.0
      var present = 0.0
      for k in 0..<table.classes where table.occurs(k) {
        sum += table.f1(of: k)
        present += 1
      }
      return sum / present
    }
  }

  /// Matthews' correlation coefficient of targets and labels, for any number of classes (Gorodkin,
  /// "Comparing two K-category assignments by a K-category correlation coefficient", Computational
  /// Biology and Chemistry 28, 2004); 0 if all labels or all targets are the same.
  public static var mcc: Metric {
    Metric("mcc", title: "Matthews correlation", space: .label, direction: .higherIsBetter) {
      values, _, rows, weights in
      let table = ConfusionTable(values, rows, weights)
      let total = table.total
      var right = 0.0
      var (cross, actual, labelled) = (0.0, 0.0, 0.0)
      for k in 0..<table.classes {
        right += table[k, k]
        cross += table.actual(k) * table.labelled(k)
        actual += table.actual(k) * table.actual(k)
        labelled += table.labelled(k) * table.labelled(k)
      }
      let product = (total * total - actual) * (total * total - labelled)
      return product > 0 ? (right * total - cross) / product.squareRoot() : 0
    }
  }
}

/// Weights of rows by target and label, which are class indices.
private struct ConfusionTable {
  let classes: Int
  private var cells: [Double]
  private var occurring: [Bool]

  init(_ labels: Span<Double>, _ rows: borrowing Rows, _ weights: Span<Double>) {
    var largest = 1
    func weight(_ row: Int) -> Double { weights.isEmpty ? 1 : weights[row] }
    for row in 0..<rows.count { largest = max(largest, Int(rows.targets[row]), Int(labels[row])) }
    classes = largest + 1
    cells = [Double](repeating: 0, count: classes * classes)
    occurring = [Bool](repeating: false, count: classes)
    for row in 0..<rows.count where weight(row) > 0 {
      let (target, label) = (Int(rows.targets[row]), Int(labels[row]))
      cells[target * classes + label] += weight(row)
      occurring[target] = true
      occurring[label] = true
    }
  }

  subscript(target: Int, label: Int) -> Double { cells[target * classes + label] }

  /// Whether some row that counts is or is called `k`.
  func occurs(_ k: Int) -> Bool { occurring[k] }

  func actual(_ k: Int) -> Double { (0..<classes).reduce(0) { $0 + self[k, $1] } }

  func labelled(_ k: Int) -> Double { (0..<classes).reduce(0) { $0 + self[$1, k] } }

  var total: Double { cells.reduce(0, +) }

  func f1(of k: Int) -> Double {
    let both = actual(k) + labelled(k)
    return both > 0 ? 2 * self[k, k] / both : 0
  }
}
