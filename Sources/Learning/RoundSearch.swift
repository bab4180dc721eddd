package import Losses
package import Tabular

/// What one run over the rounds is to do.
package struct RoundPlan: Sendable {
  /// The most rounds, over which schedules are laid out.
  package var most: Int
  /// The round to end at: ``most``, or the chosen number in a refit.
  package var last: Int
  /// Rounds without a better validation loss after which to end, keeping the best; nil to run and
  /// keep all.
  package var patience: Int?

  /// A plan from its numbers.
  package init(most: Int, last: Int, patience: Int?) {
    self.most = most
    self.last = last
    self.patience = patience
  }
}

/// The one rule by which every learner settles its number of rounds or epochs.
///
/// * A number alone is that number: nothing is held out.
/// * With validation rows and no number, or with early stopping, the rounds with the least loss on
///   those rows are kept. There is no refit: who names validation rows keeps them apart.
/// * Without validation rows and without a number, or with early stopping, some training rows are
///   held out (``HoldOut``), the number of rounds is chosen on them, and the model is fitted again
///   on all training rows with that number.
/// * Where nothing can be held out, the usual number of rounds is run.
package struct RoundSearch {
  /// The number named; nil to choose.
  var number: Int?
  /// Early stopping as named; nil for the usual patience where a number is chosen.
  var earlyStopping: EarlyStopping?
  /// The most rounds of a search without a number.
  var most: Int
  /// The rounds where nothing can be held out.
  var usual: Int
  /// The usual patience.
  var patience: Int
  /// How rows are held out.
  var holdOut: HoldOut
  /// Whether groups must not be torn.
  var wholeGroups: Bool

  package init(
    number: Int?, earlyStopping: EarlyStopping?, most: Int, usual: Int, patience: Int,
    holdOut: HoldOut, objective: any Objective
  ) {
    self.number = number
    self.earlyStopping = earlyStopping
    self.most = number ?? most
    self.usual = number ?? usual
    self.patience = earlyStopping?.rounds ?? patience
    self.holdOut = holdOut
    wholeGroups = objective.reach == .group
  }

  /// Whether the number is chosen.
  private var chooses: Bool { number == nil || earlyStopping != nil }

  /// One run over the rounds, on some rows and perhaps others whose loss is followed.
  package typealias Run<Model> = (
    _ train: Table, _ validation: Table?, _ plan: RoundPlan,
    _ progress: ((TrainingRound) -> Bool)?
  ) throws(LearningError) -> Model

  /// Fits a model by the rule above.
  package func fit<Model: TrainedModel>(
    _ train: Table, validation: Table?, progress: ((TrainingRound) -> Bool)?, _ run: Run<Model>
  ) throws(LearningError) -> Model {
    guard chooses else {
      return try fit(train, validation, rounds: most, reason: nil, progress, run)
    }
    if let validation {
      let plan = RoundPlan(most: most, last: most, patience: patience)
      var model = try run(train, validation, plan, progress)
      model.log.choice = choice(.validation, model.log)
      return model
    }
    switch holdOut.divide(train, wholeGroups: wholeGroups) {
    case .success(let rows): return try search(train, rows, progress, run)
    case .failure(let none):
      return try fit(train, nil, rounds: usual, reason: none.reason, progress, run)
    }
  }

  /// A fit of exactly so many rounds.
  private func fit<Model: TrainedModel>(
    _ train: Table, _ validation: Table?, rounds: Int, reason: String?,
    _ progress: ((TrainingRound) -> Bool)?, _ run: Run<Model>
  ) throws(LearningError) -> Model {
    let plan = RoundPlan(most: rounds, last: rounds, patience: nil)
    var model = try run(train, validation, plan, progress)
    model.log.choice = RoundChoice(basis: .number, mostRounds: rounds)
    model.log.choice?.reason = reason
    return model
  }

  /// Chooses the number on held-out rows and fits again on all. A fit that is ended early by
  /// `progress` gives the model of the search.
  private func search<Model: TrainedModel>(
    _ train: Table, _ rows: HoldOut.Rows, _ progress: ((TrainingRound) -> Bool)?, _ run: Run<Model>
  ) throws(LearningError) -> Model {
    var wasStopped = false
    func following(isRefit: Bool) -> (TrainingRound) -> Bool {
      { round in
        var round = round
        round.isRefit = isRefit
        wasStopped = !(progress?(round) ?? true)
        return !wasStopped
      }
    }
    let plan = RoundPlan(most: most, last: most, patience: patience)
    var searched = try run(
      train.subset(rows.train), train.subset(rows.heldOut), plan, following(isRefit: false))
    var choice = choice(.heldOut, searched.log)
    choice.heldOutRows = rows.heldOut.count
    choice.heldOutRule = rows.rule
    guard !wasStopped else {
      choice.reason = "training was stopped"
      searched.log.choice = choice
      return searched
    }
    guard Self.tellsRoundsApart(searched.log) else {
      return try fit(
        train, nil, rounds: usual, reason: "the held-out rows tell no round from another",
        following(isRefit: true), run)
    }
    let refit = RoundPlan(most: most, last: searched.log.bestRound, patience: nil)
    var model = try run(train, nil, refit, following(isRefit: true))
    guard !wasStopped else {
      choice.reason = "training was stopped in the refit"
      searched.log.choice = choice
      return searched
    }
    choice.isRefitted = true
    choice.searchSeconds = searched.log.trainSeconds
    model.log.choice = choice
    model.log.refitRounds = model.log.rounds
    model.log.rounds = searched.log.rounds
    model.log.prepareSeconds += searched.log.prepareSeconds
    model.log.trainSeconds += searched.log.trainSeconds
    return model
  }

  private func choice(_ basis: RoundChoice.Basis, _ log: TrainingLog) -> RoundChoice {
    var choice = RoundChoice(basis: basis, mostRounds: most, patience: patience)
    choice.isCapped = Self.isCapped(log, most: most)
    if log.bestRound > 0, log.bestRound <= log.rounds.count {
      choice.bestLoss = log.rounds[log.bestRound - 1].validationLoss
    }
    return choice
  }

  /// Whether the search ended because no more rounds were allowed, and the last tenth of them lowered
  /// the loss by a hundredth of itself, or of what all rounds did, and by more than a trifle.
  private static func isCapped(_ log: TrainingLog, most: Int) -> Bool {
    let early = min(most - 2, most * 9 / 10 - 1)
    guard early >= 0, log.rounds.count == most, log.bestRound - 1 > early,
      let first = log.rounds[0].validationLoss, let before = log.rounds[early].validationLoss,
      let best = log.rounds[log.bestRound - 1].validationLoss
    else { return false }
    let fall = first - best
    return before - best >= max(0.01 * min(fall, best.magnitude), 1e-6 * fall)
  }

  /// Whether the loss on held-out rows changes at all, and is a number: without an event among them
  /// it says nothing of a Cox model.
  private static func tellsRoundsApart(_ log: TrainingLog) -> Bool {
    let losses = log.rounds.compactMap(\.validationLoss)
    guard let first = losses.first, losses.count > 1 else { return true }
    return losses.contains { !$0.isNaN && $0 != first }
  }
}
