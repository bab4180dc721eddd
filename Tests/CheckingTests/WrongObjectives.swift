import Checking
import Losses
import RealModule
import TestSupport
import Testing

extension WrongObjectiveTests {
  /// Gradients and Hessians that are wrong in places, by terms or by factors.
  static var first: [Case] {
    let stale = Memory()
    return [
      Case(.imprecise, "off by the same 0.000501 of its size", severity: .warning) {
        oneScore(
          "rounded ln 2", link: .logit,
          formula: { (.softplus($0.score) - $0.target * $0.score) / Jet(Double.log(2)) }
        ) { row in
          let p = StableMath.sigmoid(row.score)
          return .init(gradient: (p - row.target) / 0.6928, hessian: p * (1 - p) / Double.log(2))
        }
      },
      Case(
        .gradientMismatch, "of score 2 (class 2?), and only there; there it is -1.00 x the slope"
      ) {
        softmax("class 2 flipped") { p, y in
          (0..<3).map { ($0 == 2 ? -1 : 1) * (p[$0] - Mistakes.oneHot(y, $0)) }
        }
      },
      Case(.gradientMismatch, "where |score - target| is above") {
        oneScore(
          "huber without clip",
          formula: { row in
            let r = Jet.abs(row.score - row.target); return r < 2 ? r * r / 2 : 2 * r - 2
          }
        ) { row in
          .init(gradient: row.score - row.target, hessian: 1)
        }
      },
      Case(.gradientMismatch, "and only there; there it is 0.500 x the slope") {
        oneScore(
          "huber without delta",
          formula: { row in
            let r = Jet.abs(row.score - row.target); return r < 2 ? r * r / 2 : 2 * r - 2
          }
        ) { row in
          let r = row.score - row.target
          return .init(gradient: r.magnitude < 2 ? r : (r > 0 ? 1 : -1), hessian: 1)
        }
      },
      Case(.gradientMismatch, "the loss reads 'exposure', the gradient does not") {
        oneScore(
          "exposure forgotten", data: ["exposure"], link: .log,
          formula: { $0.data[0] * .exp($0.score) - $0.target * $0.score }
        ) { row in
          let m = Double.exp(row.score)
          return .init(gradient: m - row.target, hessian: m)
        }
      },
      Case(.rowDataFactor, "gradient / w matches the loss") {
        oneScore("weight in gradient", data: ["w"], formula: { ($0.score - $0.target).squared() }) {
          row in
          .init(gradient: 2 * row.data[0] * (row.score - row.target), hessian: 2 * row.data[0])
        }
      },
      Case(.dividedByRows, "a mean where a sum is due") {
        BatchObjective("mean no loss") { s, rows, g, h in
          for i in 0..<rows.count {
            g[i] = 2 * (s[i] - rows.targets[i]) / Double(rows.count); h[i] = 2 / Double(rows.count)
          }
        }
      },
      Case(.dependsOnPosition, "when the rows are shuffled") {
        BatchObjective(
          "sorted",
          losses: { s, rows, l in
            for i in 0..<rows.count { l[i] = (s[i] - rows.targets[i]) * (s[i] - rows.targets[i]) }
          },
          derivatives: { s, rows, g, h in
            var t = (0..<rows.count).map { rows.targets[$0] }; t.sort()
            for i in 0..<rows.count { g[i] = 2 * (s[i] - t[i]); h[i] = 2 }
          })
      },
      Case(.notRepeatable, "two calls with the same rows") {
        BatchObjective("stale") { s, rows, g, h in
          let old =
            stale.previous.count == rows.count ? stale.previous : (0..<rows.count).map { s[$0] }
          stale.previous = (0..<rows.count).map { s[$0] }
          for i in 0..<rows.count { g[i] = 2 * (old[i] - rows.targets[i]); h[i] = 2 }
        }
      },
      Case(.wrongLink, "with the link 'logit' they are sigmoid(score)", severity: .note) {
        oneScore("logistic, identity link", formula: { .softplus($0.score) - $0.target * $0.score })
        { row in
          let p = StableMath.sigmoid(row.score)
          return .init(gradient: p - row.target, hessian: p * (1 - p))
        }
      },
      Case(.wrongLink, "predictions will be sigmoid(score) and miss it", severity: .warning) {
        oneScore("squared, logit link", link: .logit, formula: { ($0.score - $0.target).squared() })
        { row in
          .init(gradient: 2 * (row.score - row.target), hessian: 2)
        }
      },
      Case(.singlePrecision, "the loss has the precision of Float only", severity: .note) {
        CustomObjective(
          "float loss",
          loss: { row in
            let r = Float(row.score) - Float(row.target); return Double(r * r)
          },
          derivatives: { row in
            .init(gradient: 2 * (row.score - row.target), hessian: 2)
          })
      },
      Case(.constantFactor, "1 / 3, the number of scores") {
        CustomObjective(
          "mean of outputs", scoresPerRow: 3, rowData: ["a", "b"],
          formula: { row in
            (row.scores[0] - row.target).squared() + (row.scores[1] - row.data[0]).squared()
              + (row.scores[2] - row.data[1]).squared()
          },
          derivatives: { row, g, h in
            let t = [row.target, row.data[0], row.data[1]]
            for k in 0..<3 { g[k] = 2 * (row.scores[k] - t[k]) / 3; h[k] = 2.0 / 3 }
          })
      },
      Case(.swappedArguments, "two sides (tau and 1 - tau) are exchanged") {
        oneScore(
          "quantile swapped",
          formula: { row in
            let r = row.target - row.score; return .max(0.9 * r, -0.1 * r)
          }
        ) { row in
          .init(gradient: row.target > row.score ? -0.1 : 0.9, hessian: 1)
        }
      },
      Case(.missingTarget, "the target is left out") {
        oneScore(
          "tweedie term", link: .log,
          formula: { .exp(0.5 * $0.score) / 0.5 + $0.target * .exp(-0.5 * $0.score) / 0.5 }
        ) { row in
          .init(gradient: .exp(0.5 * row.score), hessian: 0.5 * .exp(0.5 * row.score))
        }
      },
      Case(.missingTarget, "the target is left out") {
        oneScore("gamma y", link: .log, formula: { $0.score + $0.target * .exp(-$0.score) }) {
          row in
          .init(gradient: 1 - .exp(-row.score), hessian: .exp(-row.score))
        }
      },
      Case(.gradientMismatch, "where the target is 0, and only there; there it is 0") {
        oneScore(
          "exponential 0/1", link: .logit,
          formula: { row in .exp(-(2 * row.target - 1) * row.score) }
        ) { row in
          .init(
            gradient: -row.target * .exp(-row.target * row.score),
            hessian: row.target * .exp(-row.target * row.score))
        }
      },
      Case(.flippedSign, "-1.00 x the numerical gradient") {
        oneScore(
          "hinge flipped", link: .logit,
          formula: { row in .max(0, 1 - (2 * row.target - 1) * row.score) }
        ) { row in
          let m = 2 * row.target - 1
          return .init(gradient: m * row.score < 1 ? m : 0, hessian: 1)
        }
      },
      Case(
        .gradientMismatch, "where the score is below the target, and only there; there it is -1.00"
      ) {
        oneScore("abs in gradient", formula: { ($0.score - $0.target).squared() }) { row in
          .init(gradient: 2 * (row.score - row.target).magnitude, hessian: 2)
        }
      },
      Case(.gradientMismatch, "is held constant: its own derivative is missing") {
        oneScore(
          "focal no modulation", link: .logit,
          formula: { row in
            let q = Jet.sigmoid(row.target > 0.5 ? row.score : -row.score);
            return -(1 - q).squared() * .log(q)
          }
        ) { row in
          let p = StableMath.sigmoid(row.score)
          let q = row.target > 0.5 ? p : 1 - p
          return .init(
            gradient: (1 - q) * (1 - q) * (p - row.target), hessian: (1 - q) * (1 - q) * p * (1 - p)
          )
        }
      },
      Case(.addedTerm, "at the true class and by -0.03333 elsewhere") {
        softmax("smoothing in gradient") { p, y in
          (0..<3).map { p[$0] - 0.9 * Mistakes.oneHot(y, $0) - 0.1 / 3 }
        }
      },
      Case(.gradientMismatch, "of score 1 (class 1?), and only there") {
        CustomObjective(
          "gaussian sigma", scoresPerRow: 2,
          formula: { row in
            row.scores[1] + ((row.target - row.scores[0]) / .exp(row.scores[1])).squared() / 2
          },
          derivatives: { row, g, h in
            let s = Double.exp(row.scores[1]); let r = row.scores[0] - row.target
            g[0] = r / (s * s); h[0] = 1 / (s * s)
            g[1] = 1 / s - r * r / (s * s * s); h[1] = 2
          })
      },
      Case(.gradientMismatch, "does not fit the loss") {
        GroupMean(mistake: 1)
      },
      Case(.constantFactor, "1 / 6, the number of rows of a group") {
        GroupMean(mistake: 2)
      },
    ]
  }
}
