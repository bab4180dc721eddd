// swift-tools-version: 6.2
import PackageDescription

/// What lets the compiler keep the walls between modules: an import is seen by its file alone unless
/// it says otherwise.
let walls: [SwiftSetting] = [
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("ExistentialAny"),
]

/// `Row` and `Rows` hold spans; initialising such values needs lifetime annotations.
let lifetimes: [SwiftSetting] = walls + [.enableExperimentalFeature("Lifetimes")]

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
    .library(name: "Curvature", targets: ["Curvature"]),
    .library(name: "Losses", targets: ["Losses"]),
    .library(name: "Formulas", targets: ["Formulas"]),
    .library(name: "Checking", targets: ["Checking"]),
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

    // Layer 0: which name was meant.
    .target(name: "Wording", swiftSettings: walls),

    // Layer 1: know nothing of each other.
    .target(
      name: "Losses",
      dependencies: [
        "Wording", "CElementary", .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: lifetimes),
    .target(
      name: "Tabular",
      dependencies: [.product(name: "OrderedCollections", package: "swift-collections")],
      swiftSettings: walls),
    .target(name: "Parallel", dependencies: ["CIntrinsics"], swiftSettings: walls),

    // Layer 2: objectives as text, their checker, and the reader of files.
    .target(
      name: "Formulas",
      dependencies: [
        "Losses", "Wording", "CElementary", .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: lifetimes),
    .target(
      name: "Checking",
      dependencies: ["Losses", "Wording", .product(name: "RealModule", package: "swift-numerics")],
      swiftSettings: lifetimes),
    .target(
      name: "HDF5",
      dependencies: [
        .product(name: "OrderedCollections", package: "swift-collections"), "Tabular", "Wording",
        "CHDF5",
      ], swiftSettings: walls),

    // Layer 3: what every learner shares.
    .target(
      name: "Learning",
      dependencies: [
        .product(name: "OrderedCollections", package: "swift-collections"), "Checking", "Losses",
        "Tabular",
      ], swiftSettings: lifetimes),

    // Layer 4: the learners, which do not know each other.
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
      name: "Baselines",
      dependencies: [
        .product(name: "OrderedCollections", package: "swift-collections"), "Learning", "Losses",
        "Tabular",
      ],
      swiftSettings: lifetimes),

    // Layer 5 and above: comparison, its rendering, and the command line.
    .target(
      name: "Harness",
      dependencies: [
        .product(name: "OrderedCollections", package: "swift-collections"),
        "Baselines", "Formulas", "HDF5", "Learning", "Losses", "Tabular",
        .target(name: "CLibcrypto", condition: .when(platforms: [.linux])),
      ], swiftSettings: walls),
    .target(
      name: "Reports", dependencies: ["Harness", "Learning", "Tabular"], swiftSettings: walls),
    .executableTarget(
      name: "bench",
      dependencies: [
        "Harness", "Reports", "BoostedTrees", "MLP", "HDF5", "Learning", "Checking", "Formulas",
        "Losses", "Tabular", "Wording", "CBuildRecord",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: walls),

    // One import for all a library user needs.
    .target(
      name: "Curvature",
      dependencies: [
        "BoostedTrees", "MLP", "Learning", "Checking", "Formulas", "HDF5", "Losses", "Tabular",
      ], swiftSettings: walls),

    .target(
      name: "TestSupport",
      dependencies: [
        "Formulas", "Losses", "Tabular", .product(name: "RealModule", package: "swift-numerics"),
      ],
      path: "Tests/TestSupport",
      swiftSettings: lifetimes),
    .testTarget(name: "WordingTests", dependencies: ["Wording"]),
    .testTarget(
      name: "LossesTests", dependencies: ["Losses", "Formulas", "Checking", "TestSupport"],
      swiftSettings: lifetimes),
    .testTarget(
      name: "FormulasTests",
      dependencies: ["Checking", "Formulas", "Losses", "Tabular", "TestSupport"],
      swiftSettings: lifetimes),
    .testTarget(
      name: "CheckingTests", dependencies: ["Checking", "Formulas", "Losses", "TestSupport"],
      swiftSettings: lifetimes),
    .testTarget(name: "TabularTests", dependencies: ["Tabular", "TestSupport"]),
    .testTarget(name: "ParallelTests", dependencies: ["Parallel"]),
    .testTarget(
      name: "LearningTests",
      dependencies: ["Formulas", "Checking", "Learning", "Losses", "Tabular", "TestSupport"]),
    .testTarget(
      name: "HDF5Tests", dependencies: ["HDF5", "Tabular", "TestSupport"], exclude: ["Fixtures"]),
    .testTarget(
      name: "BoostedTreesTests",
      dependencies: [
        .product(name: "OrderedCollections", package: "swift-collections"),
        "Formulas", "Checking", "BoostedTrees", "Learning", "Losses", "Parallel", "Tabular",
        "TestSupport",
      ],
      swiftSettings: lifetimes),
    .testTarget(
      name: "MLPTests",
      dependencies: [
        "Formulas",
        "MLP", "Learning", "Losses", "Parallel", "Tabular", "TestSupport", "CProcessor",
      ],
      swiftSettings: lifetimes),
    .testTarget(
      name: "BaselinesTests",
      dependencies: ["Baselines", "Formulas", "Learning", "Losses", "Tabular", "TestSupport"]),
    .testTarget(
      name: "HarnessTests",
      dependencies: [
        "Formulas",
        "Harness", "Baselines", "BoostedTrees", "HDF5", "Learning", "Losses", "MLP", "Tabular",
        "TestSupport",
      ]),
    .testTarget(
      name: "ReportsTests",
      dependencies: ["Reports", "Harness", "Learning", "Losses", "Tabular", "TestSupport"]),
    .testTarget(
      name: "BenchTests",
      dependencies: [
        "Formulas",
        "bench", "BoostedTrees", "Harness", "HDF5", "Losses", "Tabular", "TestSupport",
      ]),
  ],
  swiftLanguageModes: [.v6]
)
