import Curvature
import Foundation

/// Trains both learners under one objective written in three ways, and shows that the three agree.
@main
struct CustomObjectiveExample {
  static func main() throws {
    let path = CommandLine.arguments.dropFirst().first ?? bundledFleet
    let fleet = try Table(contentsOf: path, rowData: ["size"])
    let (train, validation, test) = try fleet.split()
    print(
      "\(train.rowCount) rows to train, \(validation?.rowCount ?? 0) to stop on, "
        + "\(test.rowCount) to test")

    let ways: [(name: String, objective: any Objective)] = [
      ("closures", closures), ("loss alone", lossAlone), ("whole blocks", batch),
    ]
    let forests = try ways.map { way in
      try Booster(objective: way.objective).fit(train, validation: validation)
    }
    try report("Boosted trees", ways.map(\.name), forests, on: test)
    let networks = try ways.map { way in
      try Perceptron(hidden: [32], objective: way.objective, epochs: 3).fit(train)  // 3 exactly
    }
    try report("MLP", ways.map(\.name), networks, on: test)

    print("\nThe README")
    try readme()
  }

  /// Prints each model's error, and how far predictions lie apart, in units of a row's size.
  private static func report(
    _ learner: String, _ names: [String], _ models: [some TrainedModel], on test: Table
  ) throws {
    print("\n\(learner)")
    let sizes = test.rowData["size"] ?? []
    let predictions = try models.map { try $0.predictions(for: test) }
    for (name, model) in zip(names, models) {
      let error = try model.evaluate(on: test, metrics: [.rmsne])["rmsne"] ?? .nan
      print("  \(name): root mean squared error of \(percent(error)) of the size")
    }
    var largest = 0.0
    for other in predictions.dropFirst() {
      for row in sizes.indices {
        largest = max(largest, abs(other[row] - predictions[0][row]) / sizes[row])
      }
    }
    print("  largest difference of predictions: \(largest) of the size")
    guard largest < 1e-6 else {
      print("The three ways do not agree.")
      exit(1)
    }
    print("  The three ways agree.")
  }

  private static func percent(_ share: Double) -> String {
    String(format: "%.2f %%", 100 * share)
  }

  /// The fleet that comes with the library.
  private static var bundledFleet: String {
    URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../../Datasets/pv-fleet.h5")
      .standardizedFileURL.path
  }
}
