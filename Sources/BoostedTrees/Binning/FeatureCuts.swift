/// How the values of one feature fall into bins.
struct FeatureCuts: Sendable, Hashable {
  /// Upper bounds of all value bins but the last, increasing. A value's bin is the number of cuts
  /// below it. Cuts lie strictly between neighbouring distinct values of the data where Float32
  /// has a number there, else on the lower one; a value equal to a cut belongs below it.
  let cuts: [Float]
  /// Whether there is a bin for missing values, after the value bins.
  let hasMissing: Bool

  /// The number of bins for values.
  var valueBins: Int { cuts.count + 1 }
  /// The number of bins in all.
  var binCount: Int { valueBins + (hasMissing ? 1 : 0) }

  /// The bound that separates bins up to `bin` from those above; infinity after the last.
  func threshold(after bin: Int) -> Float { bin < cuts.count ? cuts[bin] : .infinity }

  /// The bin of `value`; NaN belongs into the last bin, or the first if nothing was missing.
  func bin(of value: Float) -> Int {
    if value.isNaN { return hasMissing ? valueBins : 0 }
    var low = 0
    var high = cuts.count
    while low < high {
      let middle = (low + high) / 2
      if cuts[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Cuts that are known.
  init(cuts: [Float], hasMissing: Bool) {
    self.cuts = cuts
    self.hasMissing = hasMissing
  }

  /// Cuts at the quantiles of `sorted`, a sorted sample of the values without missing ones.
  ///
  /// With at most `maxBins` distinct values each gets a bin of its own. Otherwise bins are filled
  /// from below to an equal share of what is left, and a value that alone holds a share gets its
  /// own bin. O(sample).
  init(sorted: [Float], hasMissing: Bool, maxBins: Int) {
    // With nothing but missing values there is nothing to tell apart.
    let hasMissing = hasMissing && !sorted.isEmpty
    self.hasMissing = hasMissing
    let limit = max(1, maxBins - (hasMissing ? 1 : 0))
    var values: [Float] = []
    var counts: [Int] = []
    for value in sorted {
      if let last = values.last, last == value {
        counts[counts.count - 1] += 1
      } else {
        values.append(value)
        counts.append(1)
      }
    }
    guard values.count > limit else {
      cuts = zip(values, values.dropFirst()).map(Self.cut)
      return
    }
    var cuts: [Float] = []
    var remaining = sorted.count
    var filled = 0
    for place in 0..<values.count - 1 where cuts.count < limit - 1 {
      filled += counts[place]
      // The bins not yet closed, this one included.
      let share = Double(remaining) / Double(limit - cuts.count)
      let next = Double(counts[place + 1])
      let isFull = Double(filled) >= share
      // Rather close early than make a full bin much fuller.
      let nextOverfills = next >= share || Double(filled) + next / 2 > share
      if isFull || nextOverfills {
        cuts.append(Self.cut(between: values[place], and: values[place + 1]))
        remaining -= filled
        filled = 0
      }
    }
    self.cuts = cuts
  }

  /// A number that separates `lower` from `upper`.
  static func cut(between lower: Float, and upper: Float) -> Float {
    let middle: Float
    if lower == -.infinity {
      middle = upper == .infinity ? 0 : max(-.greatestFiniteMagnitude, upper - upper.ulp)
    } else if upper == .infinity {
      middle = .greatestFiniteMagnitude
    } else {
      middle = lower / 2 + upper / 2
    }
    return lower < middle && middle < upper ? middle : lower
  }
}
