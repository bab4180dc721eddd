// Softmax cross-entropy against anything but one class of weight 1: smoothed, weighted, soft labels.

extension SoftmaxCrossEntropy {
  /// What the scores of class `k` in `row` are compared with: `w_k t_k`.
  func weightedTarget(_ rows: borrowing Rows, row: Int, class k: Int) -> Double {
    let hard =
      readsSoftLabels
      ? rows.rowData[row * rows.rowDataCount + k] : (rows.targets[row] == Double(k) ? 1 : 0)
    let smooth = (1 - labelSmoothing) * hard + labelSmoothing / Double(classes)
    return (classWeights?[k] ?? 1) * smooth
  }

  @usableFromInline
  func weightedLosses(
    at scores: Span<Double>, _ rows: borrowing Rows, into losses: inout MutableSpan<Double>
  ) {
    for row in 0..<rows.count {
      let place = row * classes..<(row + 1) * classes
      let logSum = StableMath.logSumExp(scores.extracting(place))
      var loss = 0.0
      for k in 0..<classes {
        loss += weightedTarget(rows, row: row, class: k) * (logSum - scores[place.lowerBound + k])
      }
      losses[row] = loss
    }
  }

  @usableFromInline
  func weightedDerivatives(
    at scores: Span<Double>, _ rows: borrowing Rows,
    gradients: inout MutableSpan<Double>, hessians: inout MutableSpan<Double>
  ) {
    for row in 0..<rows.count {
      let place = row * classes..<(row + 1) * classes
      for index in place { gradients[index] = scores[index] }
      StableMath.softmax(&gradients, in: place)
      let total = totalWeight(rows, row: row)
      for k in 0..<classes {
        let p = gradients[place.lowerBound + k]
        gradients[place.lowerBound + k] = total * p - weightedTarget(rows, row: row, class: k)
        hessians[place.lowerBound + k] = total * (p * (1 - p))
      }
    }
  }

  @usableFromInline
  func weightedGradients(
    at scores: Span<Double>, _ rows: borrowing Rows, into gradients: inout MutableSpan<Double>
  ) {
    for row in 0..<rows.count {
      let place = row * classes..<(row + 1) * classes
      for index in place { gradients[index] = scores[index] }
      StableMath.softmax(&gradients, in: place)
      let total = totalWeight(rows, row: row)
      for k in 0..<classes {
        let index = place.lowerBound + k
        gradients[index] =
          total * gradients[index] - weightedTarget(rows, row: row, class: k)
      }
    }
  }

  func totalWeight(_ rows: borrowing Rows, row: Int) -> Double {
    guard !isPlain else { return 1 }
    var total = 0.0
    for k in 0..<classes { total += weightedTarget(rows, row: row, class: k) }
    return total
  }
}
