import Checking
import Losses
import RealModule
import TestSupport
import Testing

extension WrongObjectiveTests {
  /// Gradients and Hessians that are wrong in other ways.
  static var second: [Case] {
    return [
      Case(.dependsOnPosition, "when the rows are shuffled") {
        BatchObjective(
          "parity",
          losses: { s, rows, l in
            for i in 0..<rows.count { let r = s[i] - rows.targets[i]; l[i] = r * r }
          }
        ) { s, rows, g, h in
          for i in 0..<rows.count {
            g[i] = (i % 2 == 0 ? 2 : -2) * (s[i] - rows.targets[i]); h[i] = 2
          }
        }
      },
      Case(.notFinite, "gradient is NaN at score") {
        oneScore(
          "NaN at y = 0", link: .log, formula: { row in .exp(row.score) - row.target * row.score }
        ) { row in
          let m = Double.exp(row.score)
          return .init(gradient: m - row.target + 0 * Double.log(row.target), hessian: m)
        }
      },
      Case(.constantFactor, "gradient is 4.00 x the numerical gradient") {
        oneScore(
          "temperature", link: .logit,
          formula: { .softplus($0.score / 4) - $0.target * $0.score / 4 }
        ) { row in
          let p = StableMath.sigmoid(row.score / 4)
          return .init(gradient: p - row.target, hessian: p * (1 - p))
        }
      },
      Case(.gradientMismatch, "where the target is 1, and only there; there it is 5.00 x the slope")
      {
        oneScore(
          "class weight in gradient", link: .logit,
          formula: { .softplus($0.score) - $0.target * $0.score }
        ) { row in
          let p = StableMath.sigmoid(row.score)
          let w: Double = row.target == 1 ? 5 : 1
          return .init(gradient: w * (p - row.target), hessian: w * p * (1 - p))
        }
      },
      Case(.hessianRowDataFactor, "Hessian lacks / size") {
        oneScore(
          "hessian / size", data: ["size"],
          formula: { (($0.score - $0.target) / $0.data[0]).squared() }
        ) { row in
          let z = row.data[0]
          return .init(gradient: 2 * (row.score - row.target) / (z * z), hessian: 2 / z)
        }
      },
      Case(.surrogateHessian, "Hessian is the square of the gradient", severity: .note) {
        oneScore("hessian gradient squared", formula: { ($0.score - $0.target).squared() }) { row in
          let g = 2 * (row.score - row.target)
          return .init(gradient: g, hessian: g * g)
        }
      },
      Case(.hessianMismatch, "has an extra factor p (1 - p), p = sigmoid(score)") {
        oneScore(
          "hessian squared", link: .logit, formula: { .softplus($0.score) - $0.target * $0.score }
        ) { row in
          let p = StableMath.sigmoid(row.score)
          return .init(gradient: p - row.target, hessian: p * p * (1 - p) * (1 - p))
        }
      },
      Case(.missingLinkDerivative, "gradient lacks the factor exp(score)") {
        oneScore("log link chain", link: .log, formula: { (.exp($0.score) - $0.target).squared() })
        { row in
          let m = Double.exp(row.score)
          return .init(gradient: 2 * (m - row.target), hessian: 2 * m * m)
        }
      },
      Case(.gradientMismatch, "does not fit the loss") {
        oneScore(
          "rmsle chain",
          formula: { row in
            (.log(onePlus: .max(row.score, 0)) - .log(onePlus: .abs(row.target))).squared()
          }
        ) { row in
          .init(
            gradient: 2
              * (Double.log(onePlus: max(row.score, 0)) - Double.log(onePlus: row.target.magnitude)),
            hessian: 2)
        }
      },
      Case(.swappedArguments, "with target and score exchanged") {
        oneScore(
          "mape by score", formula: { row in .abs(row.score - row.target) / (.abs(row.target) + 1) }
        ) { row in
          .init(gradient: (row.score > row.target ? 1 : -1) / (row.score.magnitude + 1), hessian: 1)
        }
      },
      Case(.swappedArguments, "with 'size' and 'price' exchanged") {
        oneScore(
          "columns swapped", data: ["size", "price"],
          formula: { row in row.data[1] * ((row.score - row.target) / row.data[0]).squared() }
        ) { row in
          let (a, b) = (row.data[1], row.data[0])
          return .init(
            gradient: 2 * b * (row.score - row.target) / (a * a), hessian: 2 * b / (a * a))
        }
      },
      Case(.swappedArguments, "the target's sign flipped") {
        oneScore("loses target sign", formula: { ($0.score - $0.target).squared() }) { row in
          .init(gradient: 2 * (row.score + row.target), hessian: 2)
        }
      },
      Case(.addedTerm, "plus 1.00 in every place") {
        oneScore("constant added", formula: { ($0.score - $0.target).squared() }) { row in
          .init(gradient: 2 * (row.score - row.target) + 1, hessian: 2)
        }
      },
      Case(.addedTerm, "plus 0.200 x score: a penalty") {
        oneScore("l2 penalty in gradient", formula: { ($0.score - $0.target).squared() }) { row in
          .init(gradient: 2 * (row.score - row.target) + 0.2 * row.score, hessian: 2.2)
        }
      },
      Case(.gradientMismatch, "far away, with scores moved by 20 and 88", severity: .warning) {
        oneScore(
          "far only",
          formula: { row in
            let r = row.score - row.target; return (1 + r.squared() / 10000).squared() * 100
          }
        ) { row in
          let r = row.score - row.target
          return .init(
            gradient: r.magnitude < 30 ? 0.04 * r * (1 + r * r / 10000) : 0, hessian: 0.04)
        }
      },
      Case(.gradientMismatch, "takes only 3 different values") {
        oneScore(
          "sum of scores", link: .logit, formula: { .softplus($0.score) - $0.target * $0.score }
        ) { row in
          .init(gradient: (row.score > 0 ? 1 : 0) - row.target, hessian: 0.25)
        }
      },
      Case(.gradientMismatch, "takes only 3 different values") {
        softmax("argmax instead of p") { p, y in
          (0..<3).map { (p[$0] == p.max() ? 1 : 0) - Mistakes.oneHot(y, $0) }
        }
      },
      Case(.gradientMismatch, "those of the other classes are missing") {
        softmax("only true class") { p, y in (0..<3).map { $0 == y ? p[$0] - 1 : 0 } }
      },
      Case(.gradientMismatch, "in 100 % of the places") {
        softmax("normalised") { p, y in
          let g = (0..<3).map { p[$0] - Mistakes.oneHot(y, $0) }
          let n = g.reduce(0) { $0 + $1 * $1 }.squareRoot()
          return g.map { $0 / n }
        }
      },
      Case(.imprecise, "a difference quotient", severity: .warning) {
        oneScore(
          "difference quotient",
          formula: { row in .exp(row.score - row.target) - (row.score - row.target) }
        ) { row in
          func f(_ s: Double) -> Double { Double.exp(s - row.target) - s }
          return .init(
            gradient: (f(row.score + 1e-3) - f(row.score)) / 1e-3,
            hessian: .exp(row.score - row.target))
        }
      },
      Case(.missingLinkDerivative, "gradient lacks the factor p (1 - p)") {
        oneScore(
          "squared log of prob", link: .logit,
          formula: { (Jet.sigmoid($0.score) - $0.target).squared() }
        ) { row in
          let p = StableMath.sigmoid(row.score)
          return .init(gradient: 2 * (p - row.target), hessian: 2 * p * (1 - p))
        }
      },
      Case(.hessianFactor, "steps are 64.0 x too short (the number of rows or the size of a") {
        oneScore("hessian of batch size", formula: { ($0.score - $0.target).squared() }) { row in
          .init(gradient: 2 * (row.score - row.target), hessian: 2 * 64)
        }
      },
      Case(.gradientMismatch, "in 100 % of the places") {
        oneScore(
          "negative log scale", data: ["size"],
          formula: { (($0.score - $0.target) / $0.data[0]).squared() }
        ) { row in
          let z = Double.log(row.data[0])
          return .init(gradient: 2 * (row.score - row.target) / (z * z), hessian: 2 / (z * z))
        }
      },
      Case(.gradientMismatch, "the ratio of both depends on 'size' alone") {
        oneScore(
          "size + 1", data: ["size"], formula: { (($0.score - $0.target) / $0.data[0]).squared() }
        ) { row in
          let z = row.data[0] + 1
          return .init(gradient: 2 * (row.score - row.target) / (z * z), hessian: 2 / (z * z))
        }
      },
      Case(.constantFactor, "gradient is 1.0e6 x") {
        CustomObjective(
          "everything / 1e6, gradient not",
          loss: { 1e-6 * ($0.score - $0.target) * ($0.score - $0.target) },
          derivatives: { row in
            .init(gradient: 2 * (row.score - row.target), hessian: 2)
          })
      },
    ]
  }
}
