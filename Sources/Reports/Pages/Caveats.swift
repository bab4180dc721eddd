import Learning
import Harness

/// What could be wrong with a verdict, the gravest first.
struct Caveats {
  private let verdict: Verdict
  private var record: ResultRecord { verdict.record }

  /// Test rows and groups below which a reader is warned.
  static let fewRows = 200
  static let fewGroups = 30
  /// A step from validation to test beyond which a reader is warned: a quarter of an error, five
  /// hundredths of a score where more is better.
  static let largeStep = (error: 0.25, score: 0.05)
  /// The most points told.
  static let most = 7

  init(_ verdict: Verdict) { self.verdict = verdict }

  /// All of them as one point; nil if there are none.
  var point: Verdict.Point? {
    let all = sentences.prefix(Self.most)
    return all.isEmpty
      ? nil : Verdict.Point(question: "What could be wrong", text: all.joined(separator: " "))
  }

  private var sentences: [String] {
    [
      stopped, failed, undefined, capped, step, split, groupsOnBothSides, repeated, few,
      chosenByTest, oneSplit,
    ].compactMap { $0 }
  }

  private var stopped: String? {
    let open = record.trials.count { $0.status == .cancelled || $0.status == .notRun }
    guard open > 0 else { return nil }
    return "The experiment was stopped: \(open) of "
      + "\(verdict.words.counted(record.trials.count, "trial")) did not run to the end."
  }

  private var failed: String? {
    let count = record.trials.count { $0.status == .failed }
    guard count > 0 else { return nil }
    return "\(count) of \(verdict.words.counted(record.trials.count, "trial")) failed and "
      + "\(count == 1 ? "is" : "are") listed below."
  }

  private var undefined: String? {
    let notes = record.metricNotes ?? []
    return notes.isEmpty ? nil : notes.map(verdict.shown).joined(separator: " ")
  }

  /// Training that ended because it was told to, while it still helped; the leader first.
  private var capped: String? {
    var seen: Set<Combination> = []
    let trials = record.finishedTrials.filter {
      $0.wasCapped && seen.insert($0.combination).inserted
    }
    let ordered =
      trials.filter { $0.combination == verdict.leader.combination }
      + trials.filter { $0.combination != verdict.leader.combination }
    guard !ordered.isEmpty else { return nil }
    let names = ordered.prefix(3).map {
      "\(verdict.shown(verdict.words.full($0.combination))) at \($0.kind.roundName) \($0.bestRound)"
    }
    let rest = ordered.count > 3 ? " and \(ordered.count - 3) more" : ""
    return "Training was cut off while the loss was still falling: "
      + "\(names.joined(separator: ", "))\(rest); more rounds or epochs may change the ranking."
  }

  /// From validation rows to test rows, else from the loss on held-out rows to that on test rows.
  private var step: String? {
    guard let metric = verdict.leader.metric, let best = verdict.leader.combination,
      let after = verdict.leader.value
    else { return nil }
    let reason = ": they differ, or the choice was made on too few."
    func text(_ name: String, _ before: Double, _ rows: String, _ after: Double) -> String {
      "The leader's \(name) is \(NumberText.number(before, digits: 3)) on \(rows) and "
        + "\(NumberText.number(after, digits: 3)) on the test rows" + reason
    }
    func isLarge(_ before: Double, _ after: Double, isLower: Bool) -> Bool {
      isLower
        ? before > 0 && after > before * (1 + Self.largeStep.error)
        : before - after > Self.largeStep.score
    }
    if let before = verdict.words.mean(best, { $0.validationScore(metric) }), before.isFinite {
      guard isLarge(before, after, isLower: verdict.leader.isLowerBetter) else { return nil }
      return text(
        verdict.shown(verdict.words.title(metric)), before, "the validation rows", after)
    }
    guard let before = verdict.words.mean(best, { $0.choice?.bestLoss }),
      let loss = verdict.words.mean(best, { $0.testLoss }),
      isLarge(before, loss, isLower: true)
    else { return nil }
    return text("mean loss", before, "held-out training rows", loss)
  }

  /// What the split makes the result no promise of.
  private var split: String? {
    verdict.splitSentences.filter(\.isWarning).map(\.text).joinedOrNil
  }

  /// The same for records that do not count it: the numbers of groups tell where all are in both.
  private var groupsOnBothSides: String? {
    let data = record.data
    guard data.splitFacts == nil, let all = data.groupCount, let test = data.testGroupCount,
      test == all, test > 0
    else { return nil }
    return "All \(verdict.shown(verdict.words.counted(test, data.groupName))) of the test rows may "
      + "be in training as well: this says nothing of a new \(verdict.shown(data.groupName))."
  }

  private var repeated: String? {
    let count = record.data.repeatedTestRows
    guard count > 0 else { return nil }
    return "\(verdict.words.counted(count, "test row")) \(count == 1 ? "repeats a" : "repeat") "
      + "training row\(count == 1 ? "" : "s")."
  }

  private var few: String? {
    let data = record.data
    if let groups = data.testGroupCount, groups < Self.fewGroups {
      return "The test rows are of only "
        + "\(verdict.shown(verdict.words.counted(groups, data.groupName)))."
    }
    guard data.testRows < Self.fewRows else { return nil }
    return "There are only \(verdict.words.counted(data.testRows, "test row"))."
  }

  private var chosenByTest: String? {
    guard verdict.leader.isChosenByTest else { return nil }
    return "The leader was chosen on the test rows, which flatters it a little."
  }

  private var oneSplit: String? { "It is one split of the data." }
}

extension Array where Element == String {
  /// The texts with spaces between them; nil if there are none.
  var joinedOrNil: String? { isEmpty ? nil : joined(separator: " ") }
}

extension Verdict {
  /// What is known of how test rows stand to the rows learned from, as sentences; a warning says
  /// what the result is no promise of.
  var splitSentences: [(text: String, isWarning: Bool)] {
    let data = record.data
    let sentences =
      data.splitFacts?.sentences(
        groupName: data.groupName, trainRows: data.trainRows + data.validationRows) ?? []
    return sentences.map {
      ("\(shown($0.capitalizedFirst)).", $0.contains("no promise"))
    }
  }
}

extension TrialRecord {
  /// Whether the number of rounds ended training rather than the loss: as the learner says, or, in
  /// records that do not keep that, because the last round that was allowed is the best one.
  var wasCapped: Bool {
    if let choice { return choice.isCapped }
    guard !kind.isSimple, status == .finished, bestRound > 1, bestRound == rounds,
      validationLosses.count == rounds, let last = validationLosses.last
    else { return false }
    return validationLosses.dropLast().allSatisfy { last < $0 }
  }
}
