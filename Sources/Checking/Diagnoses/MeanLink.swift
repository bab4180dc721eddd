import Losses
import RealModule

/// Which link turns the best score into the mean of the targets.
///
/// Of a row that comes with two targets, in shares `w` and `1 - w`, losses for means (squared
/// error, cross-entropy, Poisson, gamma, ...) are least where the prediction is the mean of both.
/// Losses for other quantities (medians, quantiles, modes) fit no link in this way and pass.
enum MeanLink {
  private static let shares = [0.3, 0.5, 0.8]

  static func finding(_ sample: CheckSample) -> Finding? {
    guard sample.objective.reach == .row, sample.objective.hasLoss else { return nil }
    return sample.width == 1 ? ofOneScore(sample) : ofClasses(sample)
  }

  /// Score changes per unit of score at which losses are compared.
  private static let step = 0.01

  /// Whether the minimum lies at the middle one of three losses, a step apart.
  private static func isLeast(_ below: Double, _ there: Double, _ above: Double) -> Bool {
    let bend = above + below - 2 * there
    guard bend.isFinite, bend > 1e-10 * there.magnitude else { return false }
    return ((above - below) / (2 * bend)).magnitude < 0.05
  }

  // MARK: - One score

  private struct Candidate {
    let link: Link
    let prediction: String
    /// The means that have a score, and targets to make them of.
    let means: ClosedRange<Double>
    /// The score that means a prediction.
    let score: (Double) -> Double
  }

  private static func ofOneScore(_ sample: CheckSample) -> Finding? {
    let link = sample.objective.link
    let usual = [
      Candidate(
        link: .identity, prediction: "the score itself",
        means: -.greatestFiniteMagnitude ... .greatestFiniteMagnitude
      ) { $0 },
      Candidate(link: .log, prediction: "exp(score)", means: 0 ... .greatestFiniteMagnitude) {
        $0 > 0 ? .log($0) : .nan
      },
      Candidate(link: .logit, prediction: "sigmoid(score)", means: 0...1) {
        $0 > 0 && $0 < 1 ? .log($0 / (1 - $0)) : .nan
      },
    ]
    guard let own = usual.first(where: { $0.link == link }), !fits(sample, own),
      let other = usual.first(where: { $0.link != link && fits(sample, $0) })
    else { return nil }
    return Finding(
      link == .identity ? .note : .warning, .wrongLink,
      "the loss is least where \(other.prediction) is the mean of the targets, but the link is "
        + "\(link.rawValue): predictions will be \(own.prediction) and miss it; use the link "
        + "\(other.link.rawValue)")
  }

  /// A few rows, each with two targets of the sample's within `means`.
  private static func pairs(
    _ sample: CheckSample, _ means: ClosedRange<Double>
  ) -> (CheckSample, CheckSample)? {
    let pool = Set(sample.targets.filter(means.contains)).sorted()
    var places: [Int] = []
    var others: [Double] = []
    for row in 0..<sample.count where places.count < 8 && means.contains(sample.targets[row]) {
      let target = pool.first { other in
        guard other != sample.targets[row] else { return false }
        var alone = sample.picking([row])
        alone.targets[0] = other
        return alone.refusal == nil
      }
      guard let target else { continue }
      places.append(row)
      others.append(target)
    }
    guard places.count >= 4 else { return nil }
    let first = sample.picking(places)
    var second = first
    second.targets = others
    return (first, second)
  }

  private static func fits(_ sample: CheckSample, _ candidate: Candidate) -> Bool {
    guard let (first, second) = pairs(sample, candidate.means) else { return false }
    return shares.allSatisfy { share in
      let scores = zip(first.targets, second.targets).map {
        candidate.score(share * $0 + (1 - share) * $1)
      }
      guard scores.allSatisfy(\.isFinite) else { return false }
      func losses(_ steps: Double) -> [Double] {
        var (a, b) = (first, second)
        a.scores = scores.map { $0 + steps * step * max(1, $0.magnitude) }
        b.scores = a.scores
        return zip(a.losses(), b.losses()).map { share * $0 + (1 - share) * $1 }
      }
      let (below, there, above) = (losses(-1), losses(0), losses(1))
      return there.indices.allSatisfy { isLeast(below[$0], there[$0], above[$0]) }
    }
  }

  // MARK: - Classes

  /// A softmax in the loss of an objective whose predictions are raw scores.
  private static func ofClasses(_ sample: CheckSample) -> Finding? {
    let width = sample.width
    let isClass = sample.targets.allSatisfy { $0 >= 0 && $0 < Double(width) && $0 == $0.rounded() }
    guard sample.objective.link == .identity, width <= 16, isClass,
      Set(sample.targets).count > 1
    else { return nil }
    // One copy of a row per class; the class k has the share k + 1.
    var classes = sample.picking(Array(repeating: 0, count: width))
    for k in 0..<width { classes.targets[k] = Double(k) }
    guard classes.refusal == nil else { return nil }
    let sum = Double(width * (width + 1) / 2)
    let shares = (1...width).map { Double($0) / sum }
    func loss(_ moved: Int, _ shift: Double) -> Double {
      var scores = shares.map { Double.log($0) }
      scores[moved] += shift
      var rows = classes
      rows.scores = (0..<width).flatMap { _ in scores }
      return zip(rows.losses(), shares).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let fits = (0..<width).allSatisfy { k in
      isLeast(loss(k, -step), loss(k, 0), loss(k, step))
    }
    guard fits else { return nil }
    return Finding(
      .warning, .wrongLink,
      "the loss is least where softmax(scores) are the shares of the classes, but the link is "
        + "identity: predictions will be raw scores; use the link softmax")
  }
}
