/// Cuts laid out for a search of eight steps without branches.
struct PaddedCuts: Sendable {
  private let cuts: [Float]
  private let missingBin: UInt8

  init(_ feature: FeatureCuts) {
    cuts = feature.cuts + Array(repeating: .infinity, count: 256 - feature.cuts.count)
    missingBin = UInt8(truncatingIfNeeded: feature.hasMissing ? feature.valueBins : 0)
  }

  /// The table with its address fixed, for many searches.
  struct Search {
    fileprivate let cuts: UnsafePointer<Float>
    fileprivate let missingBin: UInt8

    /// The bin of `value`, as ``FeatureCuts/bin(of:)`` gives it.
    @inline(__always)
    func bin(of value: Float) -> UInt8 {
      // Safe because: at most 128 + 64 + ... + 1 = 255 of the 256 cuts are skipped.
      var place = 0
      var step = 128
      while step > 0 {
        place &+= cuts[place &+ step &- 1] < value ? step : 0
        step >>= 1
      }
      return value == value ? UInt8(truncatingIfNeeded: place) : missingBin
    }
  }

  func withBins(_ body: (Search) -> Void) {
    cuts.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      body(Search(cuts: base, missingBin: missingBin))
    }
  }
}
