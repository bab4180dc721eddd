import Wording
import Losses
import RealModule

/// Probabilities where scores are due, and a softmax or sigmoid too many.
struct LinkTest {
  private(set) var findings: [Finding] = []

  /// - Parameters:
  ///   - own: the user's rows with the user's scores, if there are any.
  init(_ sample: CheckSample, domain: ScoreDomain, isFlat: Bool, own: CheckSample?) {
    switch domain {
    case .real:
      if let finding = Self.twiceFinding(sample) ?? Self.missing(sample)
        ?? Self.superfluous(sample) ?? LabelCoding.finding(sample) ?? MeanLink.finding(sample)
      {
        findings.append(finding)
      }
    case .unit, .positive:
      findings.append(Self.domainFinding(sample, domain, isFlat))
    }
    if domain == .real, let own, let finding = Self.probabilities(own) { findings.append(finding) }
  }

  /// A softmax or sigmoid too many; a few calls of the objective.
  static func twiceFinding(_ sample: CheckSample) -> Finding? { twice(sample) ?? squashed(sample) }

  static func domainFinding(
    _ sample: CheckSample, _ domain: ScoreDomain, _ isFlat: Bool
  ) -> Finding {
    let isProbability = domain == .unit || sample.width > 1
    let what = isProbability ? "probabilities" : "positive numbers"
    let bounds = domain == .unit ? "outside (0, 1)" : "below 0"
    let link =
      isProbability
      ? "softmax or sigmoid of the score" : "exp of the score (link: .log)"
    let own = sample.objective.link
    if isFlat, isProbability, own == .logit || own == .softmax, isFlatInEveryRow(sample) {
      return Finding(
        .warning, .expectsProbabilities,
        "the loss does not change for scores \(bounds): it reads scores as probabilities, but the "
          + "link is \(own.rawValue), learners hand over raw scores, and rows there have no "
          + "gradient; put \(own == .logit ? "sigmoid" : "softmax") of the score into the loss, or "
          + "use the form in raw scores "
          + (own == .logit ? "(softplus(score) - y * score)" : "(logsumexp(score) - score[y])"))
    }
    return isFlat
      ? Finding(
        .note, .expectsProbabilities,
        "the loss does not change for scores \(bounds): raw scores there have no gradient (does it "
          + "expect \(what)?)")
      : Finding(
        .error, .expectsProbabilities,
        "the loss is not finite for scores \(bounds): it expects \(what), but learners hand over "
          + "raw scores; put \(link) into the loss")
  }

  /// Whether no row's loss changes among negative scores, whatever its class; a hinge is flat there
  /// for one class, which may be that of nearly all rows.
  private static func isFlatInEveryRow(_ sample: CheckSample) -> Bool {
    guard Set(sample.targets).count > 1 else { return false }
    func losses(_ first: Double, _ further: Double) -> [Double] {
      var moved = sample
      for index in moved.scores.indices {
        moved.scores[index] = first + further * Double(index % sample.width)
      }
      return moved.losses()
    }
    let far = losses(-4, 0.1)
    return far == losses(-0.6, -0.05) && far == losses(-2, -0.15)
  }

  /// The slope of every row's loss, from the loss alone: a gradient may be wrong by itself. Without
  /// a loss the gradient is all there is.
  private static func slopes(_ sample: CheckSample) -> [NumericalDerivative] {
    guard sample.objective.hasLoss else {
      return sample.derivatives().gradients.map { .exact($0, kink: NumericalDerivative()) }
    }
    let first = CheckDrawing.widestSteps(sample, score: 0, domain: .real)
    let ladder = StepLadder(sample, score: 0, first: first) { $0.losses() }
    return (0..<sample.count).map { ladder.slope($0) }
  }

  /// The gradient of a usual loss whose link is not the one given.
  private static func missing(_ sample: CheckSample) -> Finding? {
    guard sample.width == 1, sample.objective.reach == .row, sample.objective.link == .identity
    else { return nil }
    let slopes = Self.slopes(sample)
    let usual:
      [(name: String, link: Link, prediction: String, gradient: (Double, Double) -> Double)] = [
        ("logistic loss", .logit, "sigmoid(score)", { StableMath.sigmoid($0) - $1 }),
        ("Poisson loss", .log, "exp(score)", { Double.exp($0) - $1 }),
        ("gamma loss", .log, "exp(score)", { 1 - $1 * Double.exp(-$0) }),
      ]
    for loss in usual {
      let due = (0..<sample.count).map { loss.gradient(sample.scores[$0], sample.targets[$0]) }
      guard sample.count >= 8, varies(due) else { continue }
      let clear = slopes.indices.filter { slopes[$0].error <= 1e-7 * slopes[$0].value.magnitude }
      guard clear.count * 4 >= sample.count * 3 else { continue }
      let constancy = Constancy(clear.map { slopes[$0].value / due[$0] }, tolerance: 1e-5)
      guard constancy.holds, constancy.share == 1, constancy.value > 0 else { continue }
      return Finding(
        .note, .wrongLink,
        "this is the \(loss.name), but the link is identity: predictions will be raw scores; with "
          + "the link '\(loss.link.rawValue)' they are \(loss.prediction)")
    }
    return nil
  }

  /// A loss that compares the score itself with the target, under another link than identity.
  private static func superfluous(_ sample: CheckSample) -> Finding? {
    let link = sample.objective.link
    guard sample.width == 1, sample.objective.reach == .row, link == .log || link == .logit,
      sample.count >= 8, Set(sample.targets).count > 1
    else { return nil }
    func slopes(_ shift: Double) -> [NumericalDerivative] {
      var moved = sample
      moved.scores = sample.targets.map { $0 + shift }
      return Self.slopes(moved)
    }
    let (below, there, above) = (slopes(-0.5), slopes(0), slopes(0.5))
    let isLeast = sample.targets.indices.allSatisfy {
      let size = max(above[$0].value, -below[$0].value)
      return below[$0].value < 0 && above[$0].value > 0
        && there[$0].value.magnitude <= 1e-9 * size + 20 * there[$0].error
        && there[$0].error <= 1e-3 * size
    }
    guard isLeast else { return nil }
    return Finding(
      .warning, .wrongLink,
      "the loss is least where the score itself equals the target, but the link is "
        + "\(link.rawValue): predictions will be \(link == .log ? "exp" : "sigmoid")(score) and miss "
        + "it; use the link identity, or put it into the loss")
  }

  private static func probabilities(_ own: CheckSample) -> Finding? {
    guard own.count >= 8 else { return nil }
    let link = own.objective.link
    let inside = own.scores.allSatisfy { (0...1).contains($0) }
    guard inside else { return nil }
    if own.width > 1 {
      let sumsToOne = (0..<own.count).allSatisfy {
        (own.scores(of: $0).reduce(0, +) - 1).magnitude < 1e-6
      }
      guard sumsToOne, Set(own.scores).count > own.width else { return nil }
      return Finding(
        .warning, .scoresAreProbabilities,
        "the scores of every row lie between 0 and 1 and sum to one: they look like probabilities; "
          + "is softmax applied twice? The objective expects raw scores")
    }
    let sorted = own.scores.sorted()
    guard link == .logit, sorted[sorted.count - 1] - sorted[0] > 0.2, own.count >= 16 else {
      return nil
    }
    return Finding(
      .warning, .scoresAreProbabilities,
      "every score lies between 0 and 1: they look like probabilities; the objective has the "
        + "logit link and expects raw scores (logits)")
  }

  /// A cross-entropy `softplus(q) - y q` whose `q` stays between two numbers however far the score
  /// goes: `q` is the score already put through a sigmoid (or tanh).
  ///
  /// Told by the losses of rows with different targets at one far score: they lie on a line
  /// `a - y q` with `a = softplus(q)`, with the same `q` at a score farther still, and another on
  /// the other side. Clipped scores and probabilities have a `q` beyond 5 and pass.
  private static func squashed(_ sample: CheckSample) -> Finding? {
    guard sample.width == 1, sample.objective.reach == .row, sample.objective.hasLoss else {
      return nil
    }
    func limit(_ score: Double) -> Double? {
      let losses = sample.losses(at: score)
      guard let first = sample.targets.first,
        let other = sample.targets.firstIndex(where: { $0 != first })
      else { return nil }
      let q = (losses[0] - losses[other]) / (sample.targets[other] - first)
      guard q.magnitude <= 5 else { return nil }
      let top = StableMath.softplus(q)
      let holds = zip(losses, sample.targets).allSatisfy { loss, y in
        (loss - (top - y * q)).magnitude <= 1e-6 * max(1, y.magnitude)
      }
      return holds ? q : nil
    }
    guard let low = limit(-60), let high = limit(60), let lower = limit(-1e3),
      let higher = limit(1e3), (low - lower).magnitude < 1e-6, (high - higher).magnitude < 1e-6,
      (high - low).magnitude > 1e-3
    else { return nil }
    let ends = [StableMath.softplus(-low), StableMath.softplus(-high)]
    let (best, worst) = (min(ends[0], ends[1]), max(ends[0], ends[1]))
    let isTwice = low.magnitude < 1e-6 && (high - 1).magnitude < 1e-6
    return Finding(
      isTwice ? .error : .warning, .softmaxTwice,
      isTwice
        ? "sigmoid is applied twice: whatever the scores, the loss of a row with target 1 stays "
          + "between \(best.short) and \(worst.short); the loss already contains it, hand over raw "
          + "scores"
        : "the loss of a row with target 1 stays between \(best.short) and \(worst.short) however "
          + "far scores go, as when a sigmoid is applied twice: the score is squashed to "
          + "\(min(low, high).short) ... \(max(low, high).short) before the cross-entropy; hand over "
          + "raw scores",
      figures: ["lowest": best, "highest": worst])
  }

  /// The loss of an objective that puts its scores through softmax or sigmoid twice is bounded by
  /// numbers that give it away, and its gradient `softmax(softmax(s)) - y` never reaches 0.
  private static func twice(_ sample: CheckSample) -> Finding? {
    let width = sample.width
    guard sample.objective.reach == .row, width > 1 || sample.objective.link == .logit else {
      return nil
    }
    var right = sample
    var wrong = sample
    var rows: [Int] = []
    for row in 0..<sample.count {
      let y = sample.targets[row]
      guard y >= 0, y < Double(max(2, width)), y == y.rounded() else { continue }
      rows.append(row)
      if width == 1 {
        right.scores[row] = y == 1 ? 60 : -60
        wrong.scores[row] = -right.scores[row]
      } else {
        for k in 0..<width {
          right.scores[row * width + k] = k == Int(y) ? 60 : 0
          wrong.scores[row * width + k] = k == (Int(y) + 1) % width ? 60 : 0
        }
      }
    }
    if width == 1 { rows = rows.filter { sample.targets[$0] == 1 } }
    guard rows.count >= 2 else { return nil }
    let (best, worst, gradient): (Double, Double, Double)
    if width > 1 {
      let top = Double.log(Double.exp(1) + Double(width - 1))
      (best, worst) = (top - 1, top)
      gradient = Double.exp(1 - top) - 1
    } else {
      (best, worst) = (StableMath.softplus(-1), Double.log(2))
      gradient = StableMath.sigmoid(1) - 1
    }
    func near(_ a: Double, _ b: Double) -> Bool { (a - b).magnitude < 1e-6 }
    let name = width > 1 ? "softmax" : "sigmoid"
    if sample.objective.hasLoss {
      let (low, high) = (right.losses(), wrong.losses())
      if rows.allSatisfy({ near(low[$0], best) && near(high[$0], worst) }) {
        return Finding(
          .error, .softmaxTwice,
          "\(name) is applied twice: whatever the scores, the loss stays between \(best.short) and "
            + "\(worst.short); the loss already contains it, hand over raw scores",
          figures: ["lowest": best, "highest": worst])
      }
    }
    let gradients = right.derivatives().gradients
    if rows.allSatisfy({ row in
      near(gradients[width == 1 ? row : row * width + Int(sample.targets[row])], gradient)
    }) {
      return Finding(
        .error, .softmaxTwice,
        "\(name) is applied twice: for a score as right as can be the gradient is still "
          + "\(gradient.short) instead of 0; hand raw scores to one \(name) only",
        figures: ["gradient": gradient])
    }
    return nil
  }
}
