import ArgumentParser
import BoostedTrees
import Foundation
import HDF5
import Learning
import MLP
import Tabular

/// `bench predict`: a model's scores and predictions for the rows of a file.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Writes a model's scores and predictions for a file's rows.",
    discussion: """
      Writes the datasets 'score' and 'prediction', and 'label' where the target is a class; with \
      --output - as comma-separated text. The file needs no target.

      Example: bench predict --model fleet.model --data new.h5 --output yield.h5
      """)

  @Option(help: ArgumentHelp("The model.", valueName: "file"))
  var model: String

  @Option(
    help: ArgumentHelp("The file to write; - for text on standard output.", valueName: "file"))
  var output: String

  @OptionGroup(title: "Data") var data: DataOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Threads to use. (default: one per core)", valueName: "n"),
    transform: NumericOption.threads)
  var threads: Int?

  @Flag(name: .shortAndLong, help: "Say nothing but results.")
  var quiet = false

  func run() throws {
    let source = try data.source()
    if output != "-" {
      try OutputFile.check(output, keeping: [source.path, model])
    }
    let model = try AnyModelFile.read(model)
    let header = model.header
    let table = try data.unlabelledTable(
      source, rowDataNames: header.objective.adjustment.map { [$0.rowDataName] } ?? [],
      featureShifts: header.featureShifts ?? [:]
    ) { note in
      if !quiet { StandardError.write("\(TerminalText.shown(note))\n") }
    }
    try Self.checkUnnamedColumns(of: table, for: header)
    // Outputs, scores and predictions; a model may have any number of them per row.
    try CrashGuard.requireMemory(
      (24 * table.rowCount).multipliedReportingOverflow(by: header.initialScores.count)
        .partialValue, for: "predicting \(table.rowCount) rows")
    let scores = try model.scores(for: table, threads: threads)
    let predictions = header.predictions(ofScores: scores)
    let labels = header.classNames.map { _ in header.labels(ofScores: scores).map { Int($0) } }
    let width = header.objective.scoresPerRow
    if output == "-" {
      let text = PredictionText(
        scores: scores, predictions: predictions, labels: labels, width: width,
        classNames: header.classNames)
      return try text.print()
    }
    try write(scores, predictions, labels, header)
    if !quiet {
      StandardOutput.tell(
        "\(output): \(table.rowCount) rows, \(width) score(s) per row", of: output)
    }
  }

  private func write(
    _ scores: [Double], _ predictions: [Double], _ labels: [Int]?, _ header: ModelHeader
  ) throws {
    let width = header.objective.scoresPerRow
    let shape = width == 1 ? [scores.count] : [scores.count / width, width]
    try File.write(to: output) { file in
      try file.write("score", scores, shape: shape)
      try file.write("prediction", predictions, shape: shape)
      if let labels, let names = header.classNames {
        try file.write("label", labels.map { Int32($0) })
        try file.setAttribute("class_names", .texts(names), of: "label")
        if width > 1 { try file.setAttribute("class_names", .texts(names), of: "prediction") }
      }
      try file.setAttribute("objective", .text(header.objective.name))
    }
  }

  /// Refuses another number of columns where none has a name: a name such as `x3` then only counts,
  /// and would be found in a file that has nothing to do with the model.
  private static func checkUnnamedColumns(of table: Table, for header: ModelHeader) throws {
    func areCounted(_ names: [String]) -> Bool {
      names.indices.allSatisfy { names[$0] == "x\($0)" }
    }
    let columns = header.featureNames.count
    guard table.columnCount != columns, areCounted(table.featureNames),
      areCounted(header.featureNames)
    else { return }
    throw Failure(
      .badData,
      "\(table.source): it has \(table.columnCount) columns without names, but the model was "
        + "trained on \(columns); give the columns of the training file, in its order")
  }
}

/// Predictions as comma-separated text, one line per row.
struct PredictionText {
  let scores: [Double]
  let predictions: [Double]
  let labels: [Int]?
  let width: Int
  let classNames: [String]?

  func print() throws {
    // Names of classes are data for the next program, but a terminal is not one.
    let isForPeople = isatty(STDOUT_FILENO) == 1
    try write { isForPeople ? try StandardOutput.print($0) : try StandardOutput.printData($0) }
  }

  /// Gives the text to `put`, some lines at a time.
  func write(_ put: (String) throws -> Void) throws {
    func columns(_ name: String) -> [String] {
      width == 1 ? [name] : (0..<width).map { "\(name)_\($0)" }
    }
    var header = columns("score") + columns("prediction")
    if labels != nil { header.append("label") }
    var lines = [header.joined(separator: ",")]
    for row in 0..<scores.count / width {
      let range = row * width..<(row + 1) * width
      var cells = scores[range].map { "\($0)" } + predictions[range].map { "\($0)" }
      if let labels { cells.append(Self.quoted(name(of: labels[row]))) }
      lines.append(cells.joined(separator: ","))
      if lines.count >= 4096 {
        try put(lines.joined(separator: "\n"))
        lines = []
      }
    }
    if !lines.isEmpty { try put(lines.joined(separator: "\n")) }
  }

  /// The name of a class, or its number where the model's scores outnumber its names.
  private func name(of label: Int) -> String {
    guard let classNames, classNames.indices.contains(label) else { return "\(label)" }
    return classNames[label]
  }

  /// A cell that holds a comma, a quote or a line end stands in quotes (RFC 4180).
  private static func quoted(_ cell: String) -> String {
    guard cell.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return cell }
    let doubled = cell.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"")
    return "\"\(doubled)\""
  }
}
