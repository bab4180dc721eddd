import Wording

extension Catalogue {
  /// What stood in the parentheses behind an objective's name, checked.
  struct Arguments: Sendable {
    /// The number of classes, for objectives over classes.
    private(set) var classes = 2
    /// The values of a parameter that may be given several times.
    private(set) var several: [Double] = []
    private var values: [String: Double] = [:]
    private var lists: [String: [Double]] = [:]
    private var options: Set<String> = []

    /// Nothing stood there.
    init(entry: Catalogue.Entry, classes: Int?) throws(CatalogueError) {
      try self.init(CallText(entry.name), entry: entry, classes: classes)
    }

    init(_ call: CallText, entry: Catalogue.Entry, classes: Int?) throws(CatalogueError) {
      var written: Int?
      var position = 0
      for argument in call.arguments {
        switch argument.key {
        case "classes" where entry.targets == .classes:
          written = try Self.classes(argument, entry)
        case let key? where entry.lists.contains { $0.name == key }:
          try addList(argument, key, entry)
        case nil where entry.options.contains(argument.value):
          options.insert(argument.value)
        default:
          try addNumber(argument, entry, &position)
        }
      }
      self.classes = try Self.classes(given: classes, written: written, lists, entry)
      for parameter in entry.parameters where values[parameter.name] == nil {
        values[parameter.name] = parameter.initial
      }
      if entry.takesSeveral, several.isEmpty { several = entry.parameters.map(\.initial) }
    }

    /// The value of the parameter called `name`.
    subscript(name: String) -> Double {
      guard let value = values[name] else {
        preconditionFailure("the entry declares no parameter '\(name)'")
      }
      return value
    }

    /// The numbers of the list called `name`; nil if it was not given.
    func list(_ name: String) -> [Double]? { lists[name] }

    /// Whether the word `option` was given.
    func has(_ option: String) -> Bool { options.contains(option) }
  }
}

// MARK: - Reading

extension Catalogue.Arguments {

  private static func wrong(_ sentence: String) -> CatalogueError {
    CatalogueError(.badParameter, sentence)
  }

  private mutating func addNumber(
    _ argument: CallText.Argument, _ entry: Catalogue.Entry, _ position: inout Int
  ) throws(CatalogueError) {
    let names = entry.parameters.map(\.name)
    if argument.key == nil, Double(argument.value) == nil {
      throw Self.unknownWord(argument.value, entry)
    }
    let place = argument.key.map(names.firstIndex) ?? (entry.takesSeveral ? 0 : position)
    guard let place, place < names.count else {
      throw Self.unknownParameter(argument, entry)
    }
    if argument.key == nil { position += 1 }
    let parameter = entry.parameters[place]
    let number = try argument.number(of: entry.name)
    guard parameter.isAllowed(number) else {
      throw Self.wrong(
        "parameter '\(parameter.name)' of objective '\(entry.name)' is \(number), but it must "
          + "be \(parameter.rule)")
    }
    if entry.takesSeveral {
      several.append(number)
    } else if values.updateValue(number, forKey: parameter.name) != nil {
      throw Self.wrong("parameter '\(parameter.name)' of '\(entry.name)' is given twice")
    }
  }

  private mutating func addList(
    _ argument: CallText.Argument, _ key: String, _ entry: Catalogue.Entry
  ) throws(CatalogueError) {
    guard let list = entry.lists.first(where: { $0.name == key }) else { return }
    let numbers = try argument.numbers(of: entry.name)
    for (place, number) in numbers.enumerated() where !list.isAllowed(number) {
      throw Self.wrong(
        "number \(place + 1) of '\(key)' of objective '\(entry.name)' is \(number), but it must be "
          + list.rule)
    }
    guard lists.updateValue(numbers, forKey: key) == nil else {
      throw Self.wrong("parameter '\(key)' of '\(entry.name)' is given twice")
    }
  }

  private static func classes(
    _ argument: CallText.Argument, _ entry: Catalogue.Entry
  ) throws(CatalogueError) -> Int {
    let number = try argument.number(of: entry.name)
    guard let count = Int(exactly: number), 2...1_000_000 ~= count else {
      throw wrong(
        "parameter 'classes' of objective '\(entry.name)' is \(argument.value), but it must be a "
          + "whole number from 2 on")
    }
    return count
  }

  /// The number of classes, on which the data or the call, the text and the lengths of its lists
  /// must agree.
  private static func classes(
    given: Int?, written: Int?, _ lists: [String: [Double]], _ entry: Catalogue.Entry
  ) throws(CatalogueError) -> Int {
    if let given, let written, given != written, entry.targets == .classes {
      throw wrong(
        "objective '\(entry.name)' is for classes=\(written), but there are \(given) classes")
    }
    let known = given ?? written
    let count = known ?? lists.first?.value.count ?? 2
    guard entry.targets != .classes || count >= 2 else {
      throw wrong("objective '\(entry.name)' is for two or more classes, but there are \(count)")
    }
    for list in entry.lists {
      guard let numbers = lists[list.name], numbers.count != count else { continue }
      throw wrong(
        "'\(list.name)' of objective '\(entry.name)' has \(numbers.count) "
          + "number\(numbers.count == 1 ? "" : "s"), but there are \(count) classes; give one per "
          + "class, in their order")
    }
    return count
  }

  // MARK: - Sentences

  /// Everything that may stand in an entry's parentheses, as it is written.
  private static func known(_ entry: Catalogue.Entry) -> [String] {
    entry.options + entry.parameters.map { "\($0.name)=NUMBER" }
      + entry.lists.map { "\($0.name)=[NUMBER, ...]" }
      + (entry.targets == .classes ? ["classes=NUMBER"] : [])
  }

  private static func names(_ entry: Catalogue.Entry) -> [String] {
    entry.parameters.map(\.name) + entry.lists.map(\.name)
      + (entry.targets == .classes ? ["classes"] : [])
  }

  private static func unknownWord(_ word: String, _ entry: Catalogue.Entry) -> CatalogueError {
    let known = known(entry)
    if let name = names(entry).first(where: { $0 == word }) {
      let form = known.first { $0.hasPrefix("\(name)=") } ?? name
      return wrong("'\(name)' of '\(entry.name)' needs a value: \(form)")
    }
    if let near = Spelling.nearest(to: word, in: entry.options) {
      return wrong(
        "'\(entry.name)' does not know '\(word)'; did you mean '\(near)'? It has "
          + known.joined(separator: ", "))
    }
    return wrong(
      "'\(entry.name)' does not know '\(word)'; "
        + (known.isEmpty ? "it has no parameters" : "it has \(known.joined(separator: ", "))"))
  }

  private static func unknownParameter(
    _ argument: CallText.Argument, _ entry: Catalogue.Entry
  ) -> CatalogueError {
    let names = names(entry)
    guard !names.isEmpty else {
      return wrong(
        "objective '\(entry.name)' has no such parameter: it has no numbers to set")
    }
    let hint = argument.key.flatMap { Spelling.nearest(to: $0, in: names) }
    return wrong(
      "objective '\(entry.name)' has no parameter '\(argument.key ?? argument.value)'; "
        + (hint.map { "did you mean '\($0)'? It " } ?? "it ")
        + "has \(known(entry).joined(separator: ", "))")
  }
}
