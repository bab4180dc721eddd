// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "CheckAGradient",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Curvature", path: "../..")],
  targets: [
    .executableTarget(
      name: "CheckAGradient",
      dependencies: [
        .product(name: "Checking", package: "Curvature"),
        .product(name: "Losses", package: "Curvature"),
      ])
  ],
  swiftLanguageModes: [.v6])
