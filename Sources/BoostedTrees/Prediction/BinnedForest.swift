import Parallel

/// A forest laid out for predicting many rows: thresholds as bytes, 8 bytes per node.
///
/// A feature of a forest rarely has more than 255 distinct thresholds, because it was trained on
/// bins. A block of rows is put into bins of these thresholds first, column by column; the way
/// through a tree then reads a byte per level instead of a number, tree and block fit into the
/// fastest cache together, and eight rows go their ways at once. `value > threshold[i]` holds
/// exactly if the bin of the value, the number of thresholds below it, is greater than `i`: the
/// leaves, and with them all outputs, are those of ``Tree/leaf(of:)``, bit for bit.
struct BinnedForest: Sendable {
  /// A split, or a leaf that leads to itself.
  struct Node: BitwiseCopyable, Sendable {
    /// Where the bins of its column stand in a block (lower 24 bits), and above them the threshold.
    var place: UInt32
    /// The node for bins up to the threshold; those above it go to the next one.
    var left: UInt32
  }

  /// A tree's part of the nodes.
  private struct Root: Sendable {
    var start: Int
    /// Levels that half of its leaves lie below, to go down without looking for leaves.
    var levels: Int
  }

  /// Rows of a block. A power of two, so that the rows of a column are cheap to find.
  static let blockRows = 256

  private let columns: [ForestColumn]
  private let roots: [Root]
  private let nodes: AlignedBuffer<Node>
  private let values: AlignedBuffer<Double>

  /// The layout of `trees` over rows of `columns` features; nil if a feature has more thresholds
  /// than bytes can count, or there are too many features. O(nodes x log(nodes)).
  init?(_ trees: [Tree], columns count: Int) {
    var thresholds = [[Float]](repeating: [], count: count)
    for tree in trees {
      for node in tree.nodes where !node.isLeaf && !node.isCategorical {
        thresholds[node.column].append(node.threshold)
      }
    }
    var columns: [ForestColumn] = []
    var slots = [Int](repeating: -1, count: count)
    for source in 0..<count where !thresholds[source].isEmpty {
      let cuts = Self.distinct(thresholds[source])
      guard cuts.count <= 255 else { return nil }
      thresholds[source] = cuts
      slots[source] = columns.count
      columns.append(
        ForestColumn(
          source: source,
          bins: .thresholds(PaddedCuts(FeatureCuts(cuts: cuts, hasMissing: false)))))
    }
    let setSlots = ForestColumn.addSets(of: trees, to: &columns)
    guard 2 * columns.count * Self.blockRows < 1 << 24 else { return nil }
    let total = trees.reduce(0) { $0 + $1.nodes.count }
    guard total < 1 << 31 else { return nil }
    nodes = AlignedBuffer(repeating: Node(place: 0, left: 0), count: total)
    values = AlignedBuffer(repeating: 0, count: total)
    self.columns = columns
    var roots: [Root] = []
    var start = 0
    for tree in trees {
      let depths = Self.layOut(tree, at: start, nodes, values) { node in
        if node.isCategorical {
          let set = ForestColumn.CategoriesOf(node, of: tree)
          let slot = 2 * (setSlots[set] ?? 0) + (node.missingGoesLeft ? 1 : 0)
          return UInt32(slot * Self.blockRows)
        }
        let cuts = thresholds[node.column]
        var place = 0
        while cuts[place] < node.threshold { place += 1 }
        // Each column stands in a block twice: missing values above and below all others.
        let slot = 2 * slots[node.column] + (node.missingGoesLeft ? 1 : 0)
        return UInt32(slot * Self.blockRows) | UInt32(place) << 24
      }
      roots.append(Root(start: start, levels: depths.sorted()[depths.count / 2]))
      start += tree.nodes.count
    }
    self.roots = roots
  }

  /// Whether putting rows into bins is worth its time: finding a bin takes about as long as is saved
  /// on one level of a tree.
  var paysOff: Bool { roots.reduce(0) { $0 + $1.levels } >= columns.count }

  private static func distinct(_ values: [Float]) -> [Float] {
    radixSorted(values).reduce(into: []) { result, value in
      if let last = result.last, last == value { return }
      result.append(value)
    }
  }

  /// Writes a tree's nodes from `start` on, level by level, children side by side; returns the
  /// depths of its leaves.
  private static func layOut(
    _ tree: Tree, at start: Int, _ nodes: AlignedBuffer<Node>, _ values: AlignedBuffer<Double>,
    place: (Tree.Node) -> UInt32
  ) -> [Int] {
    var queue: [(node: Int, depth: Int)] = [(0, 0)]
    var depths: [Int] = []
    var next = 0
    while next < queue.count {
      let (source, depth) = queue[next]
      let node = tree.nodes[source]
      if node.isLeaf {
        // No bin is greater than 255.
        nodes[start + next] = Node(place: 255 << 24, left: UInt32(start + next))
        values[start + next] = tree.values[source]
        depths.append(depth)
      } else {
        nodes[start + next] = Node(place: place(node), left: UInt32(start + queue.count))
        queue.append((Int(node.left), depth + 1))
        queue.append((Int(node.right), depth + 1))
      }
      next += 1
    }
    return depths
  }

  /// Adds the leaf values of all trees to `outputs`, row-major `[rows x scoresPerRow]`, in the order
  /// of the trees; tree `i` belongs to score `i % scoresPerRow`.
  func addOutputs(
    scoresPerRow: Int, features: SharedPointer<Float>, columns width: Int, rowCount: Int,
    to outputs: SharedMutablePointer<Double>, pool: WorkerPool
  ) {
    pool.forEachBlock(of: rowCount, blockSize: Self.blockRows) { block in
      let bins = AlignedBuffer<UInt8>(
        repeating: 0, count: max(1, 2 * columns.count) * Self.blockRows)
      // Safe because: each block of rows has bins and outputs of its own.
      fill(bins.base, rows: features.base + block.lowerBound * width, width, block.count)
      let target = outputs.base + block.lowerBound * scoresPerRow
      for (place, root) in roots.enumerated() {
        add(
          root, bins: bins.base, rows: block.count, to: target + place % scoresPerRow,
          stride: scoresPerRow)
      }
    }
  }

  /// Puts `count` rows into bins, `[2 x columns x blockRows]`.
  private func fill(
    _ bins: UnsafeMutablePointer<UInt8>, rows: UnsafePointer<Float>, _ width: Int, _ count: Int
  ) {
    for (slot, column) in columns.enumerated() {
      // Safe because: a block has room for `blockRows` bins of each column twice.
      let above = bins + 2 * slot * Self.blockRows
      column.fill(
        missingAbove: above, missingBelow: above + Self.blockRows, rows: rows, width, count)
    }
  }

  /// Adds one tree's leaf values for the rows of a block.
  private func add(
    _ root: Root, bins: UnsafePointer<UInt8>, rows: Int,
    to outputs: UnsafeMutablePointer<Double>, stride: Int
  ) {
    // Safe because: nodes lead to nodes, and their places lie within a block's bins.
    let nodes = UnsafePointer(nodes.base)
    let values = UnsafePointer(values.base)
    @inline(__always)
    func next(_ index: UInt32, _ bins: UnsafePointer<UInt8>) -> UInt32 {
      let node = nodes[Int(index)]
      let bin = UInt32(bins[Int(node.place & 0xff_ffff)])
      // 1 if the bin is greater than the threshold; by arithmetic, as data decide.
      return node.left &+ (((node.place >> 24) &- bin) >> 31)
    }
    let start = UInt32(root.start)
    var row = 0
    while row &+ 8 <= rows {
      let b = bins + row
      var (i0, i1, i2, i3) = (start, start, start, start)
      var (i4, i5, i6, i7) = (start, start, start, start)
      for _ in 0..<root.levels {
        (i0, i1, i2, i3) = (next(i0, b), next(i1, b + 1), next(i2, b + 2), next(i3, b + 3))
        (i4, i5, i6, i7) = (next(i4, b + 4), next(i5, b + 5), next(i6, b + 6), next(i7, b + 7))
      }
      while true {
        let (n0, n1, n2, n3) = (next(i0, b), next(i1, b + 1), next(i2, b + 2), next(i3, b + 3))
        let (n4, n5, n6, n7) = (
          next(i4, b + 4), next(i5, b + 5), next(i6, b + 6), next(i7, b + 7)
        )
        // Leaves lead to themselves.
        let moved =
          (n0 ^ i0) | (n1 ^ i1) | (n2 ^ i2) | (n3 ^ i3) | (n4 ^ i4) | (n5 ^ i5) | (n6 ^ i6)
          | (n7 ^ i7)
        (i0, i1, i2, i3, i4, i5, i6, i7) = (n0, n1, n2, n3, n4, n5, n6, n7)
        if moved == 0 { break }
      }
      let target = outputs + row &* stride
      target[0] += values[Int(i0)]
      target[stride] += values[Int(i1)]
      target[2 &* stride] += values[Int(i2)]
      target[3 &* stride] += values[Int(i3)]
      target[4 &* stride] += values[Int(i4)]
      target[5 &* stride] += values[Int(i5)]
      target[6 &* stride] += values[Int(i6)]
      target[7 &* stride] += values[Int(i7)]
      row &+= 8
    }
    while row < rows {
      var index = start
      while true {
        let following = next(index, bins + row)
        if following == index { break }
        index = following
      }
      outputs[row &* stride] += values[Int(index)]
      row &+= 1
    }
  }
}
