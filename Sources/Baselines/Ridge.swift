/// Least squares with a penalty on the coefficients, by normal equations.
///
///     minimize sum(w (t - b - z . c)^2) / sum(w) + penalty |c|^2
///
/// The intercept `b` is not penalized. With standardized inputs and unit weights the coefficients
/// are those of scikit-learn's `Ridge(alpha: penalty * rows)`.
/// Hoerl & Kennard, "Ridge regression", Technometrics 12 (1970).
struct Ridge {
  /// The weighted second moments of inputs and targets, from which every penalty is solved.
  private let gram: [Double]
  private let moments: [Double]
  private let means: [Double]
  private let targetMean: Double
  private let count: Int

  /// Sums up rows: `inputs` row-major `[rows x count]`, `targets` and `weights` `[rows]`.
  /// O(rows x count^2).
  init(inputs: [Float], count: Int, targets: [Double], weights: [Double]) {
    self.count = count
    var total = 0.0
    var targetSum = 0.0
    var sums = [Double](repeating: 0, count: count)
    for row in targets.indices {
      total += weights[row]
      targetSum += weights[row] * targets[row]
      for j in 0..<count { sums[j] += weights[row] * Double(inputs[row * count + j]) }
    }
    let means = sums.map { $0 / total }
    let targetMean = targetSum / total
    var gram = [Double](repeating: 0, count: count * count)
    var moments = [Double](repeating: 0, count: count)
    var centered = [Double](repeating: 0, count: count)
    for row in targets.indices where weights[row] > 0 {
      let weight = weights[row] / total
      for j in 0..<count { centered[j] = Double(inputs[row * count + j]) - means[j] }
      let target = targets[row] - targetMean
      for j in 0..<count {
        let factor = weight * centered[j]
        moments[j] += factor * target
        for k in 0...j { gram[j * count + k] += factor * centered[k] }
      }
    }
    self.gram = gram
    self.moments = moments
    self.means = means
    self.targetMean = targetMean
  }

  /// The coefficients and the intercept. O(count^3).
  func solution(penalty: Double) -> (coefficients: [Double], intercept: Double) {
    var factor = gram
    for j in 0..<count { factor[j * count + j] += penalty }
    let coefficients = Cholesky.solution(of: &factor, moments, count: count)
    var intercept = targetMean
    for j in 0..<count { intercept -= coefficients[j] * means[j] }
    return (coefficients, intercept)
  }
}

/// Solves symmetric positive definite systems.
enum Cholesky {
  /// The solution of `matrix x = right`, of which only the lower triangle is read, row-major
  /// `[count x count]`; it is overwritten. Directions without curvature get 0. O(count^3).
  static func solution(of matrix: inout [Double], _ right: [Double], count: Int) -> [Double] {
    let largest = (0..<count).map { matrix[$0 * count + $0] }.max() ?? 0
    var x = right
    for j in 0..<count {
      var pivot = matrix[j * count + j]
      for k in 0..<j { pivot -= matrix[j * count + k] * matrix[j * count + k] }
      let root = pivot > 1e-14 * largest ? pivot.squareRoot() : .infinity
      matrix[j * count + j] = root
      for i in j + 1..<max(count, j + 1) {
        var value = matrix[i * count + j]
        for k in 0..<j { value -= matrix[i * count + k] * matrix[j * count + k] }
        matrix[i * count + j] = value / root
      }
    }
    for i in 0..<count {
      for k in 0..<i { x[i] -= matrix[i * count + k] * x[k] }
      x[i] /= matrix[i * count + i]
    }
    for i in stride(from: count - 1, through: 0, by: -1) {
      for k in i + 1..<max(count, i + 1) { x[i] -= matrix[k * count + i] * x[k] }
      x[i] /= matrix[i * count + i]
    }
    return x
  }
}
