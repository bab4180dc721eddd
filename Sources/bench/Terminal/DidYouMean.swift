import Losses

/// Finds the name that a misspelt one was meant to be.
enum DidYouMean {
  /// The candidate nearest to `name` by ``distance(_:_:)``, if it is near enough to be meant: at
  /// most a third of its letters wrong, or one begins with the other.
  static func nearest(to name: String, in candidates: [String]) -> String? {
    let wanted = name.lowercased()
    var best: (name: String, distance: Int)?
    for candidate in candidates {
      let known = candidate.lowercased()
      if wanted.count > 1, known.hasPrefix(wanted) || wanted.hasPrefix(known) { return candidate }
      let distance = distance(wanted, known)
      let allowed = max(1, max(wanted.count, known.count) / 3)
      if distance <= allowed, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.name
  }

  /// The end of a sentence about an unknown name: a suggestion if there is one, and all names.
  static func hint(for name: String, in candidates: [String]) -> String {
    let suggestion = nearest(to: name, in: candidates).map { "did you mean '\($0)'? " } ?? ""
    return "\(suggestion)known: \(candidates.joined(separator: ", "))"
  }

  /// Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`.
  static func distance(_ a: String, _ b: String) -> Int { Spelling.distance(a, b) }
}
