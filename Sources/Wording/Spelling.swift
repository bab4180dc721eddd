/// Finds the name that was meant: for objectives, columns, options, commands and words of formulas
/// alike.
package enum Spelling {
  /// The candidate nearest to `name` by ``distance(_:_:)``, if it is near enough to be meant: one
  /// edit for words of up to four letters, two beyond, a third of the letters of long ones. Else the
  /// first of which one begins with the other. Upper and lower case are the same. The first at a tie.
  package static func nearest(to name: String, in candidates: [String]) -> String? {
    guard name.utf8.count <= 256 else { return nil }
    let wanted = name.lowercased()
    var best: (name: String, distance: Int)?
    for candidate in candidates {
      let known = candidate.lowercased()
      let distance = distance(wanted, known)
      let allowed = max(wanted.count <= 4 ? 1 : 2, max(wanted.count, known.count) / 3)
      guard distance <= allowed, distance < wanted.count else { continue }
      if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.name
      ?? candidates.first { candidate in
        let known = candidate.lowercased()
        return begins(known, with: wanted, atLeast: 2) || begins(wanted, with: known, atLeast: 3)
      }
  }

  private static func begins(_ word: String, with start: String, atLeast letters: Int) -> Bool {
    start.count >= letters && word.hasPrefix(start)
  }

  /// The end of a sentence that suggests the nearest candidate; empty if none is near.
  package static func suggestion(for name: String, in candidates: [String]) -> String {
    nearest(to: name, in: candidates).map { "; did you mean '\($0)'?" } ?? ""
  }

  /// The end of a sentence about an unknown name: a suggestion if there is one, and all names.
  package static func hint(for name: String, in candidates: [String]) -> String {
    let suggestion = nearest(to: name, in: candidates).map { "did you mean '\($0)'? " } ?? ""
    return "\(suggestion)known: \(candidates.joined(separator: ", "))"
  }

  /// Whether `name` is `intended` with a letter too many, too few or two swapped, or in other case:
  /// a slip of the fingers rather than another word. Substitutions (`store` for `score`) do not
  /// count.
  package static func isSlip(_ name: String, of intended: String) -> Bool {
    let (a, b) = (Array(name.lowercased()), Array(intended.lowercased()))
    guard name != intended, b.count >= 4, b.count <= 40, (b.count - 1...b.count + 1) ~= a.count,
      a.first == b.first
    else { return false }
    if a == b { return true }
    let start = zip(a, b).prefix { $0 == $1 }.count
    if a.count == b.count {
      return start + 1 < a.count && a[start] == b[start + 1] && a[start + 1] == b[start]
        && a[(start + 2)...] == b[(start + 2)...]
    }
    return a.count > b.count
      ? a[(start + 1)...] == b[start...] : a[start...] == b[(start + 1)...]
  }

  /// The number of insertions, deletions, substitutions and swaps of neighbours between two words
  /// (optimal string alignment). O(a x b).
  package static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.unicodeScalars), Array(b.unicodeScalars))
    var beforePrevious: [Int] = []
    var previous = Array(0...b.count)
    for i in 0..<a.count {
      var current = [i + 1]
      for j in 0..<b.count {
        var best = min(previous[j] + (a[i] == b[j] ? 0 : 1), previous[j + 1] + 1, current[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          best = min(best, beforePrevious[j - 1] + 1)
        }
        current.append(best)
      }
      beforePrevious = previous
      previous = current
    }
    return previous[b.count]
  }
}
