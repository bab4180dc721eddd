// Time per row of losses given alone (jets) and as text, beside the objective written by hand.
//
//     swift run -c release --package-path Benchmarks/Objectives
//
// Best of 60 passes over 100,000 rows on one thread. Ends with an error if the derivatives of an
// expression take more than four times those of its twin, or the jets of the logistic loss more
// than two and a half times.
import Foundation
import Formulas
import Losses
import Tabular

let rowCount = 100_000

func nanosecondsPerRow(_ objective: any Objective, classes: Int, loss: Bool) -> Double {
  var generator = RandomGenerator(seed: 1)
  let width = objective.scoresPerRow
  let scores = (0..<rowCount * width).map { _ in 3 * generator.normal() }
  let targets = (0..<rowCount).map { _ in Double(generator.index(below: classes)) }
  let rowData = (0..<rowCount * objective.rowDataNames.count).map { _ in
    1 + 9 * generator.uniform()
  }
  var first = [Double](repeating: 0, count: scores.count)
  var second = first
  let clock = ContinuousClock()
  var best = Duration.seconds(1_000)
  for _ in 0..<60 {
    let start = clock.now
    let rows = Rows(
      targets: targets.span, rowData: rowData.span, rowDataCount: objective.rowDataNames.count)
    var g = first.mutableSpan
    var h = second.mutableSpan
    if loss {
      objective.losses(at: scores.span, rows, into: &g)
    } else {
      objective.derivatives(at: scores.span, rows, gradients: &g, hessians: &h)
    }
    best = min(best, clock.now - start)
  }
  return best / .nanoseconds(rowCount)
}

func rounded(_ number: Double) -> Double { (number * 100).rounded() / 100 }

let pseudoHuber = CustomObjective(
  "pseudo-huber", rowData: ["delta"],
  loss: { row in
    let delta = row.data[0]
    let r = (row.score - row.target) / delta
    return delta * delta * ((1 + r * r).squareRoot() - 1)
  },
  derivatives: { row in
    let delta = row.data[0]
    let r = (row.score - row.target) / delta
    let q = (1 + r * r).squareRoot()
    return .init(gradient: delta * r / q, hessian: 1 / (q * q * q))
  })
let huber = CustomObjective(
  "huber", rowData: ["delta"],
  loss: { row in
    let r = (row.score - row.target).magnitude
    return r <= row.data[0] ? r * r / 2 : row.data[0] * (r - row.data[0] / 2)
  },
  derivatives: { row in
    let delta = row.data[0]
    let r = row.score - row.target
    return r.magnitude <= delta
      ? .init(gradient: r, hessian: 1) : .init(gradient: r > 0 ? delta : -delta, hessian: 0)
  })
let sneJets = DifferentiableObjective("sne", rowData: ["size"]) { row in
  ((row.score - row.target) / row.data[0]).squared()
}
let logisticJets = DifferentiableObjective("logistic", link: .logit) { row in
  Jet.softplus(row.score) - row.target * row.score
}
/// The same as a type with a parameter, which the compiler cannot see through.
struct LogisticLoss: DifferentiableLoss {
  let sharpness: Double
  var name: String { "logistic" }
  var defaultMetric: Metric { .logLoss }

  func loss<Scalar>(_ row: borrowing LossVariables<Scalar>) -> Scalar {
    let x = Scalar(sharpness) * row.score
    return Scalar.softplus(x) - row.target * x
  }
}
let sharpness = Double(CommandLine.arguments.count)
/// The same as a closure that captures, which is called for each row.
let capturing = DifferentiableObjective("logistic", link: .logit) { row in
  let x = Jet(sharpness) * row.score
  return Jet.softplus(x) - row.target * x
}
let pairs: [(any Objective, String)] = [
  (SquaredError(), "square(score - y)"),
  (SizeNormalisedSquaredError(), "square((score - y) / size)"),
  (Logistic(), "softplus(score) - y * score"),
  (pseudoHuber, "let r = (score - y) / delta in square(delta) * (sqrt(1 + r * r) - 1)"),
  (huber, "let r = abs(score - y) in if(r <= delta, r * r / 2, delta * (r - delta / 2))"),
  (SoftmaxCrossEntropy(classes: 3), "logsumexp(score) - score[y]"),
  (SoftmaxCrossEntropy(classes: 10), "logsumexp(score) - score[y]"),
]

var isWithinBound = true
print("| loss | what | by hand, ns/row | expression, ns/row | ratio |\n|---|---|---|---|---|")
for (compiled, text) in pairs {
  let classes = max(2, compiled.scoresPerRow)
  let expression = try parseObjective(text, classes: classes)
  for loss in [false, true] {
    let byHand = nanosecondsPerRow(compiled, classes: classes, loss: loss)
    let asText = nanosecondsPerRow(expression, classes: classes, loss: loss)
    print(
      "| \(compiled.name) (\(compiled.scoresPerRow)) | \(loss ? "loss" : "derivatives") "
        + "| \(rounded(byHand)) | \(rounded(asText)) | \(rounded(asText / byHand)) |")
    if !loss, asText > 4 * byHand { isWithinBound = false }
  }
}

print(
  "\n| loss alone, by jets | written as | by hand, ns/row | jets, ns/row | ratio |"
    + "\n|---|---|---|---|---|")
let jetTwins: [(any Objective, any Objective, String)] = [
  (SizeNormalisedSquaredError(), sneJets, "closure"),
  (Logistic(), logisticJets, "closure"),
  (Logistic(), LogisticLoss(sharpness: sharpness), "type with a parameter"),
  (Logistic(), capturing, "closure that captures"),
]
for (compiled, jets, kind) in jetTwins {
  let byHand = nanosecondsPerRow(compiled, classes: 2, loss: false)
  let byJets = nanosecondsPerRow(jets, classes: 2, loss: false)
  print(
    "| \(jets.name) | \(kind) | \(rounded(byHand)) | \(rounded(byJets)) "
      + "| \(rounded(byJets / byHand)) |")
  if jets.name == "logistic", byJets > 2.5 * byHand { isWithinBound = false }
}
// exit, unlike fatalError, lets the buffered table out.
if !isWithinBound {
  print("\nan objective takes longer than its bound allows")
  exit(1)
}
