import Checking
import Losses
import RealModule
import TestSupport
import Testing

extension SoundObjectiveTests {
  /// Losses of a residual: bounded, kinked, flat, skewed, huge and tiny.
  static var ofResiduals: [any Objective] {
    [
      WrongObjectiveTests.oneScore(
        "tukey",
        formula: { row in
          let u = (row.score - row.target) / 4.685;
          return .abs(u) < 1 ? 1 - Jet.pow(1 - u * u, 3) : 1
        }
      ) { row in
        let u = (row.score - row.target) / 4.685
        let a = 1 - u * u
        return u.magnitude < 1
          ? .init(
            gradient: 6 * u * a * a / 4.685, hessian: (6 * a * a - 24 * u * u * a) / (4.685 * 4.685)
          ) : .init(gradient: 0, hessian: 0)
      },
      WrongObjectiveTests.oneScore(
        "tukey narrow",
        formula: { row in
          let u = (row.score - row.target) / 0.5; return .abs(u) < 1 ? 1 - Jet.pow(1 - u * u, 3) : 1
        }
      ) { row in
        let u = (row.score - row.target) / 0.5
        let a = 1 - u * u
        return u.magnitude < 1
          ? .init(gradient: 12 * u * a * a, hessian: 24 * a * a - 96 * u * u * a)
          : .init(gradient: 0, hessian: 0)
      },
      WrongObjectiveTests.oneScore(
        "welsch", formula: { row in 1 - .exp(-(row.score - row.target).squared() / 2) }
      ) { row in
        let r = row.score - row.target; let e = Double.exp(-r * r / 2)
        return .init(gradient: r * e, hessian: (1 - r * r) * e)
      },
      WrongObjectiveTests.oneScore(
        "cauchy", formula: { row in .log(onePlus: (row.score - row.target).squared()) }
      ) { row in
        let r = row.score - row.target; let q = 1 + r * r
        return .init(gradient: 2 * r / q, hessian: 2 * (1 - r * r) / (q * q))
      },
      WrongObjectiveTests.oneScore(
        "cauchy irls", formula: { row in .log(onePlus: (row.score - row.target).squared()) }
      ) { row in
        let r = row.score - row.target; let q = 1 + r * r
        return .init(gradient: 2 * r / q, hessian: 2 / q)
      },
      WrongObjectiveTests.oneScore(
        "geman",
        formula: { row in
          let q = (row.score - row.target).squared(); return q / (1 + q)
        }
      ) { row in
        let r = row.score - row.target; let q = 1 + r * r
        return .init(gradient: 2 * r / (q * q), hessian: (2 - 6 * r * r) / (q * q * q))
      },
      WrongObjectiveTests.oneScore("laplace", formula: { .abs($0.score - $0.target) }) { row in
        .init(gradient: row.score > row.target ? 1 : row.score < row.target ? -1 : 0, hessian: 1)
      },
      WrongObjectiveTests.oneScore("laplace other side", formula: { .abs($0.score - $0.target) }) {
        row in
        .init(gradient: row.score >= row.target ? 1 : -1, hessian: 1)
      },
      WrongObjectiveTests.oneScore(
        "gumbel",
        formula: { row in
          let z = row.target - row.score; return z + .exp(-z)
        }
      ) { row in
        let e = Double.exp(row.score - row.target)
        return .init(gradient: e - 1, hessian: e)
      },
      WrongObjectiveTests.oneScore(
        "linex",
        formula: { row in
          let r = row.score - row.target; return .exp(0.3 * r) - 0.3 * r - 1
        }
      ) { row in
        let e = Double.exp(0.3 * (row.score - row.target))
        return .init(gradient: 0.3 * (e - 1), hessian: 0.09 * e)
      },
      WrongObjectiveTests.oneScore(
        "asymmetric",
        formula: { row in
          let r = row.score - row.target; return r > 0 ? 10 * r * r : r * r
        }
      ) { row in
        let r = row.score - row.target
        return .init(gradient: r > 0 ? 20 * r : 2 * r, hessian: r > 0 ? 20 : 2)
      },
      WrongObjectiveTests.oneScore(
        "quantile huber",
        formula: { row in
          let r = row.score - row.target; let a = Jet.abs(r)
          return (r > 0 ? 0.1 : 0.9) * (a < 1 ? r * r / 2 : a - 0.5)
        }
      ) { row in
        let r = row.score - row.target; let w = r > 0 ? 0.1 : 0.9
        return .init(gradient: w * max(-1, min(1, r)), hessian: w)
      },
      WrongObjectiveTests.oneScore("huge", formula: { 1e12 * ($0.score - $0.target).squared() }) {
        .init(gradient: 2e12 * ($0.score - $0.target), hessian: 2e12)
      },
      WrongObjectiveTests.oneScore("tiny", formula: { 1e-12 * ($0.score - $0.target).squared() }) {
        .init(gradient: 2e-12 * ($0.score - $0.target), hessian: 2e-12)
      },
      WrongObjectiveTests.oneScore("log cosh", formula: { .logCosh($0.score - $0.target) }) { row in
        let t = Double.tanh(row.score - row.target)
        return .init(gradient: t, hessian: 1 - t * t)
      },
      WrongObjectiveTests.oneScore(
        "epsilon insensitive", formula: { row in .max(0, .abs(row.score - row.target) - 0.5) }
      ) { row in
        let r = row.score - row.target
        return .init(gradient: r.magnitude > 0.5 ? (r > 0 ? 1 : -1) : 0, hessian: 1)
      },
      WrongObjectiveTests.oneScore(
        "arctan", formula: { row in .atan((row.score - row.target).squared()) }
      ) { row in
        let r = row.score - row.target; let q = 1 + r * r * r * r
        return .init(gradient: 2 * r / q, hessian: 2 / q - 8 * r * r * r * r / (q * q))
      },
      WrongObjectiveTests.oneScore("circular", formula: { row in 1 - .cos(row.score - row.target) })
      { row in
        .init(gradient: .sin(row.score - row.target), hessian: .cos(row.score - row.target))
      },
      WrongObjectiveTests.oneScore(
        "truncated squared", formula: { row in .min((row.score - row.target).squared(), 4) }
      ) { row in
        let r = row.score - row.target
        return r.magnitude < 2 ? .init(gradient: 2 * r, hessian: 2) : .init(gradient: 0, hessian: 0)
      },
      WrongObjectiveTests.oneScore(
        "power 1.5", formula: { row in .pow(.abs(row.score - row.target), 1.5) }
      ) { row in
        let r = row.score - row.target
        return .init(
          gradient: 1.5 * r.magnitude.squareRoot() * (r > 0 ? 1 : -1),
          hessian: 0.75 / max(1e-9, r.magnitude.squareRoot()))
      },
      WrongObjectiveTests.oneScore(
        "root", formula: { row in .sqrt(.abs(row.score - row.target) + 1e-6) }
      ) { row in
        let r = row.score - row.target; let q = (r.magnitude + 1e-6).squareRoot()
        return .init(gradient: (r > 0 ? 1 : -1) / (2 * q), hessian: 1)
      },
      WrongObjectiveTests.oneScore("power 4", formula: { row in .pow(row.score - row.target, 4) }) {
        row in
        let r = row.score - row.target
        return .init(gradient: 4 * r * r * r, hessian: 12 * r * r)
      },
      WrongObjectiveTests.oneScore(
        "weighted by row data", data: ["w"],
        formula: { $0.data[0] * ($0.score - $0.target).squared() }
      ) { row in
        .init(gradient: 2 * row.data[0] * (row.score - row.target), hessian: 2 * row.data[0])
      },
      WrongObjectiveTests.oneScore(
        "barrier",
        formula: { row in (row.score - row.target).squared() + 0.01 * .exp(-row.score / 5) }
      ) { row in
        let e = Double.exp(-row.score / 5)
        return .init(gradient: 2 * (row.score - row.target) - 0.002 * e, hessian: 2 + 0.0004 * e)
      },
      WrongObjectiveTests.oneScore(
        "softplus link poisson",
        formula: { row in
          let m = Jet.softplus(row.score) + 1e-9; return m - .abs(row.target) * .log(m)
        }
      ) { row in
        let m = StableMath.softplus(row.score) + 1e-9; let p = StableMath.sigmoid(row.score);
        let y = row.target.magnitude
        return .init(
          gradient: p * (1 - y / m), hessian: p * (1 - p) * (1 - y / m) + y * p * p / (m * m))
      },
      WrongObjectiveTests.oneScore(
        "plateau of rounding", formula: { row in (row.score - row.target).squared() + 1e6 }
      ) { row in
        .init(gradient: 2 * (row.score - row.target), hessian: 2)
      },
      WrongObjectiveTests.oneScore(
        "mostly flat",
        formula: { row in
          let r = .abs(row.score - row.target) - 3; return r > 0 ? r * r : 0
        }
      ) { row in
        let r = row.score - row.target; let e = r.magnitude - 3
        return e > 0
          ? .init(gradient: 2 * e * (r > 0 ? 1 : -1), hessian: 2) : .init(gradient: 0, hessian: 0)
      },
    ]
  }
}
