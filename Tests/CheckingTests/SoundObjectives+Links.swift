import Checking
import Losses
import RealModule
import TestSupport
import Testing

extension SoundObjectiveTests {
  /// Losses behind a link, of several scores, or with a stand-in Hessian.
  static var behindLinks: [any Objective] {
    [
      WrongObjectiveTests.oneScore(
        "hinge", link: .logit, formula: { row in .max(0, 1 - (2 * row.target - 1) * row.score) }
      ) { row in
        let m = 2 * row.target - 1
        return .init(gradient: m * row.score < 1 ? -m : 0, hessian: 1)
      },
      WrongObjectiveTests.oneScore(
        "squared hinge", link: .logit,
        formula: { row in .max(0, 1 - (2 * row.target - 1) * row.score).squared() }
      ) { row in
        let m = 2 * row.target - 1; let z = max(0, 1 - m * row.score)
        return .init(gradient: -2 * m * z, hessian: z > 0 ? 2 : 0)
      },
      WrongObjectiveTests.oneScore(
        "exponential", link: .logit, formula: { row in .exp(-(2 * row.target - 1) * row.score) }
      ) { row in
        let m = 2 * row.target - 1; let e = Double.exp(-m * row.score)
        return .init(gradient: -m * e, hessian: e)
      },
      WrongObjectiveTests.oneScore(
        "tweedie 1.01", link: .log,
        formula: { row in
          .exp(0.99 * row.score) / 0.99 + row.target * .exp(-0.01 * row.score) / 0.01
        }
      ) { row in
        let (a, b) = (Double.exp(0.99 * row.score), Double.exp(-0.01 * row.score))
        return .init(gradient: a - row.target * b, hessian: 0.99 * a + 0.01 * row.target * b)
      },
      WrongObjectiveTests.oneScore(
        "tweedie 1.99", link: .log,
        formula: { row in
          .exp(0.01 * row.score) / 0.01 + row.target * .exp(-0.99 * row.score) / 0.99
        }
      ) { row in
        let (a, b) = (Double.exp(0.01 * row.score), Double.exp(-0.99 * row.score))
        return .init(gradient: a - row.target * b, hessian: 0.01 * a + 0.99 * row.target * b)
      },
      WrongObjectiveTests.oneScore(
        "tiny logistic", link: .logit,
        formula: { 1e-12 * (.softplus($0.score) - $0.target * $0.score) }
      ) { row in
        let p = StableMath.sigmoid(row.score)
        return .init(gradient: 1e-12 * (p - row.target), hessian: 1e-12 * p * (1 - p))
      },
      WrongObjectiveTests.oneScore(
        "brier", link: .logit, formula: { (Jet.sigmoid($0.score) - $0.target).squared() }
      ) { row in
        let p = StableMath.sigmoid(row.score); let s = p * (1 - p)
        return .init(
          gradient: 2 * (p - row.target) * s,
          hessian: 2 * s * s + 2 * (p - row.target) * s * (1 - 2 * p))
      },
      WrongObjectiveTests.oneScore(
        "brier gauss newton", link: .logit,
        formula: { (Jet.sigmoid($0.score) - $0.target).squared() }
      ) { row in
        let p = StableMath.sigmoid(row.score); let s = p * (1 - p)
        return .init(gradient: 2 * (p - row.target) * s, hessian: 2 * s * s)
      },
      WrongObjectiveTests.oneScore(
        "poisson exposure", data: ["exposure"], link: .log,
        formula: { $0.data[0] * .exp($0.score) - $0.target * $0.score }
      ) { row in
        let m = row.data[0] * Double.exp(row.score)
        return .init(gradient: m - row.target, hessian: m)
      },
      WrongObjectiveTests.oneScore(
        "negative binomial", link: .log,
        formula: { row in
          (row.target + 2) * .softplus(row.score - Jet(.log(2))) - row.target * row.score
        }
      ) { row in
        let p = StableMath.sigmoid(row.score - .log(2))
        return .init(
          gradient: (row.target + 2) * p - row.target, hessian: (row.target + 2) * p * (1 - p))
      },
      WrongObjectiveTests.oneScore(
        "|g| hessian", link: .logit, formula: { .softplus($0.score) - $0.target * $0.score }
      ) { row in
        let g = StableMath.sigmoid(row.score) - row.target
        return .init(gradient: g, hessian: g.magnitude)
      },
      WrongObjectiveTests.oneScore(
        "elliptic 1/4", link: .logit, formula: { .softplus($0.score) - $0.target * $0.score }
      ) { row in
        .init(gradient: StableMath.sigmoid(row.score) - row.target, hessian: 0.25)
      },
      CustomObjective(
        "gaussian", scoresPerRow: 2, link: .locationScale,
        formula: { row in
          row.scores[1] + ((row.target - row.scores[0]) / .exp(row.scores[1])).squared() / 2
        },
        derivatives: { row, g, h in
          let s = Double.exp(-2 * row.scores[1]); let r = row.scores[0] - row.target
          g[0] = r * s; h[0] = s
          g[1] = 1 - r * r * s; h[1] = 2
        }),
      CustomObjective(
        "student", scoresPerRow: 2, link: .locationScale,
        formula: { row in
          row.scores[1] + 2.5
            * .log(onePlus: ((row.target - row.scores[0]) / .exp(row.scores[1])).squared() / 4)
        },
        derivatives: { row, g, h in
          let s = Double.exp(-2 * row.scores[1]); let r = row.scores[0] - row.target;
          let q = 4 + r * r * s
          g[0] = 5 * r * s / q; h[0] = 5 * s / q
          g[1] = 1 - 5 * r * r * s / q; h[1] = 2
        }),
      CustomObjective(
        "three targets", scoresPerRow: 3, rowData: ["a", "b"],
        formula: { row in
          (row.scores[0] - row.target).squared() + (row.scores[1] - row.data[0]).squared()
            + (row.scores[2] - row.data[1]).squared()
        },
        derivatives: { row, g, h in
          let t = [row.target, row.data[0], row.data[1]]
          for k in 0..<3 { g[k] = 2 * (row.scores[k] - t[k]); h[k] = 2.0 }
        }),
      WrongObjectiveTests.softmax("softmax") { p, y in
        (0..<3).map { p[$0] - Mistakes.oneHot(y, $0) }
      },
      CustomObjective(
        "temperature", scoresPerRow: 3, link: .softmax,
        formula: { row in
          let t = Jet(0.5); var sum = Jet(0)
          var m = row.scores[0]
          for k in 1..<3 { m = .max(m, row.scores[k]) }
          let mm = Jet(m.value)
          for k in 0..<3 { sum += .exp(t * (row.scores[k] - mm)) }
          return .log(sum) + t * mm - t * row.scores[row.target]
        },
        derivatives: { row, g, h in
          let p = Mistakes.probabilities(
            [0.5 * row.scores[0], 0.5 * row.scores[1], 0.5 * row.scores[2]].span)
          for k in 0..<3 {
            g[k] = 0.5 * (p[k] - Mistakes.oneHot(Int(row.target), k));
            h[k] = 0.25 * p[k] * (1 - p[k])
          }
        }),
      GroupMean(mistake: 0),
    ]
  }
}
