import Testing

@testable import Wording

/// Names that were meant.
@Suite("Spelling") struct SpellingTests {
  @Test(arguments: [
    ("sofmax", "softmax"), ("squred", "squared"), ("SNE", "sne"), ("snee", "sne"),
    ("logisitc", "logistic"), ("soft", "softmax"), ("snes", "sne"), ("squared-error", "squared"),
  ])
  func suggestions(typed: String, meant: String) {
    let names = ["squared", "sne", "logistic", "softmax"]
    #expect(Spelling.nearest(to: typed, in: names) == meant)
    #expect(Spelling.suggestion(for: typed, in: names) == "; did you mean '\(meant)'?")
  }

  @Test(arguments: ["poisson", "x", "", "sq-", "s", String(repeating: "squared", count: 40)])
  func nothingIsSuggestedForSomethingElse(typed: String) {
    #expect(Spelling.nearest(to: typed, in: ["squared", "sne", "softmax"]) == nil)
    #expect(Spelling.suggestion(for: typed, in: ["squared", "sne", "softmax"]).isEmpty)
  }

  @Test("the first of several that are as near") func ties() {
    #expect(Spelling.nearest(to: "exposur", in: ["exposura", "exposure"]) == "exposura")
    #expect(Spelling.nearest(to: "xpo", in: ["apo", "bpo"]) == "apo")
  }

  @Test("all names stand behind the suggestion") func hints() {
    #expect(
      Spelling.hint(for: "tre", in: ["trees", "mlp"]) == "did you mean 'trees'? known: trees, mlp")
    #expect(Spelling.hint(for: "lasso", in: ["trees", "mlp"]) == "known: trees, mlp")
  }

  @Test func distances() {
    // By hand: one of each kind of change; "ca" to "abc" is 3 in optimal string alignment.
    #expect(Spelling.distance("", "abc") == 3)
    #expect(Spelling.distance("abc", "abc") == 0)
    #expect(Spelling.distance("abc", "acb") == 1)
    #expect(Spelling.distance("abc", "adc") == 1)
    #expect(Spelling.distance("kitten", "sitting") == 3)
    #expect(Spelling.distance("ca", "abc") == 3)
    #expect(Spelling.distance("scroe", "score") == 1)
  }

  @Test func slips() {
    for slip in ["scroe", "Score", "scores", "scor", "socre", "scoore"] {
      #expect(Spelling.isSlip(slip, of: "score"), "\(slip)")
    }
    for word in ["score", "store", "core", "scale", "s", ""] {
      #expect(!Spelling.isSlip(word, of: "score"), "\(word)")
    }
  }
}
