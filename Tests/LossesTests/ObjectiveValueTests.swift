import Losses
import RealModule
import TestSupport
import Testing

/// Mean losses over 50 rows of linear congruential numbers, against other libraries: scikit-learn
/// 1.9.1, SciPy 1.17.1, XGBoost 3.2.0, and NumPy where neither has the loss.
@Suite("Values of objectives")
struct ObjectiveValueTests {
  static let u = referenceNumbers(50, seed: 1)
  static let v = referenceNumbers(50, seed: 2)
  static let x = referenceNumbers(50, seed: 3)
  static let z = referenceNumbers(50, seed: 4)
  static let numbers = u.map { 6 * $0 - 2 }
  static let scores = v.map { 6 * $0 - 3 }
  static let positive = u.map { 0.1 + 8 * $0 }
  static let counts = u.map { (6 * $0).rounded(.down) }
  static let binary = u.map { $0 > 0.4 ? 1.0 : 0 }
  static let classes = u.map { (3 * $0).rounded(.down) }
  /// Three scores per row.
  static let triples = (0..<50).flatMap { row -> [Double] in
    [scores[row], 6 * x[row] - 3, 6 * z[row] - 3]
  }

  func mean(
    _ objective: any Objective, _ targets: [Double], _ scores: [Double] = scores,
    rowData: [Double] = []
  ) -> Double {
    let sample = ObjectiveSample(
      objective: objective, scores: scores, targets: targets, rowData: rowData)
    return sample.losses.reduce(0, +) / 50
  }

  @Test("errors of numbers")
  func errors() {
    // sklearn.metrics.mean_absolute_error
    expectClose(mean(AbsoluteError(), Self.numbers), 2.359954029656947)
    // scipy.special.huber, pseudo_huber (and XGBoost's mphe: 2.1651875)
    expectClose(mean(Huber(delta: 1.5), Self.numbers), 2.5444306111069595)
    expectClose(mean(PseudoHuber(delta: 1.5), Self.numbers), 2.1651874574194836)
    // numpy, log(cosh) in extended precision
    expectClose(mean(LogCosh(), Self.numbers), 1.7610653270967846)
    // sklearn.metrics.mean_pinball_loss, one level and the sum of three
    expectClose(mean(Quantile(0.9), Self.numbers), 1.7644264768697324)
    let three = (0..<50).flatMap { row -> [Double] in
      [Self.scores[row] - 1, Self.scores[row], Self.scores[row] + Self.x[row]]
    }
    expectClose(mean(Quantiles([0.1, 0.5, 0.9]), Self.numbers, three), 3.1590546225113796)
    // numpy
    expectClose(mean(Expectile(0.9), Self.numbers), 6.417691124376461)
    expectClose(mean(SymmetricPercentageError(), Self.numbers), 1.4675331036988368)
    // sklearn.metrics.mean_absolute_percentage_error
    expectClose(mean(AbsolutePercentageError(), Self.positive), 1.120413292338882)
  }

  @Test("positive targets")
  func positive() {
    // sklearn._loss: HalfPoissonLoss, HalfGammaLoss, HalfTweedieLoss (XGBoost's
    // tweedie-nloglik@1.5: 11.7289908); XGBoost's poisson-nloglik 5.7418856 adds the mean of
    // log(y!), 1.9540425.
    expectClose(mean(Poisson(), Self.counts), 3.7878431018820953)
    expectClose(mean(Gamma(), Self.positive), 20.072426616293072)
    expectClose(mean(Tweedie(power: 1.5), Self.counts), 11.72899092587194)
    // sklearn.metrics.mean_squared_log_error of exp(score)
    expectClose(mean(SquaredLogError(), Self.counts), 1.2612317096980752)
    // Gradients and Hessians of the same classes of scikit-learn, means over the rows.
    for (objective, targets, gradient, hessian) in [
      (Poisson(), Self.counts, 0.5606039116724378, 3.360603911672438),
      (Gamma(), Self.positive, -19.22332406046304, 20.22332406046304),
      (Tweedie(power: 1.5), Self.counts, -3.100775713591352, 2.932247731467985),
    ] as [(any Objective, [Double], Double, Double)] {
      let sample = ObjectiveSample(objective: objective, scores: Self.scores, targets: targets)
      expectClose(sample.derivatives.0.reduce(0, +) / 50, gradient)
      expectClose(sample.derivatives.1.reduce(0, +) / 50, hessian)
    }
  }

  @Test("two classes")
  func binary() {
    // sklearn._loss.HalfBinomialLoss
    expectClose(mean(Logistic(), Self.binary), 1.2010830629897176)
    expectClose(mean(Focal(gamma: 0), Self.binary), 1.2010830629897176)
    // numpy
    expectClose(mean(Focal(gamma: 2), Self.binary), 0.8358965595692099)
    expectClose(mean(SquaredHinge(), Self.binary), 4.673643046837243)
    // sklearn.metrics.log_loss of clipped probabilities; some lie outside 0 to 1 before.
    let probabilities = Self.v.map { 1.2 * $0 - 0.1 }
    #expect(probabilities.contains { $0 < 0 } && probabilities.contains { $0 > 1 })
    expectClose(mean(ProbabilityCrossEntropy(), Self.binary, probabilities), 3.422482014069716)
  }

  @Test("several classes")
  func classes() {
    // sklearn._loss.HalfMultinomialLoss
    expectClose(
      mean(SoftmaxCrossEntropy(classes: 3), Self.classes, Self.triples), 1.7404820585040666)
    // scipy.special.log_softmax against smoothed, weighted and soft labels; the weighted one also
    // by sklearn.metrics.log_loss with sample weights.
    expectClose(
      mean(SoftmaxCrossEntropy(classes: 3, labelSmoothing: 0.1), Self.classes, Self.triples),
      1.745564394922397)
    expectClose(
      mean(
        SoftmaxCrossEntropy(classes: 3, classWeights: [0.5, 1, 2.5]), Self.classes, Self.triples),
      2.6840847670288075)
    let soft = (0..<50).flatMap { row -> [Double] in
      let parts = [Self.u[row], Self.v[row], Self.x[row]]
      return parts.map { $0 / parts.reduce(0, +) }
    }
    expectClose(
      mean(
        SoftmaxCrossEntropy(classes: 3, softLabels: true), Self.classes, Self.triples, rowData: soft
      ),
      1.996419068779148)
    // sklearn._loss.HalfBinomialLoss per class, summed
    expectClose(mean(OneVsRest(classes: 3), Self.classes, Self.triples), 2.891541431570459)
    // sklearn.metrics.log_loss of differences of scipy.special.expit
    expectClose(mean(Ordinal(classes: 3), Self.classes, Self.triples), 2.0710386800686007)
    let shares = Self.triples.map { $0.magnitude + 0.1 }
    expectClose(
      mean(CategoricalProbabilityCrossEntropy(classes: 3), Self.classes, shares),
      1.3250285960585133)
  }

  @Test("the ordinal link gives the probabilities of the loss")
  func ordinalLink() {
    var probabilities = Self.triples
    var span = probabilities.mutableSpan
    Link.ordinal.applyInverse(to: &span, scoresPerRow: 3)
    // scipy.special.expit
    for (k, p) in [0.9561938303685104, 0.0027277233620547348, 0.04107844626943491].enumerated() {
      expectClose(probabilities[k], p, relative: 1e-12)
    }
    let sample = ObjectiveSample(
      objective: Ordinal(classes: 3), scores: Self.triples, targets: Self.classes)
    for (row, loss) in sample.losses.enumerated() {
      let own = probabilities[3 * row + Int(Self.classes[row])]
      expectClose(loss, -.log(own), relative: 1e-10, absolute: 1e-14)
      expectClose(probabilities[3 * row..<3 * row + 3].reduce(0, +), 1, relative: 1e-14)
    }
  }

  /// scipy.stats: norm, logistic and gumbel_l, `logpdf` and `logsf`, and differences of `sf`;
  /// XGBoost's aft-nloglik agrees to its single precision.
  @Test(
    "accelerated failure time",
    arguments: [
      (.normal, 2.2085024223435714, 2.0724570258493507),
      (.logistic, 2.2607167243676036, 2.1114590506087887),
      (.extremeValue, 2.6634283454648973, 2.392281782787846),
    ] as [(AcceleratedFailureTime.Noise, Double, Double)])
  func failureTimes(_ noise: AcceleratedFailureTime.Noise, _ byEvent: Double, _ byBounds: Double) {
    let scores = Self.scores.map { ($0 + 3) / 3 }
    expectClose(
      mean(
        AcceleratedFailureTime(noise, scale: 1), Self.positive, scores,
        rowData: Self.z.map { $0 > 0.3 ? 1 : 0 }), byEvent)
    let bounds = (0..<50).flatMap { row -> [Double] in
      let (time, part) = (Self.positive[row], Self.z[row])
      let lower = part < 0.2 ? 0 : time
      let upper = part > 0.8 ? .infinity : time * (1 + Self.x[row])
      return [lower, part > 0.2 && part < 0.3 ? lower : upper]
    }
    expectClose(
      mean(
        AcceleratedFailureTime(noise, scale: 1, censoring: .interval), Self.positive, scores,
        rowData: bounds), byBounds)
  }

  @Test("proportional hazards")
  func cox() {
    let events = Self.z.map { $0 > 0.3 ? 1.0 : 0 }
    // XGBoost's cox-nloglik is 4.7056869 per event; numpy gives the sum with all its digits.
    expectClose(mean(Cox(), Self.positive, rowData: events) * 50, 150.58198147467854)
    // numpy, Breslow's sum over all rows of at least the same time, with ties.
    let tied = Self.positive.map { $0.rounded(.toNearestOrEven) + 1 }
    #expect(Set(tied).count < 12)
    expectClose(mean(Cox(), tied, rowData: events) * 50, 155.2512409287787)
  }

  @Test("two parameters per row")
  func twoParameters() {
    // -scipy.stats.norm.logpdf, -scipy.stats.gamma.logpdf
    let gaussian = (0..<50).flatMap { row -> [Double] in [Self.scores[row], 2 * Self.x[row] - 1] }
    expectClose(mean(Gaussian(), Self.numbers, gaussian), 9.481925494310852)
    let gamma = (0..<50).flatMap { row -> [Double] in [Self.scores[row], 3 * Self.x[row] - 1] }
    expectClose(mean(GammaShape(), Self.positive, gamma), 29.285611419461524)
  }
}
