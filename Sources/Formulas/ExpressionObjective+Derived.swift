public import Losses

/// What a text does not say is derived from its loss: the curvature policy, the leaf solver, the
/// adjustment of scores, the metric (``DerivedTraits``).
extension ExpressionObjective {
  /// As the text says, with what was derived to be offered; else as derived.
  public var curvature: Curvature {
    let found = derived?.value.traits?.curvature ?? .given
    guard let givenPolicy else { return found }
    return Curvature(
      isExact: found.isExact, policy: givenPolicy, reason: "The text says so.",
      offers: found.offers)
  }

  public var leafSolver: LeafSolver? { derived?.value.traits?.leafSolver }

  public var scoreAdjustment: ScoreAdjustment? {
    givenAdjustment ?? derived?.value.adjustment
  }

  /// As given; else the metric of the shipped objective with the same loss and link.
  public var defaultMetric: Metric {
    if let givenMetric { return givenMetric }
    if let twin, twin.link == link { return twin.defaultMetric }
    return link == .logit || link == .softmax ? .logLoss : .rmse
  }

  public func startingScores(_ rows: borrowing Rows, weights: Span<Double>) -> [Double]? {
    derived?.value.traits?.start?(rows, weights)
  }

  /// The shipped objective with the same loss up to a factor, if there is one.
  package var twin: (any Objective)? { derived?.value.traits?.twin?.objective }

  /// Looks at the loss on rows that are made up to suit it.
  func derive(literals: [Double]) -> LazyTraits.Found {
    let classes: Int? =
      switch link {
      case .logit: scoresPerRow == 1 ? 2 : scoresPerRow
      case .softmax: scoresPerRow
      default: targetIsClass ? scoresPerRow : nil
      }
    let rows = ProbeRows(madeFor: self, classes: classes)
    return LazyTraits.Found(
      traits: DerivedTraits.found(for: self, on: rows, literals: literals),
      adjustment: .derived(for: self, on: rows))
  }

  /// Puts the derivatives of the shipped objective with the same loss in place of those that are no
  /// numbers: it goes on where exponentials of the text overflow.
  func mend(
    _ gradients: inout MutableSpan<Double>, _ hessians: inout MutableSpan<Double>,
    at scores: Span<Double>, _ rows: borrowing Rows
  ) {
    guard let twin = derived?.value.traits?.twin else { return }
    var shippedGradients = [Double](repeating: 0, count: scores.count)
    var shippedHessians = shippedGradients
    var g = shippedGradients.mutableSpan
    var h = shippedHessians.mutableSpan
    twin.objective.derivatives(at: scores, rows, gradients: &g, hessians: &h)
    let width = scoresPerRow
    for row in 0..<rows.count {
      let places = row * width..<(row + 1) * width
      guard !places.allSatisfy({ (gradients[$0] + hessians[$0]).isFinite }) else { continue }
      for place in places {
        gradients[place] = twin.factor * shippedGradients[place]
        hessians[place] = twin.factor * shippedHessians[place]
      }
    }
  }

  /// Likewise for losses, which may differ by a term without scores: it is taken at the first score
  /// where both are numbers.
  func mend(
    _ losses: inout MutableSpan<Double>, at scores: Span<Double>, _ rows: borrowing Rows
  ) {
    guard let twin = derived?.value.traits?.twin else { return }
    for row in 0..<rows.count where !losses[row].isFinite {
      let one = rows.extracting(row..<row + 1)
      let own = scores.extracting(row * scoresPerRow..<(row + 1) * scoresPerRow)
      for score in [0, 1, 0.5, one.targets[0]] {
        let usual = [Double](repeating: score, count: scoresPerRow)
        let shipped = twin.factor * loss(of: twin.objective, usual.span, one)
        let added = loss(of: plain, usual.span, one) - shipped
        let mended = twin.factor * loss(of: twin.objective, own, one) + added
        guard mended.isFinite else { continue }
        losses[row] = mended
        break
      }
    }
  }

  /// The text alone, of which nothing is derived.
  private var plain: ExpressionObjective {
    var copy = self
    copy.derived = nil
    return copy
  }

  private func loss(
    of objective: some Objective, _ scores: Span<Double>, _ row: borrowing Rows
  ) -> Double {
    var losses = [0.0]
    var span = losses.mutableSpan
    objective.losses(at: scores, row, into: &span)
    return losses[0]
  }
}

extension Syntax {
  /// The numbers that stand in the expression.
  var literals: [Double] {
    if case .number(let value) = form { return [value] }
    return form.children.flatMap(\.literals)
  }
}
