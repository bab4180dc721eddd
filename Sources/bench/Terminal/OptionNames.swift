/// Options as they are typed.
///
/// The sentences of the libraries name what is to be set in backquotes, as Swift code calls it:
/// `` `minChildRows` ``, `` `target: PATH` ``. Here they get the names of the command line.
enum OptionNames {
  private static let settings: Set<String> = [
    "checksObjective", "curvature", "exposure", "features", "group", "metric", "minChildRows",
    "minChildWeight", "model", "objective", "rowData", "size", "split", "target", "time", "weight",
  ]

  /// `text` with the options of `bench` in place of settings in backquotes. O(length).
  static func spelled(_ text: String) -> String {
    guard text.contains("`") else { return text }
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    var result = String(parts[0])
    // Whether the part before was text, so that this one may be a setting.
    var isInside = true
    for (place, part) in parts.enumerated().dropFirst() {
      if isInside, place < parts.count - 1, let option = option(part) {
        result += option
        isInside = false
      } else {
        // After a setting, its closing backquote is gone with it.
        result += isInside ? "`\(part)" : String(part)
        isInside = true
      }
    }
    return result
  }

  /// The option for `minChildRows` or `rowData: size`; nil if it is none.
  private static func option(_ setting: Substring) -> String? {
    let words = setting.split(separator: ": ", maxSplits: 1)
    guard let name = words.first.map(String.init), settings.contains(name) else { return nil }
    let value = words.count == 2 ? String(words[1]) : nil
    switch (name, value) {
    case ("checksObjective", "false"?): return "--no-check"
    case ("rowData", let value?): return "--row-data \(value)=PATH"
    default: return "--\(kebab(name))" + (value.map { " \($0)" } ?? "")
    }
  }

  private static func kebab(_ name: String) -> String {
    name.reduce(into: "") { kebab, letter in
      kebab += letter.isUppercase ? "-\(letter.lowercased())" : String(letter)
    }
  }
}
