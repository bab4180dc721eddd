import ArgumentParser
import Foundation
import HDF5

/// `bench datasets`: the bundled data.
struct DatasetsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "datasets", abstract: "Lists the bundled datasets.",
    discussion: "Example: bench datasets --json")

  @OptionGroup var output: OutputOptions

  private struct Listing: Encodable {
    var name: String
    var rows: Int
    var features: Int
    var task: String
    var size: Bool
    var bytes: Int
    var source: String
    var path: String
  }

  private func listing(of name: String, at path: String) throws -> Listing {
    let file = try File(readingFrom: path)
    let features = try file.dataset("X")
    return Listing(
      name: name, rows: features.rowCount, features: features.shape.dropFirst().first ?? 1,
      task: file.task?.rawValue ?? "regression", size: try file.hasDataset("size"),
      bytes: file.byteCount, source: file.text("source") ?? "", path: path)
  }

  func run() throws {
    let datasets = try BundledDatasets()
    let listings = try datasets.names.map { name in
      let path = try datasets.path(of: name)
      return try UntrustedFile.reading(path) { try listing(of: name, at: path) }
    }
    if output.json { return try StandardOutput.print(JSON.text(listings)) }
    let rows = listings.map { listing in
      [
        listing.name, "\(listing.rows) rows", "\(listing.features) features", listing.task,
        listing.source,
      ]
    }
    try StandardOutput.print(TextTable.list(rows))
  }
}
