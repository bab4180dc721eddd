/// Fits a generalized linear model by Newton's method.
///
///     minimize sum(w loss(scores, y)) / sum(w) + penalty |coefficients|^2 / 2
///
/// with `scores_k = offset + intercept_k + sum(c_jk z_j)`; intercepts are not penalized. The Newton
/// system is solved by conjugate gradients from products with the Hessian, so that no matrix of it
/// is ever made, and steps are halved until the loss falls. For standardized inputs, unit weights
/// and `penalty = 1 / (C rows)` the minimum is that of scikit-learn's `LogisticRegression(C:)`, for
/// `penalty = alpha` that of its `PoissonRegressor(alpha:)`.
/// Nocedal & Wright, "Numerical Optimization", 2nd ed. (2006), chapter 7.
struct NewtonFit {
  let likelihood: Likelihood
  /// Row-major `[rows x count]`.
  let inputs: [Float]
  let count: Int
  let targets: [Double]
  /// `[rows]`, sum 1.
  let weights: [Double]
  /// Added to every score of a row, `[rows]`; empty for none.
  let offsets: [Double]
  /// Scores per row.
  let width: Int
  let penalty: Double

  private var rows: Int { targets.count }

  /// The loss and what Newton's method needs of it at some parameters.
  private struct Place {
    var parameters: [Double]
    var value: Double
    var means: [Double]
  }

  /// Parameters `[(count + 1) x width]`, the intercepts last. At most `steps` Newton steps, each
  /// O(rows x count x width) times some dozens.
  func parameters(from start: [Double], steps: Int = 60) -> [Double] {
    var place = place(at: start)
    for _ in 0..<steps {
      let gradient = gradient(place)
      let norm = dot(gradient, gradient).squareRoot()
      guard norm > 1e-9, norm.isFinite else { break }
      let direction = direction(place, gradient, tolerance: min(0.1, norm.squareRoot()) * norm)
      let slope = dot(gradient, direction)
      guard slope < 0 else { break }
      var step = 1.0
      var next = self.place(at: moved(place.parameters, direction, step))
      while !(next.value <= place.value + 1e-4 * step * slope), step > 0x1p-30 {
        step /= 2
        next = self.place(at: moved(place.parameters, direction, step))
      }
      guard next.value < place.value else { break }
      place = next
    }
    return place.parameters
  }

  /// The mean loss of some rows, without the penalty.
  func loss(at parameters: [Double]) -> Double {
    place(at: parameters).value - penaltyTerm(parameters)
  }

  private func moved(_ x: [Double], _ direction: [Double], _ step: Double) -> [Double] {
    zip(x, direction).map { $0 + step * $1 }
  }

  private func penaltyTerm(_ parameters: [Double]) -> Double {
    var sum = 0.0
    for i in 0..<count * width { sum += parameters[i] * parameters[i] }
    return penalty * sum / 2
  }

  /// `z . parameters` of every row, row-major `[rows x width]`, offsets not included.
  private func products(_ parameters: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: rows * width)
    for row in 0..<rows {
      for k in 0..<width { result[row * width + k] = parameters[count * width + k] }
      for j in 0..<count {
        let z = Double(inputs[row * count + j])
        for k in 0..<width { result[row * width + k] += z * parameters[j * width + k] }
      }
    }
    return result
  }

  /// The sum over rows of `z` times `values`, `[(count + 1) x width]`.
  private func gathered(_ values: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: (count + 1) * width)
    for row in 0..<rows {
      for j in 0..<count {
        let z = Double(inputs[row * count + j])
        for k in 0..<width { result[j * width + k] += z * values[row * width + k] }
      }
      for k in 0..<width { result[count * width + k] += values[row * width + k] }
    }
    return result
  }

  private func place(at parameters: [Double]) -> Place {
    var scores = products(parameters)
    var means = scores
    if !offsets.isEmpty {
      for index in scores.indices { scores[index] += offsets[index / width] }
    }
    var value = penaltyTerm(parameters)
    var span = means.mutableSpan
    for row in 0..<rows {
      let range = row * width..<(row + 1) * width
      let loss = likelihood.loss(
        scores.span.extracting(range), target: targets[row], means: &span, at: range.lowerBound)
      if weights[row] > 0 { value += weights[row] * loss }
    }
    return Place(parameters: parameters, value: value, means: means)
  }

  private func gradient(_ place: Place) -> [Double] {
    var residuals = place.means
    for index in residuals.indices {
      let row = index / width
      let expected = likelihood.expected(targets[row], index % width, of: width)
      residuals[index] = weights[row] * (residuals[index] - expected)
    }
    var gradient = gathered(residuals)
    for i in 0..<count * width { gradient[i] += penalty * place.parameters[i] }
    return gradient
  }

  private func hessian(_ place: Place, times direction: [Double]) -> [Double] {
    var curved = products(direction)
    var span = curved.mutableSpan
    for row in 0..<rows {
      let range = row * width..<(row + 1) * width
      likelihood.curve(
        &span, at: range.lowerBound, means: place.means.span.extracting(range))
      for index in range { span[index] *= weights[row] }
    }
    var result = gathered(curved)
    for i in 0..<count * width { result[i] += penalty * direction[i] }
    return result
  }

  /// The diagonal of the Hessian, by which conjugate gradients are preconditioned.
  private func diagonal(_ place: Place) -> [Double] {
    var result = [Double](repeating: 0, count: (count + 1) * width)
    for row in 0..<rows {
      for k in 0..<width {
        let curvature = weights[row] * likelihood.curvature(place.means[row * width + k])
        for j in 0..<count {
          let z = Double(inputs[row * count + j])
          result[j * width + k] += curvature * z * z
        }
        result[count * width + k] += curvature
      }
    }
    for i in 0..<count * width { result[i] += penalty }
    return result.map { $0 > 1e-300 ? $0 : 1 }
  }

  /// About `-hessian^-1 gradient`.
  private func direction(_ place: Place, _ gradient: [Double], tolerance: Double) -> [Double] {
    let diagonal = diagonal(place)
    var solution = [Double](repeating: 0, count: gradient.count)
    var residual = gradient.map { -$0 }
    var scaled = zip(residual, diagonal).map { $0 / $1 }
    var search = scaled
    var product = dot(residual, scaled)
    for _ in 0..<200 {
      let curved = hessian(place, times: search)
      let curvature = dot(search, curved)
      guard curvature > 0 else { break }
      let step = product / curvature
      for i in solution.indices {
        solution[i] += step * search[i]
        residual[i] -= step * curved[i]
      }
      guard dot(residual, residual).squareRoot() > tolerance else { break }
      scaled = zip(residual, diagonal).map { $0 / $1 }
      let next = dot(residual, scaled)
      let factor = next / product
      product = next
      for i in search.indices { search[i] = scaled[i] + factor * search[i] }
    }
    return dot(solution, solution) > 0 ? solution : zip(gradient, diagonal).map { -$0 / $1 }
  }
}

/// The scalar product of two vectors of one length.
func dot(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for i in a.indices { sum += a[i] * b[i] }
  return sum
}
