// What a user of the library needs, in one import:
//
//     import Curvature
//
//     let fleet = try Table(contentsOf: "fleet.h5", target: "y", rowData: ["size"])
//     let forest = try Booster(objective: try parseObjective("sne")).fit(fleet)

@_exported import BoostedTrees
@_exported import Checking
@_exported import Formulas
@_exported import HDF5
@_exported import Learning
@_exported import Losses
@_exported import MLP
@_exported import Tabular
