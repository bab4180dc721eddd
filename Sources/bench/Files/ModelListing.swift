import Formulas
import BoostedTrees
import Foundation
import Harness
import Learning
import Losses
import MLP

/// What `bench inspect` says of a model file.
struct ModelListing: Encodable {
  var file: String
  var bytes: Int
  var sha256: String
  var kind: String
  /// The objective's name, or the formula it was written as.
  var objective: String
  /// What `--objective` makes the same objective of; nil for one from a program.
  var objectiveText: String?
  var parameters: [String: Double]
  var link: String
  var scoresPerRow: Int
  var initialScores: [Double]
  var adjustment: String?
  var rowData: [String]
  var defaultMetric: String
  /// The digest of the objective's derivatives.
  var fingerprint: String
  var classes: [String]?
  var features: [String]
  /// Features that are read less an offset, because Float32 could not hold them.
  var shiftedFeatures: [String]
  /// Of a forest.
  var trees: Trees?
  /// Of a network.
  var network: Layers?

  /// The size of a forest.
  struct Trees: Encodable {
    var rounds: Int
    var count: Int
    var leaves: Int
    var mostLeaves: Int
    /// Splits on the longest way from a root to a leaf.
    var depth: Int
    /// Features that some tree splits on, with the total gain of those splits, the largest first.
    var splitOn: [Gain]

    struct Gain: Encodable {
      var feature: String
      var gain: Double
    }

    init(_ forest: Forest) {
      rounds = forest.roundCount
      count = forest.trees.count
      leaves = forest.trees.reduce(0) { $0 + $1.leafCount }
      mostLeaves = forest.trees.map(\.leafCount).max() ?? 0
      depth = forest.trees.map(\.depth).max() ?? 0
      splitOn = zip(forest.header.featureNames, forest.gainByFeature).filter { $0.1 > 0 }
        .sorted { ($1.1, $0.0) < ($0.1, $1.0) }.map { Gain(feature: $0.0, gain: $0.1) }
    }
  }

  /// The size of a network.
  struct Layers: Encodable {
    /// Inputs, hidden units, scores.
    var sizes: [Int]
    var activation: String
    var weights: Int
    var outputScale: [Double]

    init(_ network: Network) {
      let layers = network.layers
      sizes = [layers.first?.inputs ?? 0] + layers.map(\.outputs)
      activation = network.activation.rawValue
      weights = network.parameterCount
      outputScale = network.outputScale
    }
  }

  /// Reads the model, with all that a model file has to prove.
  ///
  /// - Throws: `LearningError` if the file is damaged or of a newer version, ``Failure`` if the model
  ///   is of a kind that is not known.
  init(path: String) throws {
    let model = try AnyModelFile.read(path)
    let header = model.header
    file = path
    (sha256, bytes) = try FileDigest.sha256(ofFile: path)
    kind = type(of: model).kind
    objective = header.objective.name
    objectiveText = header.objective.text
    parameters = header.objective.parameters
    link = header.objective.link.rawValue
    scoresPerRow = header.objective.scoresPerRow
    initialScores = header.initialScores
    adjustment = header.objective.adjustment?.formula
    rowData = header.objective.rowDataNames
    defaultMetric = header.objective.defaultMetric
    fingerprint = header.objective.fingerprint
    classes = header.classNames
    features = header.featureNames
    shiftedFeatures = (header.featureShifts ?? [:]).keys.sorted()
    trees = (model as? Forest).map(Trees.init)
    network = (model as? Network).map(Layers.init)
  }

  /// The listing for people. Lists of names are cut after `most`.
  func text(most: Int = 12) -> String {
    func listed(_ names: [String]) -> String {
      names.isEmpty
        ? "none"
        : names.prefix(most).joined(separator: ", ")
          + (names.count > most ? " and \(names.count - most) more (--json has all)" : "")
    }
    var lines = [
      "\(file): a \(kind) in a Curvature model file, \(bytes) bytes, checksum right",
      "objective   \(objectiveText ?? "\(objective) (from a program)")",
      "link        \(link), \(scoresPerRow) score\(scoresPerRow == 1 ? "" : "s") per row, started at "
        + initialScores.map(\.shown).joined(separator: ", "),
    ]
    if let adjustment { lines.append("adjustment  \(adjustment)") }
    if !rowData.isEmpty {
      lines.append(
        "row data    \(listed(rowData))"
          + (adjustment == nil ? ", read in training, not needed to predict" : ""))
    }
    if let classes { lines.append("classes     \(classes.count): \(listed(classes))") }
    lines.append("features    \(features.count): \(listed(features))")
    if !shiftedFeatures.isEmpty {
      lines.append("less offset \(listed(shiftedFeatures))")
    }
    if let trees {
      lines.append(
        "trees       \(trees.count) in \(trees.rounds) rounds, \(trees.leaves) leaves in all, at most "
          + "\(trees.mostLeaves) leaves and \(trees.depth) splits deep")
      lines.append("split on    \(listed(trees.splitOn.map(\.feature))), the largest gain first")
    }
    if let network {
      lines.append(
        "layers      \(network.sizes.map(String.init).joined(separator: " - ")), "
          + "\(network.activation), \(network.weights) weights and biases")
    }
    lines.append("metric      \(defaultMetric)")
    lines.append("digests     objective \(fingerprint), file \(sha256)")
    return lines.map(TerminalText.line).joined(separator: "\n")
  }
}

extension Tree {
  /// Splits on the longest way from the root to a leaf. O(nodes): children come after their parent.
  fileprivate var depth: Int {
    var depths = [Int](repeating: 0, count: nodes.count)
    for (place, node) in nodes.enumerated() where !node.isLeaf {
      depths[Int(node.left)] = depths[place] + 1
      depths[Int(node.right)] = depths[place] + 1
    }
    return depths.max() ?? 0
  }
}

/// Model files of any kind.
enum AnyModelFile {
  /// Whether the file is there, may be read, and begins as model files do.
  static func isOne(_ path: String) -> Bool {
    var status = stat()
    // Opening a pipe would wait for somebody to write to it.
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      let handle = FileHandle(forReadingAtPath: path)
    else { return false }
    defer { try? handle.close() }
    let start = try? handle.read(upToCount: ModelFile.magic.utf8.count)
    return start == Data(ModelFile.magic.utf8)
  }

  /// The model in a file, whatever its kind.
  ///
  /// - Throws: `LearningError` if the file is damaged or of a newer version, ``Failure`` if the model
  ///   is of a kind that is not known.
  static func read(_ path: String) throws -> any TrainedModel {
    switch try ModelFile.kind(of: path) {
    case Forest.kind: return try Forest(contentsOf: path)
    case Network.kind: return try Network(contentsOf: path)
    case let kind:
      throw Failure(
        .badData, "\(path): it holds a model of kind '\(kind)', which this version does not know")
    }
  }
}
