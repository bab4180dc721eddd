import Testing

@testable import BoostedTrees

/// Every kernel against the plainest way of doing the same, on random rows.
@Suite struct KernelTests {
  /// Random bins and entries, with rows in random order and some left out.
  struct Case<Format: GradientFormat> {
    var columns: Int
    var binCounts: [Int]
    var offsets: [Int]
    var isUniform: Bool
    var stride: Int
    var bins: [UInt8]
    var entries: [Format.Entry] = []
    var rows: [Int] = []

    init(
      _ format: Format.Type, seed: UInt64, rowCount: Int, columns: Int, isUniform: Bool = false
    ) {
      var generator = RandomGenerator(seed: seed)
      self.columns = columns
      binCounts = (0..<columns).map { _ in 2 + generator.index(below: 255) }
      self.isUniform = isUniform
      offsets = binCounts.reduce(into: [0]) {
        $0.append($0[$0.count - 1] + (isUniform ? 256 : $1))
      }
      stride = (columns + 15) / 16 * 16
      bins = [UInt8](repeating: 0, count: rowCount * stride)
      for row in 0..<rowCount {
        for column in 0..<columns {
          bins[row * stride + column] = UInt8(generator.index(below: binCounts[column]))
        }
        if generator.uniform() < 0.8 { rows.append(row) }
      }
      generator.shuffle(&rows)
      for row in rows {
        entries.append(
          Format.entry(
            row: row, gradient: Double(generator.index(below: 65_535)) - 32_767,
            hessian: Double(generator.index(below: 65_536))))
      }
    }

    func withLayout<Result>(_ body: (BinLayout) -> Result) -> Result {
      bins.withUnsafeBufferPointer { bins in
        offsets.withUnsafeBufferPointer { offsets in
          body(
            BinLayout(
              rows: bins.baseAddress!, offsets: offsets.baseAddress!, rowStride: stride,
              columnCount: columns, isUniform: isUniform))
        }
      }
    }
  }

  private func checkHistogram<Format: GradientFormat>(
    _ format: Format.Type, seed: UInt64, columns: Int, isUniform: Bool
  ) {
    let made = Case(
      format, seed: seed, rowCount: 700, columns: columns, isUniform: isUniform)
    let total = made.offsets[columns]
    var gradients = [Double](repeating: 0, count: total)
    var hessians = gradients
    var counts = [UInt32](repeating: 0, count: total)
    for (row, entry) in zip(made.rows, made.entries) {
      #expect(Format.row(entry) == row)
      for column in 0..<columns {
        let place = made.offsets[column] + Int(made.bins[row * made.stride + column])
        gradients[place] += Format.gradient(Format.sum(entry))
        hessians[place] += Format.hessian(Format.sum(entry))
        counts[place] += 1
      }
    }
    var histogram = [Format.Sum](repeating: Format.zero, count: total)
    var counted = [UInt32](repeating: 0, count: total)
    made.withLayout { layout in
      histogram.withUnsafeMutableBufferPointer {
        addToHistogram(
          format, entries: made.entries, count: made.entries.count, bins: layout,
          histogram: $0.baseAddress!)
      }
      counted.withUnsafeMutableBufferPointer {
        countRows(
          format, entries: made.entries, count: made.entries.count, bins: layout,
          into: $0.baseAddress!)
      }
    }
    #expect(histogram.map(Format.gradient) == gradients)
    #expect(histogram.map(Format.hessian) == hessians)
    #expect(counted == counts)
  }

  @Test(arguments: [1, 3, 4, 5, 7, 8, 9, 12, 13, 16, 28, 31])
  func histogramIsTheSumPerBin(columns: Int) {
    for seed in 0..<3 as Range<UInt64> {
      for isUniform in [false, true] {
        checkHistogram(PackedFormat.self, seed: seed, columns: columns, isUniform: isUniform)
        checkHistogram(WideFormat.self, seed: seed, columns: columns, isUniform: isUniform)
        checkHistogram(LongFormat.self, seed: seed, columns: columns, isUniform: isUniform)
      }
    }
  }

  private func checkPartition<Format: GradientFormat>(_ format: Format.Type, seed: UInt64) {
    let made = Case(format, seed: seed, rowCount: 500, columns: 1)
    let column = (0..<500).map { made.bins[$0 * made.stride] }
    let last = made.binCounts[0] / 2
    let missing = made.binCounts[0] - 1
    let few = stride(from: seed % 2 == 0 ? 0 : 3, to: missing, by: 3).map { $0 }
    let cases: [(BinRule, Int?, (Int) -> Bool)] = [
      (.upTo(last, missingGoesLeft: false), nil, { $0 <= last }),
      (.upTo(last, missingGoesLeft: true), missing, { $0 <= last || $0 == missing }),
      (.upTo(last, missingGoesLeft: false), missing, { $0 <= last && $0 != missing }),
      (.upTo(last, missingGoesLeft: true), nil, { $0 <= last }),
      (BinRule(.among(BinSet(few)), missingGoesLeft: false), nil, { few.contains($0) }),
      (
        BinRule(.among(BinSet(few)), missingGoesLeft: true), missing,
        { few.contains($0) || $0 == missing }
      ),
    ]
    for (rule, missingBin, goesLeft) in cases {
      let isLeft = { (row: Int) in goesLeft(Int(column[row])) }
      let expected = made.rows.filter(isLeft) + made.rows.filter { !isLeft($0) }
      var entries = made.entries
      var right = made.entries
      let leftCount = entries.withUnsafeMutableBufferPointer { entries in
        partition(
          format, entries: UnsafePointer(entries.baseAddress!), count: entries.count,
          column: column, rule: rule, missingBin: missingBin,
          left: entries.baseAddress!, right: &right)
      }
      #expect(leftCount == made.rows.count(where: isLeft))
      let found = entries.prefix(leftCount) + right.prefix(made.rows.count - leftCount)
      #expect(found.map(Format.row) == expected)
      #expect(
        countLeft(
          format, entries: made.entries, count: made.entries.count, column: column, rule: rule,
          missingBin: missingBin) == leftCount)
    }
  }

  @Test(arguments: 0..<5 as Range<UInt64>)
  func partitionKeepsTheOrder(seed: UInt64) {
    checkPartition(PackedFormat.self, seed: seed)
    checkPartition(WideFormat.self, seed: seed)
    checkPartition(LongFormat.self, seed: seed)
  }

  /// Sums of a column's bins from `rows` rows, and all ways to divide them tried one by one.
  private func checkSearch<Format: GradientFormat>(
    _ format: Format.Type, seed: UInt64, tolerance: Double
  ) {
    var generator = RandomGenerator(seed: seed)
    let valueBins = 1 + generator.index(below: 256)
    let hasMissing = valueBins < 256 && generator.uniform() < 0.5
    let slope = generator.normal()
    var sums: [Format.Sum] = []
    var rows: [UInt32] = []
    for bin in 0..<valueBins + (hasMissing ? 1 : 0) {
      let count = generator.index(below: 4)
      var sum = Format.zero
      for _ in 0..<count {
        let gradient = 3_000 * (slope * Double(bin) / 128 + generator.normal())
        sum = Format.add(
          sum,
          Format.sum(
            Format.entry(
              row: 0, gradient: min(max(gradient, -32_000), 32_000),
              hessian: Double(100 + generator.index(below: 60_000)))))
      }
      sums.append(sum)
      rows.append(UInt32(count))
    }
    let total = sums.reduce(Format.zero, Format.add)
    let limits = SplitLimits(
      l2: generator.uniform() < 0.5 ? 0 : 50_000,
      leastHessian: generator.uniform() < 0.5 ? 1 : 90_000)
    let naive = sums.withUnsafeBufferPointer { sums in
      rows.withUnsafeBufferPointer { rows in
        bestSplitCountingRows(
          format, sums: sums, rows: rows, valueBins: valueBins, total: total, limits: limits,
          leastRows: 0)
      }
    }
    var prefix = [Format.Sum](repeating: Format.zero, count: valueBins + 4)
    var sum = Format.zero
    for bin in 0..<valueBins {
      sum = Format.add(sum, sums[bin])
      prefix[bin] = sum
    }
    let found = prefix.withUnsafeMutableBufferPointer {
      bestSplit(
        format, prefix: $0.baseAddress!, valueBins: valueBins,
        missing: hasMissing ? sums[valueBins] : Format.zero, total: total, limits: limits)
    }
    #expect((found.rule == nil) == (naive.rule == nil))
    guard naive.rule != nil, let rule = found.rule else { return }
    #expect(found.gain >= naive.gain - tolerance * naive.gain.magnitude)
    // What is said to go left is what the bins hold.
    let missingBin = hasMissing ? valueBins : nil
    let left = sums.indices.filter { rule.goesLeft(UInt8($0), missingBin: missingBin) }
      .reduce(Format.zero) { Format.add($0, sums[$1]) }
    #expect(found.left == left)
    #expect(found.gain == splitGain(format, left: left, total: total, l2: limits.l2))
    let right = Format.subtract(total, left)
    #expect(Format.hessian(left) >= limits.leastHessian)
    #expect(Format.hessian(right) >= limits.leastHessian)
  }

  @Test func searchFindsTheBestOfAllPositions() {
    for seed in 0..<300 as Range<UInt64> {
      // Single precision may prefer a gain that is worse in the sixth digit.
      checkSearch(PackedFormat.self, seed: seed, tolerance: 1e-5)
      checkSearch(WideFormat.self, seed: seed, tolerance: 1e-12)
      checkSearch(LongFormat.self, seed: seed, tolerance: 1e-12)
    }
  }

  @Test func gainIsTheTextbookFormula() {
    for seed in 0..<50 as Range<UInt64> {
      var generator = RandomGenerator(seed: seed)
      func number(_ limit: Double) -> Double { generator.uniform(in: -limit..<limit).rounded() }
      let (gl, gr) = (number(1e6), number(1e6))
      let (hl, hr) = (number(1e6).magnitude + 1, number(1e6).magnitude + 1)
      for l2 in [0.0, 1e5] {
        // Chen & Guestrin 2016, equation 7, without the factor one half.
        let expected =
          gl * gl / (hl + l2) + gr * gr / (hr + l2) - (gl + gr) * (gl + gr) / (hl + hr + l2)
        let left = SIMD2(Int64(gl), Int64(hl))
        let found = splitGain(
          WideFormat.self, left: left, total: left &+ SIMD2(Int64(gr), Int64(hr)), l2: l2)
        #expect((found - expected).magnitude <= 1e-9 * (gl * gl / hl + gr * gr / hr))
      }
    }
  }

  @Test func quantisingRoundsToNearest() {
    for (value, expected) in [
      (0.0, 0), (0.4, 0), (0.5, 0), (0.6, 1), (1.5, 2), (-0.5, 0), (-0.6, -1), (-1.5, -2),
      (32_766.7, 32_767), (-1_073_741_823.6, -1_073_741_824), (1_073_741_824, 1_073_741_824),
    ] as [(Double, Int32)] {
      #expect(roundedToInt32(value) == expected, "\(value)")
    }
  }

  /// The scales must keep the sum over all rows within its half of the packed integer.
  @Test(arguments: [1, 10, 100_000, 10_000_000])
  func packedScalesKeepSumsInRange(rows: Int) {
    for largest in [1e-300, 1e-12, 1, 1e30, 1e300] {
      // The worst: every row has the largest derivatives.
      let range = DerivativeRange(
        sumOfMagnitudes: largest * Double(rows), largestMagnitude: largest,
        sumOfHessians: largest * Double(rows), largestHessian: largest, smallestHessian: largest)
      let scales = PackedFormat.scales(for: range, rows: rows)
      let g = roundedToInt32(largest * scales.gradient)
      let h = roundedToInt32(largest * scales.hessian)
      #expect(g > 0 && g <= 32_767 && h > 0 && h <= 65_535)
      #expect(Int(g) * rows <= Int(Int32.max) && Int(h) * rows <= Int(Int32.max))
    }
  }
}
