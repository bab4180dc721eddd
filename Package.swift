// swift-tools-version: 6.2
import PackageDescription

/// `Row` and `Rows` hold spans; initialising such values needs lifetime annotations.
let lifetimes: [SwiftSetting] = [.enableExperimentalFeature("Lifetimes")]

/// What a program says it was built from. `make` tells the commit and the packages exactly
/// (Scripts/recorded); otherwise this file knows the commit of the last time it was read.
func text(_ name: String, otherwise: String) -> String {
  "\"\(Context.environment[name] ?? otherwise)\""
}
let buildRecord: [CSetting] = [
  .define(
    "BUILD_COMMIT",
    to: text(
      "CURVATURE_COMMIT",
      otherwise: (Context.gitInformation?.currentCommit).map {
        "near \($0.prefix(12)) (built without make)"
      } ?? "unknown")),
  .define("BUILD_PACKAGES", to: text("CURVATURE_PACKAGES", otherwise: "")),
]

let package = Package(
  name: "Curvature",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Losses", targets: ["Losses"]),
    .library(name: "Tabular", targets: ["Tabular"]),
    .library(name: "HDF5", targets: ["HDF5"]),
    .library(name: "BoostedTrees", targets: ["BoostedTrees"]),
    .library(name: "MLP", targets: ["MLP"]),
    .library(name: "Harness", targets: ["Harness"]),
    .library(name: "Reports", targets: ["Reports"]),
    .executable(name: "bench", targets: ["bench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.0"),
  ],
  targets: [
    // C libraries: a module map and a static inline header each, imported by one Swift target.
    .systemLibrary(
      name: "CHDF5", pkgConfig: "hdf5",
      providers: [.apt(["libhdf5-dev"]), .brew(["hdf5"])]),
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .systemLibrary(name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "CIntrinsics"),
    .target(name: "CElementary"),
    .target(name: "CProcessor"),
    .target(name: "CBuildRecord", cSettings: buildRecord),

    // Layer 1: know nothing of each other.
    .target(
      name: "Losses",
      dependencies: ["CElementary", .product(name: "RealModule", package: "swift-numerics")],
      swiftSettings: lifetimes),
    .target(
      name: "Tabular",
      dependencies: [.product(name: "OrderedCollections", package: "swift-collections")]),
    .target(name: "Parallel", dependencies: ["CIntrinsics"]),

    // Layer 2: what every learner shares, and the reader of files.
    .target(name: "Learning", dependencies: ["Losses", "Tabular"], swiftSettings: lifetimes),
    .target(name: "HDF5", dependencies: ["Tabular", "CHDF5"]),

    // Layer 3: the learners, which do not know each other.
    .target(
      name: "BoostedTrees",
      dependencies: ["Learning", "Losses", "Tabular", "Parallel", "CIntrinsics"],
      swiftSettings: lifetimes),
    .target(
      name: "MLP",
      dependencies: ["Learning", "Losses", "Tabular", "Parallel", "COpenBLAS", "CProcessor"],
      swiftSettings: lifetimes),

    // What a learner has to beat: a constant, a straight line, a column as it stands.
    .target(
      name: "Baselines", dependencies: ["Learning", "Losses", "Tabular"],
      swiftSettings: lifetimes),

    // Layer 4 and above: comparison, its rendering, and the command line.
    .target(
      name: "Harness",
      dependencies: [
        "BoostedTrees", "MLP", "Baselines", "HDF5", "Learning", "Losses", "Tabular",
        .target(name: "CLibcrypto", condition: .when(platforms: [.linux])),
      ]),
    .target(name: "Reports", dependencies: ["Harness", "Tabular"]),
    .executableTarget(
      name: "bench",
      dependencies: [
        "Harness", "Reports", "BoostedTrees", "MLP", "HDF5", "Learning", "Losses", "Tabular",
        "CBuildRecord",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    .target(
      name: "TestSupport", dependencies: ["Losses", "Tabular"], path: "Tests/TestSupport",
      swiftSettings: lifetimes),
    .testTarget(
      name: "LossesTests", dependencies: ["Losses", "TestSupport"], swiftSettings: lifetimes),
    .testTarget(name: "TabularTests", dependencies: ["Tabular", "TestSupport"]),
    .testTarget(name: "ParallelTests", dependencies: ["Parallel"]),
    .testTarget(
      name: "LearningTests", dependencies: ["Learning", "Losses", "Tabular", "TestSupport"]),
    .testTarget(
      name: "HDF5Tests", dependencies: ["HDF5", "Tabular", "TestSupport"], exclude: ["Fixtures"]),
    .testTarget(
      name: "BoostedTreesTests",
      dependencies: ["BoostedTrees", "Learning", "Losses", "Parallel", "Tabular", "TestSupport"],
      swiftSettings: lifetimes),
    .testTarget(
      name: "MLPTests",
      dependencies: [
        "MLP", "Learning", "Losses", "Parallel", "Tabular", "TestSupport", "CProcessor",
      ],
      swiftSettings: lifetimes),
    .testTarget(
      name: "BaselinesTests",
      dependencies: ["Baselines", "Learning", "Losses", "Tabular", "TestSupport"]),
    .testTarget(
      name: "HarnessTests",
      dependencies: [
        "Harness", "Baselines", "BoostedTrees", "HDF5", "Learning", "Losses", "MLP", "Tabular",
        "TestSupport",
      ]),
    .testTarget(
      name: "ReportsTests",
      dependencies: ["Reports", "Harness", "Learning", "Losses", "Tabular", "TestSupport"]),
    .testTarget(
      name: "BenchTests",
      dependencies: [
        "bench", "BoostedTrees", "Harness", "HDF5", "Losses", "Tabular", "TestSupport",
      ]),
  ],
  swiftLanguageModes: [.v6]
)
