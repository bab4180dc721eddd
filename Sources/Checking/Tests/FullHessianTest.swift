import Wording
import Losses

/// The Jacobian of the gradient of several scores: symmetry, and the full Hessian against it.
struct FullHessianTest {
  private(set) var findings: [Finding] = []
  /// The largest relative difference between full Hessian and Jacobian.
  private(set) var largestError = 0.0
  private(set) var rowCount = 0

  private let sample: CheckSample
  /// `d gradient[j] / d score[k]`, `[rows x scores x scores]`.
  private var jacobian: [NumericalDerivative]

  init(_ wholeSample: CheckSample, domain: ScoreDomain, gradientIsExact: Bool) {
    let width = wholeSample.width
    let objective = wholeSample.objective
    let rows =
      objective.reach == .row ? min(wholeSample.count, width > 5 ? 6 : 16) : wholeSample.count
    sample = rows < wholeSample.count ? wholeSample.picking(Array(0..<rows)) : wholeSample
    rowCount = rows
    jacobian = Array(repeating: NumericalDerivative(), count: rows * width * width)
    for k in 0..<width {
      let first = CheckDrawing.widestSteps(sample, score: k, domain: domain)
      for j in 0..<width {
        let ladder = StepLadder(sample, score: k, first: first) { moved in
          let gradients = moved.derivatives().gradients
          return (0..<moved.count).map { gradients[$0 * width + j] }
        }
        for row in 0..<rows { jacobian[(row * width + j) * width + k] = ladder.slope(row) }
      }
    }
    if !objective.hasLoss || !gradientIsExact { testSymmetry() }
    if gradientIsExact, objective.hasFullHessian, let formula = sample.formula,
      formula.objective.hasFullHessian
    {
      for (index, exact) in formula.fullHessians().enumerated() {
        jacobian[index] = .exact(exact, kink: jacobian[index])
      }
    }
    if objective.hasFullHessian { testFullHessian() }
  }

  /// A gradient that belongs to some loss has a symmetric Jacobian.
  private mutating func testSymmetry() {
    let width = sample.width
    var crooked: [Int] = []
    for row in 0..<rowCount {
      let asymmetric = (0..<width).contains { j in
        (0..<j).contains { k in
          let (a, b) = (
            jacobian[(row * width + j) * width + k], jacobian[(row * width + k) * width + j]
          )
          return a.value.isFinite && b.value.isFinite
            && (a.value - b.value).magnitude
              > 1e-3 * max(a.value.magnitude, b.value.magnitude) + 50 * (a.error + b.error) + 1e-9
        }
      }
      if asymmetric { crooked.append(row) }
    }
    guard crooked.count * 5 > rowCount else { return }
    findings.append(
      Finding(
        sample.objective.hasLoss ? .note : .error, .notAGradient,
        "the gradient is that of no loss: d gradient[j] / d score[k] differs from d gradient[k] / "
          + "d score[j] in \(crooked.count) of \(rowCount) rows (an elementwise factor s (1 - s) "
          + "where the Jacobian of softmax is due?)",
        rows: crooked.prefix(8).map { sample.numbers[$0] }))
  }

  /// Rows whose full Hessian is wrong, by what is wrong with it.
  private struct WrongRows {
    var asymmetric: [Int] = []
    var different: [Int] = []
    var indefinite: [Int] = []
    /// Of those that differ, how many have the other sign.
    var flipped = 0
  }

  private mutating func testFullHessian() {
    let width = sample.width
    let full = sample.fullHessians()
    var wrong = WrongRows()
    for row in 0..<rowCount {
      let matrix = Array(full[row * width * width..<(row + 1) * width * width])
      guard matrix.allSatisfy(\.isFinite) else {
        // A row whose gradient is no number either has been spoken of.
        guard sample.picking([row]).derivatives().gradients.allSatisfy(\.isFinite) else { continue }
        findings.append(
          Finding(
            .error, .notFinite, "the full Hessian of row \(sample.numbers[row]) is not finite",
            rows: [sample.numbers[row]]))
        return
      }
      compare(matrix, row, &wrong)
    }
    if !wrong.asymmetric.isEmpty {
      findings.append(
        Finding(
          .error, .fullHessianAsymmetric,
          "the full Hessian is not symmetric: element [j][k] must equal element [k][j]",
          rows: numbers(wrong.asymmetric)))
    }
    findings += differences(wrong, full)
    if !wrong.indefinite.isEmpty {
      let isRight = wrong.different.isEmpty
      findings.append(
        Finding(
          isRight ? .note : .warning, .fullHessianIndefinite,
          "the full Hessian has a negative eigenvalue in \(wrong.indefinite.count) of \(rowCount) "
            + "rows" + (isRight ? ", as the loss is not convex there" : "")
            + "; a curvature policy makes it usable", rows: numbers(wrong.indefinite)))
    }
  }

  /// Looks at one row's matrix: symmetry, the Jacobian of the gradient, eigenvalues.
  private mutating func compare(_ matrix: [Double], _ row: Int, _ wrong: inout WrongRows) {
    let width = sample.width
    let place = row * width * width..<(row + 1) * width * width
    let size = matrix.reduce(0) { max($0, $1.magnitude) }
    for j in 0..<width {
      for k in 0..<j
      where (matrix[j * width + k] - matrix[k * width + j]).magnitude > 1e-9 * size {
        wrong.asymmetric.append(row)
      }
    }
    var error = 0.0
    var opposite = true
    for (given, due) in zip(matrix, jacobian[place]) where due.isResolved(beside: size) {
      let slack = 20 * due.error + 1e-9 * size
      error = max(error, ((given - due.value).magnitude - slack) / max(size, due.value.magnitude))
      if (given + due.value).magnitude > 1e-3 * size + slack { opposite = false }
    }
    largestError = max(largestError, error)
    if error > 1e-3 {
      wrong.different.append(row)
      if opposite { wrong.flipped += 1 }
    }
    if Self.smallestEigenvalueSign(matrix, width, tolerance: 1e-9 * size) < 0 {
      wrong.indefinite.append(row)
    }
  }

  /// What is said of rows whose full Hessian is not the Jacobian of the gradient.
  private func differences(_ wrong: WrongRows, _ full: [Double]) -> [Finding] {
    let count = wrong.different.count
    if count > 0, wrong.flipped * 10 >= count * 9 {
      return [
        Finding(
          .error, .hessianSign,
          "the full Hessian is -1.00 x the Jacobian of the gradient: the sign is wrong",
          rows: numbers(wrong.different))
      ]
    }
    guard count * 20 > rowCount else { return [] }
    return [
      sample.objective.curvature.isExact
        ? Finding(
          .error, .fullHessianMismatch,
          "the full Hessian differs from the Jacobian of the gradient in \(count) of "
            + "\(rowCount) rows\(mistake(full))", rows: numbers(wrong.different))
        : Finding(
          .note, .surrogateHessian,
          "the full Hessian is a stand-in, as the objective says: it differs from the Jacobian of "
            + "the gradient in \(count) of \(rowCount) rows")
    ]
  }

  private func numbers(_ rows: [Int]) -> [Int] {
    var seen: Set<Int> = []
    return rows.filter { seen.insert($0).inserted }.prefix(8).map { sample.numbers[$0] }
  }

  /// What diagonal and other elements are, compared with those of the Jacobian.
  private func mistake(_ full: [Double]) -> String {
    let width = sample.width
    func ratio(onDiagonal: Bool) -> Double? {
      let ratios = full.indices.compactMap { index -> Double? in
        let (j, k) = (index / width % width, index % width)
        let due = jacobian[index]
        guard (j == k) == onDiagonal, due.isResolved(beside: 0), due.value != 0 else { return nil }
        return full[index] / due.value
      }
      let constancy = Constancy(ratios)
      let isZero = ratios.allSatisfy { $0 == 0 }
      return ratios.count >= 4 && (isZero || constancy.holds) ? constancy.value : nil
    }
    guard let others = ratio(onDiagonal: false) else { return "" }
    let diagonal = ratio(onDiagonal: true)
    if let diagonal, (diagonal / others - 1).magnitude < 0.01 {
      return ": it is \(others.short) x the Jacobian in every element"
    }
    let isRightDiagonal = diagonal.map { ($0 - 1).magnitude < 0.01 } ?? false
    let what =
      others == 0
      ? "are zero"
      : (others + 1).magnitude < 0.01
        ? "have the wrong sign"
        : (others - 0.5).magnitude < 0.005 ? "are halved" : "are \(others.short) x those due"
    return ": the elements off the diagonal \(what)"
      + (isRightDiagonal ? ", the diagonal is right" : "")
  }

  /// -1 if a symmetric matrix has an eigenvalue below `-tolerance`: Cholesky's factorisation with
  /// diagonal pivoting of the matrix plus `tolerance`, whose pivots then stay positive or vanish.
  private static func smallestEigenvalueSign(
    _ matrix: [Double], _ width: Int, tolerance: Double
  ) -> Int {
    var a = matrix
    for k in 0..<width { a[k * width + k] += tolerance }
    var left = Set(0..<width)
    while !left.isEmpty {
      let order = left.sorted()
      let pivot = order.reduce(order[0]) { a[$1 * width + $1] > a[$0 * width + $0] ? $1 : $0 }
      let value = a[pivot * width + pivot]
      if value < 0 { return -1 }
      left.remove(pivot)
      let rest = left.sorted()
      if value <= tolerance / 4 {
        return rest.contains { a[$0 * width + $0] < -tolerance } ? -1 : 1
      }
      for i in rest {
        for j in rest {
          a[i * width + j] -= a[i * width + pivot] * a[pivot * width + j] / value
        }
      }
      if rest.contains(where: { a[$0 * width + $0] < 0 }) { return -1 }
    }
    return 1
  }
}
