import Foundation
import Parallel

/// The number of cores the process may use.
var coreCount: Int { ProcessInfo.processInfo.activeProcessorCount }

/// Adds the leaf values of `trees` to `outputs`, row-major `[rows x scoresPerRow]`, in the order of
/// the trees; tree `i` belongs to score `i % scoresPerRow`.
///
/// Many rows through many trees go by way of ``BinnedForest``. Otherwise rows go through a tree in
/// blocks that stay in the cache with it, four at a time: the ways of four rows do not wait for one
/// another. Both give the same.
func addOutputs(
  of trees: [Tree], scoresPerRow: Int, features: [Float], columns: Int, to outputs: inout [Double],
  pool: WorkerPool
) {
  guard columns > 0, !outputs.isEmpty else {
    return addLeafOutputs(of: trees, to: &outputs, scoresPerRow)
  }
  let rowCount = outputs.count / scoresPerRow
  features.withUnsafeBufferPointer { features in
    outputs.withUnsafeMutableBufferPointer { outputs in
      guard let target = outputs.baseAddress else { return }
      let rows = SharedPointer(features)
      let shared = SharedMutablePointer(base: target)
      // A few rows or trees are not worth laying out a forest.
      if trees.count >= 8, rowCount >= 512, let forest = BinnedForest(trees, columns: columns),
        forest.paysOff
      {
        forest.addOutputs(
          scoresPerRow: scoresPerRow, features: rows, columns: columns, rowCount: rowCount,
          to: shared, pool: pool)
        return
      }
      pool.forEachBlock(of: rowCount, blockSize: 256) { block in
        // Safe because: each block of rows writes its own outputs.
        for (place, tree) in trees.enumerated() {
          guard tree.categories.isEmpty else {
            for row in block {
              let features = rows.base + row * columns
              shared.base[row * scoresPerRow + place % scoresPerRow] +=
                tree.values[tree.leaf { features[$0] }]
            }
            continue
          }
          tree.nodes.withUnsafeBufferPointer { nodes in
            tree.values.withUnsafeBufferPointer { values in
              addOutputs(
                nodes: SharedPointer(nodes).base, values: SharedPointer(values).base,
                rows: rows.base + block.lowerBound * columns, columns: columns,
                count: block.count,
                to: shared.base + (block.lowerBound * scoresPerRow + place % scoresPerRow),
                stride: scoresPerRow)
            }
          }
        }
      }
    }
  }
}

/// Without features, only trees of one leaf are possible.
private func addLeafOutputs(of trees: [Tree], to outputs: inout [Double], _ scoresPerRow: Int) {
  for index in outputs.indices {
    for place in stride(from: index % scoresPerRow, to: trees.count, by: scoresPerRow) {
      outputs[index] += trees[place].values[0]
    }
  }
}

/// Adds one tree's leaf values for `count` rows.
private func addOutputs(
  nodes: UnsafePointer<Tree.Node>, values: UnsafePointer<Double>, rows: UnsafePointer<Float>,
  columns: Int, count: Int, to outputs: UnsafeMutablePointer<Double>, stride: Int
) {
  // Safe because: nodes of a sound tree lead to nodes of it and read columns of the row.
  @inline(__always)
  func next(_ index: Int, _ row: UnsafePointer<Float>) -> Int {
    let node = nodes[index]
    return Int(node.next(row[node.column]))
  }
  var row = 0
  while row &+ 4 <= count {
    let r0 = rows + row &* columns
    let r1 = r0 + columns
    let r2 = r1 + columns
    let r3 = r2 + columns
    var (i0, i1, i2, i3) = (0, 0, 0, 0)
    while true {
      let (n0, n1, n2, n3) = (next(i0, r0), next(i1, r1), next(i2, r2), next(i3, r3))
      // Leaves lead to themselves.
      let moved = (n0 ^ i0) | (n1 ^ i1) | (n2 ^ i2) | (n3 ^ i3)
      (i0, i1, i2, i3) = (n0, n1, n2, n3)
      if moved == 0 { break }
    }
    outputs[row &* stride] += values[i0]
    outputs[(row &+ 1) &* stride] += values[i1]
    outputs[(row &+ 2) &* stride] += values[i2]
    outputs[(row &+ 3) &* stride] += values[i3]
    row &+= 4
  }
  while row < count {
    let r = rows + row &* columns
    var index = 0
    while true {
      let following = next(index, r)
      if following == index { break }
      index = following
    }
    outputs[row &* stride] += values[index]
    row &+= 1
  }
}
