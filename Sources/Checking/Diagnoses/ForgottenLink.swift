import Losses
import RealModule

/// The score itself where the loss has a function of it: `score - y` instead of
/// `sigmoid(score) - y`.
struct ForgottenLink {
  let entries: CheckEntries
  let resolved: [CheckEntry]

  private struct Candidate {
    let name: String
    let due: String
    let inverse: (ArraySlice<Double>, Int) -> Double
  }

  func diagnosis() -> Finding? {
    let width = entries.samples[0].objective.scoresPerRow
    let candidates: [Candidate] =
      width > 1
      ? [
        Candidate(name: "softmax", due: "softmax(k)") { scores, k in
          let largest = scores.reduce(-Double.infinity, Double.maximum)
          let sum = scores.reduce(0) { $0 + Double.exp($1 - largest) }
          return Double.exp(scores[scores.startIndex + k] - largest) / sum
        }
      ]
      : [
        Candidate(name: "sigmoid", due: "sigmoid(score)") {
          StableMath.sigmoid($0[$0.startIndex + $1])
        },
        Candidate(name: "exp", due: "exp(score)") { Double.exp($0[$0.startIndex + $1]) },
      ]
    for candidate in candidates {
      let pairs = resolved.map { entry in
        (
          entry.gradient - entry.slope.value,
          entries.score(entry) - candidate.inverse(entries.scores(entry), entry.k)
        )
      }.filter { $0.1.magnitude > 1e-2 }
      guard pairs.count >= 8, pairs.count * 10 >= resolved.count * 8, varies(pairs.map(\.1)) else {
        continue
      }
      let constancy = Constancy(pairs.map { $0.0 / $0.1 }, tolerance: 1e-3)
      guard constancy.holds, constancy.share >= 0.95, constancy.value > 0 else { continue }
      let score = width > 1 ? "score[k]" : "score"
      return Finding(
        .error, .missingLinkDerivative,
        "the gradient is that of the score itself: \(candidate.due) - y is due, not \(score) - y; "
          + "the \(candidate.name) (the inverse of the link) is missing",
        figures: ["constant": constancy.value])
    }
    return nil
  }
}
