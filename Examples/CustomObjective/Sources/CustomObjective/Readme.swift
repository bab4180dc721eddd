import Curvature  // or Losses, Formulas, Checking, Tabular, HDF5, BoostedTrees, MLP one by one
import Foundation

/// The program of the README, line for line: a test compares the two. Runs in the package's folder.
func readme() throws {
  let fleet = try Table(contentsOf: "Datasets/pv-fleet.h5", target: "y", rowData: ["size"])
  let (train, validation, test) = try fleet.split()  // the file's, else by time, groups or chance

  // 1. Gradient and Hessian, one row at a time.
  let sne = CustomObjective(
    "sne", rowData: ["size"], scoreAdjustment: .multiplied(by: "size")
  ) { row in
    let size = row.data[0]
    return .init(gradient: 2 * (row.score - row.target) / (size * size), hessian: 2 / (size * size))
  }
  // 2. Only the loss; derivatives are exact (second-order jets), for one score or several.
  let sne2 = DifferentiableObjective("sne", rowData: ["size"]) { row in
    ((row.score - row.target) / row.data[0]).squared()
  }
  // 3. Text, from a command line or a configuration file.
  let sne3 = try ExpressionObjective("square((score - y) / size)")

  print(sne.check(on: train))  // a verdict in sentences, row numbers included

  let forest = try Booster(objective: sne).fit(train, validation: validation)  // best round
  let network = try Perceptron(hidden: [64, 64], objective: sne).fit(train, validation: validation)
  let kWh = try forest.predictions(for: test)  // link applied; .scores(for:) gives raw scores
  print(try forest.evaluate(on: test, metrics: [.rmse, .rmsne]))
  try forest.save(to: "fleet.model")

  // The page only shows these.
  _ = (sne2, sne3, network, kWh)
  try FileManager.default.removeItem(atPath: "fleet.model")
}
