/// The order in which a tree's leaves are split.
public enum Growth: String, Sendable, Hashable, Codable, CaseIterable {
  /// The leaf with the largest gain first, whatever its depth.
  case bestFirst
  /// All leaves of a depth before those below, larger gains first within a depth.
  case levelWise
}

/// What a tree may look like.
struct GrowthLimits: Sendable {
  var leaves: Int
  var maxDepth: Int
  var growth: Growth
  var minChildRows: Int
  /// In units of weight times Hessian.
  var l2: Double
}
