// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "CustomObjective",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Curvature", path: "../..")],
  targets: [
    .executableTarget(
      name: "CustomObjective",
      dependencies: [
        .product(name: "BoostedTrees", package: "Curvature"),
        .product(name: "HDF5", package: "Curvature"),
        .product(name: "Losses", package: "Curvature"),
        .product(name: "MLP", package: "Curvature"),
        .product(name: "Tabular", package: "Curvature"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
