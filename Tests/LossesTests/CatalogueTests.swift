import Formulas
import Losses
import TestSupport
import Testing

@Suite("Catalogue")
struct CatalogueTests {
  @Test("names are unique, made without parameters, described, and told apart")
  func entries() {
    let names = Catalogue.objectives.map(\.name)
    #expect(Set(names).count == names.count && names.count >= 34)
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
    #expect(
      fingerprints.allSatisfy { $0.count == 16 && $0.allSatisfy(\.isHexDigit) },
      "64 bits as they stand in model files")
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
      ("poisson(exposures)", "did you mean 'exposure'?"),
      ("huber(dleta=2)", "did you mean 'delta'?"), ("huber(delta)", "needs a value: delta=NUMBER"),
      ("softmax(weihgts=[1, 2])", "did you mean 'weights'? It has soft, smoothing=NUMBER, "),
      ("softmax(weights=[1, -2])", "number 2 of 'weights' of objective 'softmax' is -2.0, but it"),
      ("softmax(weights=[1, b])", "holds 'b', but it must be numbers in brackets"),
      ("softmax(weights=2)", "is '2', but it must be numbers in brackets, as in [1, 2, 0.5]"),
      ("softmax(weights=[])", "numbers in brackets"), ("softmax(weights=[1,])", "holds ''"),
      ("softmax(weights=[1, 2)", "is '[1, 2', but it must be numbers in brackets"),
      ("softmax(weights=[1])", "two or more classes, but there are 1"),
      ("softmax(weights=[1, 2], weights=[1, 2])", "given twice"),
      ("softmax(classes=3, weights=[1, 2])", "'weights' of objective 'softmax' has 2 numbers, but"),
      ("softmax(classes=2.5)", "a whole number from 2 on"), ("softmax(classes=1)", "from 2 on"),
      ("squared(classes=3)", "no such parameter"), ("student-t(degrees=0)", "between 0.1 and 1e6"),
      ("negative-binomial(0)", "between 1e-9 and 1e9"), ("squared(halve)", "did you mean 'half'?"),
    ])
  func refusals(_ text: String, _ words: String) {
    let error = #expect(throws: CatalogueError.self) { try Catalogue.objective(text) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    #expect(Catalogue.objective(named: text) == nil)
  }

  @Test("class weights from text, and the number of classes they need")
  func classWeights() throws {
    let text = "softmax(smoothing=0.1, weights=[1, 2, 0.5])"
    let three = try parseObjective(text)
    #expect(three.scoresPerRow == 3)
    #expect(
      three.parameters == ["smoothing": 0.1, "weight0": 1, "weight1": 2, "weight2": 0.5])
    #expect(try parseObjective(text, classes: 3).parameters == three.parameters)
    #expect(try parseObjective("softmax(classes=4)").scoresPerRow == 4)
    #expect(try parseObjective("ordinal(classes=5)", classes: 5).scoresPerRow == 5)
    let other = #expect(throws: ExpressionError.self) { try parseObjective(text, classes: 4) }
    #expect(
      other?.description.contains("has 3 numbers, but there are 4 classes; give one per") == true)
    let contrary = #expect(throws: ExpressionError.self) {
      try parseObjective("softmax(classes=3)", classes: 4)
    }
    #expect(contrary?.description.contains("for classes=3, but there are 4 classes") == true)
    let many = (1...300).map { "\(Double($0) / 7)" }.joined(separator: ", ")
    #expect(try parseObjective("softmax(weights=[\(many)])").scoresPerRow == 300)
    // The same loss as the type's own.
    let sample = try #require(ObjectiveCase.all.first { $0.objective.scoresPerRow == 3 })
      .rows(30, seed: 1)
    let typed = SoftmaxCrossEntropy(
      classes: 3, labelSmoothing: 0.1, classWeights: [1, 2, 0.5])
    #expect(sample.losses(under: three) == sample.losses(under: typed))
  }

  @Test("what a model keeps of an objective gives it again", arguments: ObjectiveCase.all)
  func reloading(_ testCase: ObjectiveCase) throws {
    let objective = testCase.objective
    for form in [objective, objective.adjusted()] {
      let kept = ObjectiveDescription(form)
      let text = try #require(kept.text, "\(testCase)")
      let again = try parseObjective(text)
      let sample = testCase.rows(20, seed: 2)
      #expect(sample.losses(under: again) == sample.losses, "\(text)")
      #expect(sample.derivatives(under: again) == sample.derivatives, "\(text)")
      #expect(again.rowDataNames == objective.rowDataNames)
    }
  }

  @Test("texts of what a model keeps")
  func keptTexts() throws {
    func text(_ objective: any Objective) -> String? { ObjectiveDescription(objective).text }
    #expect(text(SquaredError()) == "squared")
    #expect(text(Quantiles([0.1, 0.9], nonCrossing: true)) == "quantile(0.1, 0.9, non-crossing)")
    #expect(
      text(SoftmaxCrossEntropy(classes: 3, classWeights: [1, 2, 0.5]))
        == "softmax(weights=[1.0, 2.0, 0.5], classes=3)")
    #expect(text(AcceleratedFailureTime(.logistic)) == "aft(scale=1.0, logistic)")
    #expect(text(try parseObjective("square(score - y) / 2")) == "square(score - y) / 2")
    // Another objective of the same name is not taken for it.
    #expect(text(CustomObjective("squared") { .init(gradient: $0.score, hessian: 1) }) == nil)
    #expect(text(CustomObjective("mine") { .init(gradient: $0.score, hessian: 1) }) == nil)
  }

  @Test("formulas that are said to be expressions have the objective's loss, link and row data")
  func expressions() throws {
    let cases = ObjectiveCase.all
    var count = 0
    for entry in Catalogue.objectives where entry.isExpression {
      // Any rows that the usual form of the objective takes.
      let rows = try #require(
        cases.first {
          $0.objective.name == entry.name
            && $0.objective.rowDataNames == entry.rowDataNames
            && $0.objective.scoresPerRow == entry.make(3).scoresPerRow
        }, "\(entry.name)")
      let objective = entry.make(3)
      let classes = entry.targets == .classes ? 3 : nil
      let expression = try parseObjective(entry.formula, classes: classes)
      #expect(expression is ExpressionObjective)
      #expect(expression.link == objective.link, "\(entry.name)")
      #expect(expression.rowDataNames == entry.rowDataNames, "\(entry.name)")
      for seed in 0..<5 as Range<UInt64> {
        let sample = rows.rows(60, scale: 1.5, seed: seed)
        for (a, b) in zip(sample.losses(under: expression), sample.losses(under: objective)) {
          expectClose(a, b, relative: 1e-12, absolute: 1e-12, entry.name)
        }
        // The expression's derivatives are those of jets.
        let jets = sample.derivatives(under: expression)
        let ours = sample.derivatives(under: objective)
        for (a, b) in zip(ours.gradients, jets.gradients) {
          expectClose(a, b, relative: 1e-8, absolute: 1e-11, entry.name)
        }
        guard objective.curvature.isExact else { continue }
        for (a, b) in zip(ours.hessians, jets.hessians) {
          expectClose(a, b, relative: 1e-7, absolute: 1e-10, entry.name)
        }
      }
      count += 1
    }
    #expect(count >= 27)
    // The others compare rows, need functions that expressions do not have (gamma, the normal
    // distribution function), or would fill half a page (ordinal).
    #expect(
      Set(Catalogue.objectives.filter { !$0.isExpression }.map(\.name)) == [
        "ordinal", "cox", "aft", "pairwise", "lambdamart", "negative-binomial-dispersion",
        "gamma-shape",
      ])
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
    for text in [
      "pinball(0.1,0.9)", "ndcg(3)", "top(5)", "ece(15)", "tweedie-deviance(1.2)",
      "coverage(0.1,0.9)", "median-mae(0.1,0.5,0.9)",
    ] {
      let name = try Catalogue.metric(text).name
      #expect(name == text)
    }
    #expect(try Catalogue.metric("ndcg").name == "ndcg(10)")
    for (text, words) in [
      ("rmsee", "did you mean 'rmse'?"), ("rmse(2)", "has no parameters"),
      ("pinball(2)", "levels between 0 and 1"), ("ndcg(0)", "number of places"),
      ("coverage(0.9,0.1)", "increasing levels"), ("median-mae(0.1,0.9)", "0.5 among them"),
      ("ndcg(1.5)", "number of places"), ("top(2,3)", "number of classes"),
    ] {
      let error = #expect(throws: CatalogueError.self) { try Catalogue.metric(text) }
      #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }
  }
}
