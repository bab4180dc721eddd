import ArgumentParser
import Foundation
import HDF5

/// `bench inspect`: what a file holds and how it would be read.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Says what is in a data file or a model file.",
    discussion: """
      Of an HDF5 file: its datasets, their types and storage, and how they would be read. Of a model: \
      objective, link, row data, columns, classes, initial scores and size.

      Example: bench inspect Datasets/pv-fleet.h5
      Example: bench inspect fleet.model --json
      """)

  @Argument(help: ArgumentHelp("The HDF5 file or the model file.", valueName: "file"))
  var file: String

  @OptionGroup var output: OutputOptions

  private struct Listing: Encodable {
    struct Item: Encodable {
      var path: String
      var shape: [Int]?
      var type: String
      var layout: String?
      var chunk: [Int]?
      var filters: [String]?
      var storedBytes: Int?
      var attributes: [String: String]
      var readable: Bool
      var reading: String
    }
    var file: String
    var bytes: Int
    var attributes: [String: String]
    var datasets: [Item]
  }

  func run() throws {
    if AnyModelFile.isOne(file) {
      let model = try ModelListing(path: file)
      return try StandardOutput.print(output.json ? JSON.text(model) : model.text())
    }
    let (contents, bytes) = try UntrustedFile.reading(file) {
      let opened = try File(readingFrom: file)
      return (try opened.contents(), opened.byteCount)
    }
    try StandardOutput.print(
      output.json
        ? JSON.text(listing(contents, bytes: bytes)) : text(contents, bytes: bytes))
  }

  private func listing(_ contents: Contents, bytes: Int) -> Listing {
    Listing(
      file: file, bytes: bytes, attributes: dictionary(contents.attributes),
      datasets: contents.items.map { item in
        Listing.Item(
          path: item.path, shape: item.shape, type: item.type,
          layout: item.storage?.layout.rawValue, chunk: item.storage?.chunk,
          filters: item.storage?.filters.map(\.name), storedBytes: item.storage?.storedBytes,
          attributes: dictionary(item.attributes), readable: item.isReadable,
          reading: item.reading)
      })
  }

  private func dictionary(_ attributes: [Attribute]) -> [String: String] {
    Dictionary(attributes.map { ($0.name, "\($0.value)") }, uniquingKeysWith: { first, _ in first })
  }

  private func text(_ contents: Contents, bytes: Int) -> String {
    var lines = ["\(file): \(Self.size(bytes))"]
    lines += contents.attributes.map { "  @\($0.name) = \($0.value)" }
    for item in contents.items {
      let shape = item.shape.map { " [\($0.map(String.init).joined(separator: " x "))]" } ?? ""
      lines.append("\(item.path)\(shape): \(item.type)")
      if let storage = item.storage { lines.append("  \(Self.words(storage))") }
      lines += item.attributes.map { "  @\($0.name) = \($0.value)" }
      lines.append("  read: \(item.reading)")
    }
    return lines.map(TerminalText.line).joined(separator: "\n")
  }

  private static func words(_ storage: Dataset.Storage) -> String {
    var words = storage.layout.rawValue
    if let chunk = storage.chunk {
      words += " \(chunk.map(String.init).joined(separator: " x "))"
    }
    let filters = storage.filters.map { $0.isSupported ? $0.name : "\($0.name) (not supported)" }
    if !filters.isEmpty { words += ", \(filters.joined(separator: " + "))" }
    return words + ", \(size(storage.storedBytes)) stored"
  }

  private static func size(_ bytes: Int) -> String {
    if bytes < 1024 { return "\(bytes) bytes" }
    if bytes < 1 << 20 { return String(format: "%.1f KiB", Double(bytes) / 1024) }
    return String(format: "%.1f MiB", Double(bytes) / Double(1 << 20))
  }
}
