import Tabular

extension TableReader {
  /// Tells what was done to columns, and what their attributes say that is not used.
  func noteDecisions(of matrix: FeatureMatrix, _ sources: [Dataset]) {
    for (remark, names) in matrix.remarks {
      note(columns: names, one: remark, several: Packing.plural(remark))
    }
    note(
      columns: matrix.missingTimes,
      one: "holds the smallest 64-bit number, by which pandas marks a missing time (NaT): it is "
        + "taken for missing",
      several: "hold the smallest 64-bit number, by which pandas marks a missing time (NaT): it is "
        + "taken for missing")
    for (name, choice) in matrix.choices {
      let lost =
        "column '\(name)' has \(choice.distinct) different values, of which 32-bit features hold "
        + "\(choice.distinctWithout)"
      switch choice.shift {
      case .whole(let offset, let step)?:
        note(
          "\(lost): \(offset) is subtracted from it"
            + (step > 1 ? " and it is divided by \(step)" : "")
            + kept(choice))
      case .real(let offset)?: note("\(lost): \(offset) is subtracted from it\(kept(choice))")
      case nil:
        note("\(lost); split it into smaller numbers, such as a date and an hour, or leave it out")
      }
    }
    var first = 0
    for source in sources {
      let own = Array(matrix.names[first..<first + source.width])
      first += source.width
      note(columns: categoricalNames(of: source, own), one: Self.asNumbers, several: Self.asNumbers)
    }
  }

  /// The columns that the attribute `categorical_features` names or counts.
  private func categoricalNames(of source: Dataset, _ own: [String]) -> [String] {
    guard source.fieldName == nil else { return [] }
    switch try? source.attribute("categorical_features") {
    case .texts(let names)?: return names
    case .text(let name)?: return [name]
    case .numbers(let numbers)? where numbers.count == own.count && own.count > 2:
      // A mark for each column.
      return numbers.allSatisfy { $0 == 0 || $0 == 1 }
        ? own.indices.filter { numbers[$0] == 1 }.map { own[$0] } : counted(numbers, own)
    case .numbers(let numbers)?: return counted(numbers, own)
    case .number(let number)?: return counted([number], own)
    default: return []
    }
  }

  private func counted(_ numbers: [Double], _ own: [String]) -> [String] {
    numbers.compactMap { Int(exactly: $0) }.filter(own.indices.contains).map { own[$0] }
  }

  private static let asNumbers =
    "(attribute 'categorical_features'): codes of categories are read as numbers in their order"

  private func kept(_ choice: ShiftChoice) -> String {
    choice.distinctWith == choice.distinct
      ? ", which keeps all apart" : ", which keeps \(choice.distinctWith) apart"
  }
}
