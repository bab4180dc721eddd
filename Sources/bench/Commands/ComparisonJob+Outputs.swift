import Losses
import ArgumentParser
import Foundation
import Harness
import Reports

extension ComparisonJob {
  /// Refuses data files that would write the same report.
  ///
  /// - Throws: `ValidationError`.
  static func requireDistinctReports(of jobs: [ComparisonJob]) throws {
    var writers: [String: ComparisonJob] = [:]
    for job in jobs {
      for name in job.possibleNames {
        // Many file systems take no notice of case.
        if let other = writers.updateValue(job, forKey: name.lowercased()) {
          throw ValidationError(
            "'\(other.source.path)' and '\(job.source.path)' would both write the report "
              + "'\(name)'; rename one, or compare them in two runs with --name")
        }
      }
    }
  }

  /// Refuses reports that could not be written, or would replace one of the `inputs`. The folder
  /// must be there.
  ///
  /// - Throws: `ValidationError` for an input or a name that is too long, else
  ///   `FileReplacementError`.
  func checkOutputs(keeping inputs: [String]) throws {
    let figures = "\(command.output)/figures"
    if FileManager.default.fileExists(atPath: figures) { try OutputFile.makeFolder(figures) }
    for name in possibleNames {
      guard name.utf8.count <= 200 else {
        throw ValidationError("the report's name '\(name)' is too long; give one with --name")
      }
      for path in foldNames(name).flatMap(outputs) + pooledOutputs(name)
      where FileManager.default.fileExists(atPath: path) {
        try OutputFile.check(path, keeping: inputs)
      }
    }
  }

  /// Every file that a report of this name may write.
  func outputs(_ name: String) -> [String] {
    (ExperimentResult.paths(name: name) + Report.paths(name: name)).map {
      "\(command.output)/\($0)"
    }
  }

  /// The files over all folds; none without folds.
  private func pooledOutputs(_ name: String) -> [String] {
    guard command.folds != nil else { return [] }
    return PooledReport.paths(name: name).map { "\(command.output)/\($0)" }
  }

  /// The reports of a run: one per fold, or one.
  func foldNames(_ name: String) -> [String] {
    guard let folds = command.folds else { return [name] }
    return (1...folds).map { "\(name)-fold-\($0)" }
  }

  /// The name of the report on some objectives, which are as the command line gives them.
  func reportName(_ objectives: [String]) -> String {
    if let name = command.name {
      return command.data.files.count > 1 ? "\(name)-\(source.name)" : name
    }
    return ReportName.name(data: source.name, objectives: objectives)
  }

  /// What the report is named after: the objectives as they were typed, or else those chosen for
  /// the table.
  func objectiveTexts(_ plans: [ObjectivePlan]) -> [String] {
    guard command.objectives.isEmpty else { return typedObjectives }
    let named = plans.filter { !$0.isBaseline }
    if named.isEmpty, let baseline = command.baseline, baseline != "none" { return [baseline] }
    return (named.isEmpty ? plans : named).map(\.objective.name)
  }

  /// The names that the report may get. Which one can depend on the table, which is not read yet.
  private var possibleNames: Set<String> {
    guard command.objectives.isEmpty else { return [reportName(typedObjectives)] }
    let plain = ["squared", "logistic", "softmax"]
    let baselines = command.baseline.map { $0 == "none" ? plain : [$0] } ?? plain
    return Set((["sne"] + baselines).map { reportName([$0]) })
  }

  /// The objectives as they were typed, each once.
  private var typedObjectives: [String] {
    var texts: [String] = []
    for text in command.objectives where !texts.contains(text) { texts.append(text) }
    return texts
  }
}
