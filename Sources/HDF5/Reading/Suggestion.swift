import Wording

extension File {
  /// A sentence that lists `names` and suggests the one that looks most like `wanted`.
  static func whatThereIs(_ names: [String], insteadOf wanted: String) -> String {
    guard !names.isEmpty else { return "there is no such dataset, nor any other in the file" }
    let listed = names.prefix(12).map { "'\($0)'" }.joined(separator: ", ")
    let more = names.count > 12 ? " and \(names.count - 12) more" : ""
    let suggestion = nearest(to: wanted, among: names).map { "; did you mean '\($0)'?" } ?? ""
    return "there is no such dataset; the file has \(listed)\(more)\(suggestion)"
  }

  /// The name that needs the fewest edits to become `wanted`, whole or by its last component; nil
  /// if none is near. O(names x length^2).
  static func nearest(to wanted: String, among names: [String]) -> String? {
    let wanted = components(wanted).joined(separator: "/").lowercased()
    var best: (name: String, distance: Int)?
    for name in names {
      let whole = Spelling.distance(wanted, name.lowercased())
      let last = Spelling.distance(
        components(wanted).last ?? "", components(name).last?.lowercased() ?? "")
      let distance = min(whole, last)
      if distance < best?.distance ?? .max { best = (name, distance) }
    }
    guard let best, best.distance <= max(1, wanted.count / 2) else { return nil }
    return best.name
  }
}
