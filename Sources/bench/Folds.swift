import Harness
import Tabular

/// Cross-validation: rows divided into folds, each of which is the test part once.
struct Folds {
  let count: Int
  let rule: SplitOptions.Rule
  let seed: UInt64

  init(count: Int, rule: SplitOptions.Rule, seed: UInt64) {
    precondition(count > 1, "cross-validation needs at least two folds")
    self.count = count
    self.rule = rule
    self.seed = seed
  }

  /// The fold of each row of `table`, `[rows]`.
  ///
  /// Rows are dealt to the folds in random order; with `stratified` class by class, so that each
  /// fold has its share of each; with `group` whole groups, the next one to the fold with the
  /// fewest rows.
  ///
  /// - Throws: `TabularError` if a fold would be empty, or rows have no groups.
  func folds(of table: Table) throws(TabularError) -> [Int] {
    var generator = RandomGenerator(seed: seed, stream: 0x666f_6c64)
    var fold = [Int](repeating: 0, count: table.rowCount)
    if rule == .group {
      guard let groups = table.groups else {
        throw TabularError(
          source: table.source, "folds by group need a group column; name one with --group")
      }
      let members = Dictionary(grouping: 0..<table.rowCount, by: { groups[$0] })
      var order = members.keys.sorted()
      guard order.count >= count else {
        throw TabularError(
          source: table.source, "\(order.count) groups do not make \(count) folds; use fewer")
      }
      generator.shuffle(&order)
      var sizes = [Int](repeating: 0, count: count)
      for group in order {
        let place = sizes.indices.min { (sizes[$0], $0) < (sizes[$1], $1) } ?? 0
        for row in members[group] ?? [] { fold[row] = place }
        sizes[place] += members[group]?.count ?? 0
      }
      return fold
    }
    guard table.rowCount >= count else {
      throw TabularError(
        source: table.source, "\(table.rowCount) rows do not make \(count) folds; use fewer")
    }
    var order = Array(0..<table.rowCount)
    generator.shuffle(&order)
    if rule == .stratified {
      guard let target = table.target else {
        throw TabularError(source: table.source, "stratified folds need a target")
      }
      // Stable in the shuffled order: dealing class after class gives each fold its share.
      let rank = Dictionary(
        uniqueKeysWithValues: order.enumerated().map { ($0.element, $0.offset) })
      order.sort { (target[$0], rank[$0] ?? 0) < (target[$1], rank[$1] ?? 0) }
    }
    for (place, row) in order.enumerated() { fold[row] = place % count }
    return fold
  }

  /// One set of training, validation and test rows per fold. Validation rows are a share of the
  /// training rows, set aside the way the folds were made.
  func experiments(
    _ table: Table, file: DataFile, describedBy source: DataSource
  ) throws -> [ExperimentData] {
    let fold = try folds(of: table)
    let validation: ValidationRule =
      switch rule {
      case .group: .group
      case .stratified: .stratified
      case .random, .time: .random
      }
    return try (0..<count).map { number in
      let test = fold.indices.filter { fold[$0] == number }
      let parts = try validation.divide(
        fold.indices.filter { fold[$0] != number }, of: table, fraction: 0.15, seed: seed)
      return ExperimentData(
        train: table.subset(parts.train),
        validation: parts.validation.isEmpty ? nil : table.subset(parts.validation),
        test: table.subset(test),
        splitWords: "fold \(number + 1) of \(count), \(rule.rawValue) (seed \(seed)), is tested",
        validationWords: parts.validation.isEmpty
          ? "none: too few training rows"
          : "15 % of the training rows, set aside as the folds were made",
        name: "\(source.name), fold \(number + 1)", file: file, targetName: source.targetName,
        targetUnit: source.targetUnit, sizeUnit: source.sizeUnit, groupName: source.groupName,
        weightName: source.weightName)
    }
  }
}
