import Foundation
import HDF5
import Losses
import Tabular

/// What a table takes, from the extents of its features alone: looked at before a byte is read.
struct MemoryNeeds {
  private let path: String
  private let rows: Int
  private let columns: Int

  /// Looks at a file's features; nil if they are not found, which the reader will say better.
  ///
  /// - Parameter features: a matrix, or columns separated by commas.
  init?(of path: String, features: String) {
    guard let file = try? File(readingFrom: path) else { return nil }
    let shapes = features.split(separator: ",").compactMap { name in
      (try? file.dataset(name.trimmingCharacters(in: .whitespaces)))?.shape
    }
    guard let rows = shapes.compactMap(\.first).max() else { return nil }
    self.path = path
    self.rows = rows
    columns = shapes.reduce(0) { $0 + ($1.count > 1 ? $1[1] : 1) }
  }

  /// Refuses a table that there is no memory for.
  ///
  /// - Parameter copies: how often its features are held at once: twice where they are divided into
  ///   parts or put into bins.
  /// - Throws: `MemoryShortage`.
  func check(copies: Int) throws {
    // Features of 4 bytes; target, row numbers, scores, gradients and Hessians of a row.
    let perRow = Double(columns) * 4 * Double(copies) + 72
    let bytes = Double(rows) * perRow
    guard bytes < 1e18 else { return }
    try CrashGuard.requireMemory(
      Int(bytes), for: "working on the \(rows) rows and \(columns) columns of '\(path)'")
  }

  /// Refuses a fit that there is no memory for: a byte per row and column for bins, by row and by
  /// column; score, gradient, Hessian and their whole numbers for each score of a row.
  ///
  /// - Throws: `MemoryShortage`.
  static func checkTraining(rows: Int, columns: Int, under objectives: [any Objective]) throws {
    let scores = objectives.map(\.scoresPerRow).max() ?? 1
    let bytes = Double(rows) * (2 * Double(columns) + 40 * Double(scores))
    guard bytes < 1e18 else { return }
    try CrashGuard.requireMemory(
      Int(bytes), for: "training on \(rows) rows, \(columns) columns and \(scores) score(s) per row"
    )
  }
}
