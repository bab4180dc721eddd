// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "CustomObjective",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Curvature", path: "../..")],
  targets: [
    .executableTarget(
      name: "CustomObjective",
      dependencies: [.product(name: "Curvature", package: "Curvature")])
  ],
  swiftLanguageModes: [.v6]
)
