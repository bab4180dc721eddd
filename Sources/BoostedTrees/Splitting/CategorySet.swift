/// A set of categories, whole numbers from 0, as bits: as many words as the largest needs.
public struct CategorySet: Hashable, Sendable {
  /// Category `64 * i + j` is bit `j` of word `i`; the last word is not 0.
  public let words: [UInt64]

  /// Categories by their codes, 0 or more.
  public init(_ members: some Sequence<Int>) {
    var words: [UInt64] = []
    for member in members {
      precondition(member >= 0, "categories are counted from 0")
      while words.count <= member >> 6 { words.append(0) }
      words[member >> 6] |= 1 << UInt64(member & 63)
    }
    self.words = words
  }

  /// Categories by their bits, as ``words`` has them.
  init(words: [UInt64]) {
    var words = words
    while words.last == 0 { words.removeLast() }
    self.words = words
  }

  /// Whether a feature's value is the code of a category of the set; no number between codes is.
  public func contains(_ value: Float) -> Bool {
    guard value >= 0, value < Float(64 * words.count) else { return false }
    let code = Int(value)
    return Float(code) == value && words[code >> 6] >> UInt64(code & 63) & 1 == 1
  }

  /// The codes of the set, increasing.
  public var members: [Int] {
    words.indices.flatMap { place in
      (0..<64).filter { words[place] >> UInt64($0) & 1 == 1 }.map { 64 * place + $0 }
    }
  }
}
