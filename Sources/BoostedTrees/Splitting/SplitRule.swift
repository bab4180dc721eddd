/// Which way a row goes at a split, by the value of one feature.
///
/// One rule from search to model, over two kinds of values: trees grow on rules over bins
/// (``BinRule``), and models hold rules over the feature's own values (``FeatureRule``).
/// ``FeatureCuts/rule(of:)`` makes the one into the other.
public struct SplitRule<Value: Hashable & Sendable, Members: Hashable & Sendable>: Hashable,
  Sendable
{
  /// What goes left of the values that are present; all others go right.
  public enum Left: Hashable, Sendable {
    /// Numbers up to and including this one.
    case upTo(Value)
    /// The categories of a set; those nobody has seen go right.
    case among(Members)
  }

  /// What goes left.
  public var left: Left
  /// Whether missing values go left.
  public var missingGoesLeft: Bool

  /// A rule from its parts.
  public init(_ left: Left, missingGoesLeft: Bool) {
    self.left = left
    self.missingGoesLeft = missingGoesLeft
  }
}

extension SplitRule: BitwiseCopyable where Value: BitwiseCopyable, Members: BitwiseCopyable {}
extension SplitRule.Left: BitwiseCopyable where Value: BitwiseCopyable, Members: BitwiseCopyable {}

/// A rule over the bins of a column, of which there are at most 256.
typealias BinRule = SplitRule<UInt8, BinSet>
/// A rule over the values of a feature: numbers, or the codes of categories.
public typealias FeatureRule = SplitRule<Float, CategorySet>

extension BinRule {
  /// Bins up to `bin` go left.
  @inline(__always)
  static func upTo(_ bin: Int, missingGoesLeft: Bool) -> BinRule {
    BinRule(.upTo(UInt8(truncatingIfNeeded: bin)), missingGoesLeft: missingGoesLeft)
  }

  /// Whether the rows of `bin` go left.
  ///
  /// - Parameter missingBin: the bin of missing values; nil if the column has none.
  func goesLeft(_ bin: UInt8, missingBin: Int?) -> Bool {
    if Int(bin) == missingBin { return missingGoesLeft }
    switch left {
    case .upTo(let last): return bin <= last
    case .among(let bins): return bins.contains(bin)
    }
  }
}

extension FeatureRule {
  /// Whether a row with this value goes left. O(1).
  public func goesLeft(_ value: Float) -> Bool {
    if value.isNaN { return missingGoesLeft }
    switch left {
    case .upTo(let threshold): return value <= threshold
    case .among(let categories): return categories.contains(value)
    }
  }
}

extension FeatureCuts {
  /// The rule over a feature's values that divides its rows as `rule` does over their bins. The bins
  /// of a categorical feature are numbered by the codes of its categories.
  func rule(of rule: BinRule) -> FeatureRule {
    switch rule.left {
    case .upTo(let bin):
      FeatureRule(.upTo(threshold(after: Int(bin))), missingGoesLeft: rule.missingGoesLeft)
    case .among(let bins):
      FeatureRule(.among(CategorySet(bins.members)), missingGoesLeft: rule.missingGoesLeft)
    }
  }

  /// The bin of missing values.
  var missingBin: Int? { hasMissing ? valueBins : nil }
}
