// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "ObjectiveBenchmark",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Curvature", path: "../..")],
  targets: [
    .executableTarget(
      name: "ObjectiveBenchmark",
      dependencies: [
        .product(name: "Formulas", package: "Curvature"),
        .product(name: "Losses", package: "Curvature"),
        .product(name: "Tabular", package: "Curvature"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
