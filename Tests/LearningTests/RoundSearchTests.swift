import Losses
import Tabular
import Testing

@testable import Learning

/// The one rule by which learners settle their number of rounds, with runs that only tell what they
/// were asked for.
@Suite struct RoundSearchTests {
  /// A run that was asked for.
  struct Asked: Equatable {
    var train: [Int]
    var validation: [Int]?
    var last: Int
    var most: Int
    var patience: Int?
  }

  private func table(
    _ rows: Int, target: [Double]? = nil, groups: [Int]? = nil, times: [Double]? = nil,
    classNames: [String]? = nil
  ) throws -> Table {
    try Table(
      features: (0..<rows).map(Float.init), featureNames: ["a"],
      target: target ?? (0..<rows).map(Double.init), groups: groups, times: times,
      classNames: classNames)
  }

  /// Fits a constant whose validation loss in round `r` is `loss(r)`; gives the log and the runs.
  private func fit(
    _ train: Table, validation: Table? = nil, number: Int? = nil, patience: Int? = nil,
    holdOut: HoldOut = HoldOut(), objective: any Objective = SquaredError(),
    loss: (Int) -> Double = { Double(abs($0 - 7)) },
    progress: ((TrainingRound) -> Bool)? = nil
  ) throws -> (log: TrainingLog, asked: [Asked]) {
    var asked: [Asked] = []
    let search = RoundSearch(
      number: number, earlyStopping: patience.map(EarlyStopping.init), most: 50, usual: 20,
      patience: 5, holdOut: holdOut, objective: objective)
    let model = try search.fit(train, validation: validation, progress: progress) {
      train, validation, plan, progress throws(LearningError) in
      func rows(_ table: Table) -> [Int] { (0..<table.rowCount).map(table.sourceRow) }
      asked.append(
        Asked(
          train: rows(train), validation: validation.map(rows), last: plan.last, most: plan.most,
          patience: plan.patience))
      var model = ConstantModel(
        header: ModelHeader(objective: objective, initialScores: [0], table: train))
      model.log.trainSeconds = 2
      model.log.prepareSeconds = 1
      var best = Double.infinity
      for number in 1...plan.last {
        var round = TrainingRound(round: number, seconds: 0)
        round.validationLoss = validation.map { _ in loss(number) }
        model.log.rounds.append(round)
        if let value = round.validationLoss, value < best, plan.patience != nil {
          best = value
          model.log.bestRound = number
        }
        if plan.patience == nil { model.log.bestRound = number }
        guard progress?(round) ?? true else { break }
        if let patience = plan.patience, number - model.log.bestRound >= patience { break }
      }
      return model
    }
    return (model.log, asked)
  }

  @Test func aNumberAloneIsThatNumber() throws {
    let train = try table(400)
    let (log, asked) = try fit(train, number: 12)
    let all = Array(0..<400)
    #expect(asked == [Asked(train: all, validation: nil, last: 12, most: 12, patience: nil)])
    #expect(log.choice == RoundChoice(basis: .number, mostRounds: 12))
    // Validation rows are followed, and decide nothing.
    let followed = try fit(train, validation: train.subset([1, 2]), number: 12)
    #expect(followed.asked[0].validation == [1, 2] && followed.asked[0].patience == nil)
    #expect(followed.log.bestRound == 12 && followed.log.refitRounds == nil)
  }

  @Test func namedValidationRowsStopAndNothingIsRefitted() throws {
    let train = try table(400)
    for (number, patience) in [(nil, nil), (nil, 3), (9, 3)] as [(Int?, Int?)] {
      let (log, asked) = try fit(
        train, validation: train.subset([5]), number: number, patience: patience)
      #expect(asked.count == 1 && asked[0].train.count == 400 && asked[0].validation == [5])
      #expect(asked[0].most == number ?? 50 && asked[0].patience == patience ?? 5)
      #expect(log.choice?.basis == .validation && log.bestRound == 7)
      #expect(log.choice?.isRefitted == false && log.choice?.bestLoss == 0)
    }
  }

  @Test func otherwiseRoundsAreChosenOnHeldOutRowsAndAllAreFittedAgain() throws {
    for (number, patience) in [(nil, nil), (nil, 3), (9, 3)] as [(Int?, Int?)] {
      let (log, asked) = try fit(try table(400), number: number, patience: patience)
      try #require(asked.count == 2)
      // 15 % of 400 rows.
      #expect(asked[0].validation?.count == 60 && asked[0].train.count == 340)
      #expect(Set(asked[0].train + (asked[0].validation ?? [])) == Set(0..<400))
      #expect(asked[0].last == number ?? 50 && asked[0].patience == patience ?? 5)
      // The schedule is that of the search, the end that of its best round.
      #expect(
        asked[1]
          == Asked(
            train: Array(0..<400), validation: nil, last: 7, most: number ?? 50, patience: nil))
      let choice = try #require(log.choice)
      #expect(choice.basis == .heldOut && choice.isRefitted && !choice.isCapped)
      #expect(choice.heldOutRows == 60 && choice.heldOutRule == .random)
      #expect(log.bestRound == 7 && log.refitRounds?.count == 7)
      #expect(log.rounds.count == (number == 9 ? 9 : 7 + (patience ?? 5)))
      // Search and refit are both counted.
      #expect(log.trainSeconds == 4 && log.prepareSeconds == 2 && choice.searchSeconds == 2)
      #expect(
        choice.sentence(rounds: 7, unit: "trees", trainRows: 400)
          == "7 trees of at most \(number ?? 50), chosen on 60 held-out training rows (by chance), "
          + "then refitted on all 400")
    }
  }

  @Test func rowsAreHeldOutAsTestRowsAre() throws {
    let groups = (0..<400).map { $0 / 10 }
    let times = (0..<400).map { Double(($0 * 7) % 400) }
    let byTime = try fit(try table(400, groups: groups, times: times))
    #expect(byTime.log.choice?.heldOutRule == .time)
    let held = try #require(byTime.asked[0].validation)
    let first = try #require(held.map { times[$0] }.min())
    #expect(byTime.asked[0].train.allSatisfy { times[$0] < first })
    let byGroup = try fit(try table(400, groups: groups))
    #expect(byGroup.log.choice?.heldOutRule == .group)
    #expect(
      Set(byGroup.asked[0].train.map { groups[$0] })
        .isDisjoint(with: byGroup.asked[0].validation?.map { groups[$0] } ?? []))
    let classes = (0..<400).map { Double($0 % 3) }
    let byClass = try fit(try table(400, target: classes, classNames: ["a", "b", "c"]))
    #expect(byClass.log.choice?.heldOutRule == .stratified)
    let asked = try fit(
      try table(400, groups: groups, times: times), holdOut: HoldOut(rule: .random))
    #expect(asked.log.choice?.heldOutRule == .random)
  }

  /// A rule that cannot be followed, or would hold out a class, gives way; ranking's never does.
  @Test func rulesGiveWay() throws {
    let halves = (0..<400).map { $0 / 300 }
    // The smaller of two groups is a quarter of the rows, the only other choice three quarters.
    #expect(try fit(try table(400, groups: halves)).asked[0].validation == Array(300..<400))
    let missing = (0..<400).map { $0 == 3 ? Double.nan : Double($0) }
    #expect(try fit(try table(400, times: missing)).log.choice?.heldOutRule == .random)
    // The classes come one after the other in time: the last would be held out whole.
    let late = try table(
      400, target: (0..<400).map { Double($0 / 200) }, times: (0..<400).map { Double($0 / 200) },
      classNames: ["a", "b"])
    #expect(try fit(late).log.choice?.heldOutRule == .stratified)
    for groups in [nil, [Int](repeating: 1, count: 400)] {
      let (log, asked) = try fit(
        try table(400, groups: groups), objective: PairwiseRanking())
      #expect(asked.count == 1 && asked[0].last == 20)
      #expect(log.choice?.reason == "no part of the training rows can stand for the others")
    }
    let queries = try fit(
      try table(400, groups: (0..<400).map { $0 / 10 }), holdOut: HoldOut(rule: .random),
      objective: PairwiseRanking())
    #expect(queries.log.choice?.heldOutRule == .group)
  }

  @Test func fewRowsAreAllTrainedOn() throws {
    let least = HoldOut().leastRows
    let (log, asked) = try fit(try table(least - 1))
    #expect(asked.map(\.last) == [20] && asked[0].validation == nil)
    #expect(
      log.choice?.sentence(rounds: 20, unit: "trees", trainRows: least - 1)
        == "20 trees, nothing held out: there are fewer than \(least) training rows")
    #expect(try fit(try table(least)).asked.count == 2)
  }

  @Test func lossesThatTellNothingChooseNothing() throws {
    for loss in [0.0, .nan] {
      let (log, asked) = try fit(try table(400), loss: { _ in loss })
      #expect(asked.map(\.last) == [50, 20])
      #expect(log.choice?.basis == .number && log.choice?.reason?.contains("tell no round") == true)
    }
  }

  /// Whoever stops gets the whole model of the search, not part of a refit.
  @Test func stoppingKeepsTheSearchedModel() throws {
    var seen: [Int] = []
    let early = try fit(
      try table(400),
      progress: { round in
        seen.append(round.round)
        return round.round < 4
      })
    #expect(seen == [1, 2, 3, 4] && early.asked.count == 1 && early.log.bestRound == 4)
    #expect(early.log.choice?.reason == "training was stopped")
    let late = try fit(try table(400), progress: { !($0.isRefit && $0.round == 2) })
    #expect(late.asked.count == 2 && late.log.bestRound == 7 && late.log.refitRounds == nil)
    #expect(late.log.choice?.isRefitted == false)
    #expect(
      late.log.choice?.sentence(rounds: 7, unit: "trees", trainRows: 400).hasSuffix(
        "not refitted: training was stopped in the refit") == true)
  }

  /// Capped: the rounds allowed were all used, and the last tenth of them still told.
  @Test func aSearchCutShortIsFlagged() throws {
    func capped(_ number: Int? = nil, _ loss: (Int) -> Double) throws -> Bool? {
      try fit(try table(400), number: number, patience: 5, loss: loss).log.choice?.isCapped
    }
    #expect(try capped { 100 - Double($0) } == true)
    // A step back in the last round is not the end of the fall.
    #expect(try capped { $0 == 50 ? 60 : 100 - Double($0) } == true)
    // 1 / r: from 1 to 0.02, and by a tenth of what is left in the last five rounds.
    #expect(try capped { 1 / Double($0) } == true)
    // 2 ^ -r: the last tenth of 50 rounds brings less than 1e-13.
    #expect(try capped { 1 / Double(1 << min($0, 60)) } == false)
    // 5 + 1 / r brings 0.002 of 5.02, and of a fall of 0.98: both less than a hundredth.
    #expect(try capped { 5 + 1 / Double($0) } == false)
    // Ended by the patience, not by the cap.
    #expect(try capped { Double(abs($0 - 7)) } == false)
    #expect(
      try fit(try table(400), number: 30, loss: { 100 - Double($0) }).log.choice?.isCapped == false)
    #expect(try capped(1) { 100 - Double($0) } == false)
  }
}
