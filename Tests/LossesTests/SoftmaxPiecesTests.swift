import Losses
import RealModule
import TestSupport
import Testing

@Suite("Softmax and cross-entropy, piece by piece")
struct SoftmaxPiecesTests {
  /// Scores and a target distribution: a class, or soft, or soft with a class left out.
  func draw(_ classes: Int, seed: UInt64, kind: Int) -> (scores: [Double], target: [Double]) {
    let scores = referenceNumbers(classes, seed: seed + 1).map { 10 * $0 - 5 }
    guard kind > 0 else {
      return (scores, (0..<classes).map { $0 == Int(seed) % classes ? 1 : 0 })
    }
    var parts = referenceNumbers(classes, seed: seed + 1000)
    if kind == 2 { parts[Int(seed) % classes] = 0 }
    let sum = parts.reduce(0, +)
    return (scores, parts.map { $0 / sum })
  }

  @Test("their chain is p - t, by the Jacobian and by its product", arguments: [2, 3, 10], 0..<3)
  func chain(_ classes: Int, _ kind: Int) {
    for seed in 0..<50 as Range<UInt64> {
      let (scores, target) = draw(classes, seed: seed, kind: kind)
      let p = SoftmaxPieces.softmax(scores.span)
      let byProbability = SoftmaxPieces.crossEntropyGradient(p.span, target: target.span)
      let product = SoftmaxPieces.jacobianProduct(at: p.span, byProbability.span)
      let jacobian = SoftmaxPieces.jacobian(at: p.span)
      let fused = ObjectiveSample(
        objective: SoftmaxCrossEntropy(classes: classes, softLabels: true), scores: scores,
        targets: [0], rowData: target)
      for k in 0..<classes {
        let difference = p[k] - target[k]
        let byMatrix = (0..<classes).reduce(0) {
          $0 + jacobian[$1 * classes + k] * byProbability[$1]
        }
        expectClose(product[k], difference, relative: 0, absolute: 1e-12)
        expectClose(byMatrix, difference, relative: 0, absolute: 1e-12)
        expectClose(fused.derivatives.0[k], difference, relative: 0, absolute: 1e-12)
      }
      expectClose(
        fused.losses[0], SoftmaxPieces.crossEntropy(p.span, target: target.span), relative: 1e-12,
        absolute: 1e-14)
    }
  }

  @Test("the Jacobian is that of softmax", arguments: [2, 3, 10])
  func jacobian(_ classes: Int) {
    for seed in 0..<10 as Range<UInt64> {
      let scores = draw(classes, seed: seed, kind: 0).scores
      let p = SoftmaxPieces.softmax(scores.span)
      let jacobian = SoftmaxPieces.jacobian(at: p.span)
      for k in 0..<classes {
        var (above, below) = (scores, scores)
        above[k] += 1e-5
        below[k] -= 1e-5
        let (pAbove, pBelow) = (
          SoftmaxPieces.softmax(above.span), SoftmaxPieces.softmax(below.span)
        )
        for j in 0..<classes {
          expectClose(
            jacobian[j * classes + k], (pAbove[j] - pBelow[j]) / 2e-5, relative: 1e-7,
            absolute: 1e-10)
        }
        // Summed over an axis nothing is left, which is why a sum is no derivative.
        let sum = (0..<classes).reduce(0) { $0 + jacobian[k * classes + $1] }
        expectClose(sum, 0, absolute: 1e-15)
        // Its diagonal alone is another thing.
        #expect(jacobian[k * classes + k] == p[k] * (1 - p[k]))
      }
    }
  }

  @Test("gradients by probabilities and by soft targets", arguments: [2, 3, 10])
  func crossEntropy(_ classes: Int) {
    for seed in 0..<10 as Range<UInt64> {
      let (scores, target) = draw(classes, seed: seed, kind: 1)
      let p = SoftmaxPieces.softmax(scores.span)
      let byProbability = SoftmaxPieces.crossEntropyGradient(p.span, target: target.span)
      let byTarget = SoftmaxPieces.crossEntropyGradientByTarget(p.span)
      for k in 0..<classes {
        let step = 1e-6 * p[k]
        var (above, below) = (p, p)
        above[k] += step
        below[k] -= step
        let slope =
          (SoftmaxPieces.crossEntropy(above.span, target: target.span)
            - SoftmaxPieces.crossEntropy(below.span, target: target.span)) / (above[k] - below[k])
        expectClose(byProbability[k], slope, relative: 1e-5, absolute: 1e-8)
        var (more, less) = (target, target)
        more[k] += 1e-6
        less[k] -= 1e-6
        let slopeByTarget =
          (SoftmaxPieces.crossEntropy(p.span, target: more.span)
            - SoftmaxPieces.crossEntropy(p.span, target: less.span)) / (more[k] - less[k])
        expectClose(byTarget[k], slopeByTarget, relative: 1e-6, absolute: 1e-8)
      }
    }
  }

  @Test("a class without target costs nothing, even at probability 0")
  func certain() {
    #expect(SoftmaxPieces.crossEntropy([1, 0].span, target: [1, 0].span) == 0)
    #expect(SoftmaxPieces.crossEntropyGradient([1, 0].span, target: [1, 0].span) == [-1, 0])
  }

  @Test("Hessian of softmax against differences, and the bounds other libraries use")
  func bounds() {
    for classes in [2, 3, 10] {
      let objective = SoftmaxCrossEntropy(classes: classes)
      let place = [2: 3, 3: 4, 10: 5][classes] ?? 0
      let sample = ObjectiveCase.all[place].rows(50, seed: 3)
      let p = sample.derivatives.1
      func hessians(_ policy: CurvaturePolicy) -> [Double] {
        CurvaturePolicyTests.apply(policy, to: sample).hessians
      }
      let factor = Double(classes) / Double(classes - 1)
      for (k, h) in p.enumerated() {
        expectClose(hessians(.upperBound)[k], 2 * h, relative: 1e-15)
        expectClose(hessians(.named("friedman"))[k], factor * h, relative: 1e-15)
        #expect(hessians(.fisher)[k] == h)
        #expect(hessians(.absoluteGradient)[k] == sample.derivatives.0[k].magnitude)
      }
      // 2 diag(p (1 - p)) - (diag(p) - p p^T) is positive semidefinite: random directions agree.
      let full = sample.fullHessians(under: objective)
      let directions = referenceNumbers(200 * classes, seed: 5).map { $0 - 0.5 }
      for row in 0..<50 {
        for d in 0..<200 {
          let v = Array(directions[d * classes..<(d + 1) * classes])
          var (bound, exact) = (0.0, 0.0)
          for j in 0..<classes {
            bound += 2 * p[row * classes + j] * v[j] * v[j]
            for k in 0..<classes {
              exact += full[(row * classes + j) * classes + k] * v[j] * v[k]
            }
          }
          #expect(bound >= exact - 1e-15)
        }
      }
    }
  }
}
