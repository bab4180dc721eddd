import Losses
import TestSupport
import Testing

@Suite("Catalogue")
struct CatalogueTests {
  @Test("names are unique, made without parameters, described, and told apart")
  func entries() {
    let names = Catalogue.objectives.map(\.name)
    #expect(Set(names).count == names.count && names.count >= 27)
    var fingerprints: Set<String> = []
    for entry in Catalogue.objectives {
      let objective = entry.make(4)
      #expect(objective.name == entry.name)
      #expect(objective.rowDataNames == entry.rowDataNames)
      #expect(!entry.formula.isEmpty && !entry.purpose.isEmpty)
      #expect(Catalogue.entry(named: entry.name)?.name == entry.name)
      #expect(entry.targets == .classes ? objective.scoresPerRow == 4 : true, "\(entry.name)")
      fingerprints.insert(ObjectiveDescription(objective).fingerprint)
      #expect(Catalogue.metric(named: objective.defaultMetric.name) != nil, "\(entry.name)")
    }
    #expect(fingerprints.count == names.count, "no two have the same derivatives")
  }

  @Test("every shipped objective has a case in the table of tests")
  func cases() {
    let tested = Set(ObjectiveCase.all.map { $0.objective.name })
    for entry in Catalogue.objectives { #expect(tested.contains(entry.name), "\(entry.name)") }
  }

  @Test(
    "parameters as text",
    arguments: [
      ("quantile(0.9)", ["level": 0.9]), ("quantile(level=0.9)", ["level": 0.9]),
      (" quantile ( 0.1, 0.5,0.9 ) ", ["level0": 0.1, "level1": 0.5, "level2": 0.9]),
      ("quantile(0.1, 0.9, non-crossing)", ["level0": 0.1, "level1": 0.9, "nonCrossing": 1]),
      ("huber(delta=1.5)", ["delta": 1.5]), ("huber(1.5)", ["delta": 1.5]), ("huber", ["delta": 1]),
      ("huber()", ["delta": 1]), ("tweedie(1.2)", ["power": 1.2]), ("focal(gamma=0)", ["gamma": 0]),
      ("softmax(smoothing=0.1)", ["smoothing": 0.1]), ("softmax", [:]),
      ("aft(logistic, scale=2)", ["scale": 2, "noise": 1]), ("lambdamart(at=5)", ["at": 5]),
      ("lambdamart", [:]), ("poisson(exposure)", [:]),
    ] as [(String, [String: Double])])
  func parameters(_ text: String, _ parameters: [String: Double]) throws {
    let objective = try Catalogue.objective(text, classes: 3)
    #expect(objective.parameters == parameters)
    #expect(Catalogue.objective(named: text, classes: 3)?.parameters == parameters)
  }

  @Test("options change what rows must carry")
  func options() throws {
    #expect(try Catalogue.objective("poisson(exposure)").rowDataNames == ["exposure"])
    #expect(
      try Catalogue.objective("poisson(exposure)").scoreAdjustment == .plusLog(of: "exposure"))
    #expect(try Catalogue.objective("poisson").scoreAdjustment == nil)
    #expect(try Catalogue.objective("aft(interval)").rowDataNames == ["lower", "upper"])
    #expect(
      try Catalogue.objective("softmax(soft)", classes: 3).rowDataNames == ["p0", "p1", "p2"])
    #expect(try Catalogue.objective("quantile(0.1,0.9,non-crossing)").link == .increasing)
    #expect(try Catalogue.objective("probability-cross-entropy", classes: 2).scoresPerRow == 1)
  }

  @Test(
    "what cannot be is refused with a sentence",
    arguments: [
      ("quantil", "there is no objective 'quantil'; did you mean 'quantile'?"),
      ("quantile(1.5)", "'level' of objective 'quantile' is 1.5, but it must be between 0 and 1"),
      ("quantile(0.9, 0.1)", "must increase"), ("quantile(high)", "does not know 'high'"),
      ("quantile(level=high)", "must be a number"), ("quantile(size=1)", "no parameter 'size'"),
      ("squared(2)", "no such parameter"), ("huber(1, 2)", "no parameter '2'"),
      ("huber(1, delta=2)", "given twice"), ("huber(-1)", "a positive number"),
      ("huber(nan)", "must be a number"), ("huber(inf)", "must be a number"),
      ("huber(1", "cannot be read"), ("huber 1)", "cannot be read"), ("(1)", "cannot be read"),
      ("", "cannot be read"), ("huber(1,)", "cannot be read"), ("huber((1))", "cannot be read"),
      ("aft(normal, logistic)", "one noise"), ("tweedie(power=2)", "between 1 and 2"),
      ("lambdamart(2.5)", "a whole number"), ("focal(gamma=)", "cannot be read"),
      ("poisson(exposures)", "it has exposure"),
    ])
  func refusals(_ text: String, _ words: String) {
    let error = #expect(throws: CatalogueError.self) { try Catalogue.objective(text) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    #expect(Catalogue.objective(named: text) == nil)
  }

  @Test("one class is refused where classes are due")
  func oneClass() {
    let error = #expect(throws: CatalogueError.self) {
      try Catalogue.objective("softmax", classes: 1)
    }
    #expect(error?.description.contains("two or more classes") == true)
    #expect(Catalogue.objective(named: "squared", classes: 1) != nil)
  }

  @Test("metrics with numbers")
  func metrics() throws {
    for text in ["pinball(0.1,0.9)", "ndcg(3)", "top(5)", "ece(15)", "tweedie-deviance(1.2)"] {
      let name = try Catalogue.metric(text).name
      #expect(name == text)
    }
    #expect(try Catalogue.metric("ndcg").name == "ndcg(10)")
    for (text, words) in [
      ("rmsee", "did you mean 'rmse'?"), ("rmse(2)", "has no parameters"),
      ("pinball(2)", "levels between 0 and 1"), ("ndcg(0)", "number of places"),
      ("ndcg(1.5)", "number of places"), ("top(2,3)", "number of classes"),
    ] {
      let error = #expect(throws: CatalogueError.self) { try Catalogue.metric(text) }
      #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }
  }
}
