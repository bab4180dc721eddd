import Checking
import Losses

// The focal loss of Lin et al., "Focal Loss for Dense Object Detection" (ICCV 2017), gamma = 2, on
// the raw score z. With s = z for the label 1 and s = -z for the label 0, both terms of the PyTorch
// formula are the same: (1 - sigmoid(s))^2 softplus(-s).
@Sendable func focal(_ z: Double, _ y: Double) -> Double {
  let s = y == 1 ? z : -z
  let q = StableMath.sigmoid(-s)
  return q * q * StableMath.softplus(-s)
}

// 1. As first written: the weight q^2 is treated as a constant, and p - y carries the rest.
let wrong = CustomObjective(
  "focal, first attempt", link: .logit, loss: { focal($0.score, $0.target) },
  derivatives: { row in
    let p = StableMath.sigmoid(row.score)
    let q = row.target == 1 ? 1 - p : p
    return .init(gradient: q * q * (p - row.target), hessian: q * q * p * (1 - p))
  })
print(wrong.check())
print()

// 2. And with the sign of a paper that maximises.
let flipped = CustomObjective(
  "logistic, y - p", link: .logit,
  loss: { StableMath.softplus($0.score) - $0.target * $0.score },
  derivatives: { row in
    let p = StableMath.sigmoid(row.score)
    return .init(gradient: row.target - p, hessian: p * (1 - p))
  })
print(flipped.check())
print()

// 3. Only the loss; the derivatives follow.
let fromLoss = DifferentiableObjective("focal, from the loss", link: .logit) { row in
  let s = (2 * row.target - 1) * row.score
  return Jet.sigmoid(-s).squared() * Jet.softplus(-s)
}
print(fromLoss.check())
print()

// 4. By hand, in full: with q = sigmoid(-s), dq/ds = -q (1 - q) and d softplus(-s)/ds = -q.
let right = CustomObjective(
  "focal, by hand", link: .logit, loss: { focal($0.score, $0.target) },
  derivatives: { row in
    let sign: Double = row.target == 1 ? 1 : -1
    let s = sign * row.score
    let q = StableMath.sigmoid(-s)
    let p = StableMath.sigmoid(s)
    let l = StableMath.softplus(-s)
    // f = q^2 l, f' = -q^2 (2 p l + q), and once more.
    let gradient = -q * q * (2 * p * l + q)
    let hessian = 2 * q * q * p * (2 * p * l + q) - q * q * (2 * q * p * l - 2 * p * q - q * p)
    return .init(gradient: sign * gradient, hessian: hessian)
  })
print(right.check())

precondition(!wrong.check().isSound && !flipped.check().isSound, "the mistakes were not seen")
precondition(fromLoss.check().isSound && right.check().isSound, "a sound objective was refused")
