import Losses

/// Whether a row's values depend on that row alone (or on its group).
struct PurityTest {
  /// What was found to be impure.
  private(set) var findings: [Finding] = []
  /// Whether calls divide by the number of their rows.
  private(set) var dividesByRows = false
  /// Whether rows must be asked for one at a time to get their own values.
  private(set) var needsSingleRows = false
  /// Whether values make no sense even one row at a time.
  private(set) var isHopeless = false

  private let sample: CheckSample

  /// Values of each row, `[rows x stride]`, with a name for sentences.
  private struct Values {
    let name: String
    let stride: Int
    let call: (CheckSample, Double) -> [Double]
  }

  /// - Parameter singles: how many rows to ask for one at a time.
  init(_ sample: CheckSample, singles: Int, random: inout CheckRandom) {
    self.sample = sample
    var kinds = [
      Values(name: "gradient", stride: sample.width) { $0.derivatives(filling: $1).gradients },
      Values(name: "Hessian", stride: sample.width) { $0.derivatives(filling: $1).hessians },
    ]
    if sample.objective.hasLoss {
      kinds.append(Values(name: "loss", stride: 1) { $0.losses(filling: $1) })
    }
    let order = shuffle(&random)
    var seen: Set<Finding.Code> = []
    for values in kinds {
      guard let finding = test(values, singles: singles, order: order) else { continue }
      // One mistake usually shows in gradient, Hessian and loss alike.
      if seen.insert(finding.code).inserted { findings.append(finding) }
    }
  }

  private func shuffle(_ random: inout CheckRandom) -> [Int] {
    let units = sample.units
    if sample.objective.reach == .table { return random.permutation(sample.count) }
    return random.permutation(units.count).flatMap { Array(units[$0]) }
  }

  private mutating func test(_ values: Values, singles: Int, order: [Int]) -> Finding? {
    let whole = values.call(sample, 0)
    if Self.differing(whole, values.call(sample, 0), values.stride, exact: true).isEmpty == false {
      isHopeless = true
      return Finding(
        .error, .notRepeatable,
        "two calls with the same rows give a different \(values.name): it depends on random "
          + "numbers, or on a variable that calls change")
    }
    let overwritten = Self.differing(
      whole, values.call(sample, 12345.678), values.stride, exact: true)
    if !overwritten.isEmpty {
      return Finding(
        .error, .outputNotWritten,
        "some of the \(values.name) is added to what the output held, or never written: every "
          + "element must be assigned with =",
        rows: named(overwritten))
    }
    let shuffled = values.call(sample.picking(order), 0)
    var restored = whole
    for (place, row) in order.enumerated() {
      for k in 0..<values.stride {
        restored[row * values.stride + k] = shuffled[place * values.stride + k]
      }
    }
    let moved = Self.differing(whole, restored, values.stride)
    if sample.objective.reach == .table {
      guard !moved.isEmpty else { return nil }
      isHopeless = true
      return Finding(
        .error, .dependsOnPosition,
        "the \(values.name) of a row changes when the rows are shuffled: something is indexed by "
          + "position", rows: named(moved))
    }
    return testParts(values, whole: whole, moved: moved, singles: singles)
  }

  /// Compares the whole call with calls for single rows (single groups).
  private mutating func testParts(
    _ values: Values, whole: [Double], moved: [Int], singles: Int
  ) -> Finding? {
    let units = Array(sample.units.prefix(singles))
    let stride = values.stride
    var alone = whole
    for unit in units {
      let part = values.call(sample.picking(Array(unit)), 0)
      alone.replaceSubrange(unit.lowerBound * stride..<unit.upperBound * stride, with: part)
    }
    let tested = (units.last?.upperBound ?? 0) * stride
    let apart = Self.differing(
      Array(whole.prefix(tested)), Array(alone.prefix(tested)), stride)
    guard !apart.isEmpty || !moved.isEmpty else { return nil }
    needsSingleRows = true
    let name = values.name
    let broken = apart.filter { row in
      (row * stride..<(row + 1) * stride).contains { alone[$0].isFinite && !whole[$0].isFinite }
    }
    if !broken.isEmpty {
      return Finding(
        .error, .dependsOnBatch,
        "the \(name) of a row is finite alone and not finite in a call with other rows: was the "
          + "maximum taken over the whole batch instead of per row (rows underflow to 0/0)?",
        rows: named(broken))
    }
    if let layout = layout(values, whole: whole, alone: alone, tested: tested) { return layout }
    if !moved.isEmpty {
      isHopeless = true
      return Finding(
        .error, .dependsOnPosition,
        "the \(name) of a row changes when the rows are shuffled: an array from outside is indexed "
          + "by row position (a global size?); name it in rowData, so that it travels with the rows. "
          + "Or scores, targets or row data are read at another row's place: the scores of a row "
          + "stand together, element row * scoresPerRow + k",
        rows: named(moved))
    }
    return Finding(
      .error, .dependsOnBatch,
      "the \(name) of a row depends on the other rows of the call (a mean, maximum or standard "
        + "deviation over the batch?); learners call with blocks of any size",
      rows: named(apart))
  }

  private mutating func layout(
    _ values: Values, whole: [Double], alone: [Double], tested: Int
  ) -> Finding? {
    let stride = values.stride
    let count = sample.count
    let places = Array(0..<tested)
    func share(_ other: (Int) -> Double?) -> Double {
      let pairs = places.compactMap { place in other(place).map { (alone[place], $0) } }
      let informative = pairs.filter { $0.0.magnitude > 0 && $0.0.isFinite }
      guard informative.count >= 4 else { return 0 }
      let equal = informative.filter { Self.isClose($0.0, $0.1) }
      return Double(equal.count) / Double(informative.count)
    }
    if stride > 1, count != stride,
      share({ whole[($0 % stride) * count + $0 / stride] }) > 0.95
    {
      return Finding(
        .error, .transposed,
        "the \(values.name) is transposed: it matches after reading it as [\(stride) scores x "
          + "rows]; write element row * \(stride) + k, all scores of a row together")
    }
    for shift in [1, -1] where Set(alone.prefix(tested)).count > tested / 3 {
      let matching = share { place in
        let row = place / stride + shift
        guard row >= 0, row < count else { return nil }
        return whole[row * stride + place % stride]
      }
      if matching > 0.95 {
        needsSingleRows = false
        isHopeless = true
        return Finding(
          .error, .shiftedRow,
          "row i gets the \(values.name) of row i \(shift == 1 ? "-" : "+") 1: the index is "
            + "shifted by one")
      }
    }
    let ratios = places.compactMap {
      alone[$0] != 0 && whole[$0].isFinite ? whole[$0] / alone[$0] : nil
    }
    let ratio = median(ratios) * Double(count)
    let agreeing = ratios.filter { ($0 * Double(count) - ratio).magnitude <= 1e-6 }
    if ratios.count >= 4, agreeing.count * 20 >= ratios.count * 19, (ratio - 1).magnitude < 1e-6 {
      dividesByRows = true
      return Finding(
        .error, .dividedByRows,
        "the \(values.name) is divided by the number of rows of the call (a mean where a sum is "
          + "due): a call with \(count) rows gives 1/\(count) of what a single row gives; learners "
          + "do the averaging",
        figures: ["ratio": 1 / Double(count)])
    }
    return nil
  }

  private func named(_ rows: [Int]) -> [Int] { rows.prefix(8).map { sample.numbers[$0] } }

  /// Rows in which two calls differ.
  private static func differing(
    _ a: [Double], _ b: [Double], _ stride: Int, exact: Bool = false
  ) -> [Int] {
    (0..<a.count / max(1, stride)).filter { row in
      (row * stride..<(row + 1) * stride).contains { place in
        exact
          ? a[place] != b[place] && !(a[place].isNaN && b[place].isNaN)
          : !isClose(a[place], b[place])
      }
    }
  }

  private static func isClose(_ a: Double, _ b: Double) -> Bool {
    a == b || (a.isNaN && b.isNaN)
      || a.isFinite && b.isFinite
        && (a - b).magnitude <= 1e-8 * max(a.magnitude, b.magnitude) + 1e-13
  }
}
