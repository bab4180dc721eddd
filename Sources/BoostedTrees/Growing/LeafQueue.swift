/// Leaves waiting to be split, the next one on top: a binary heap.
struct LeafQueue<Leaf> {
  private var heap: [(priority: LeafPriority, leaf: Leaf)] = []

  var isEmpty: Bool { heap.isEmpty }

  /// O(log leaves).
  mutating func push(_ leaf: Leaf, _ priority: LeafPriority) {
    heap.append((priority, leaf))
    var place = heap.count - 1
    while place > 0, heap[place].priority.precedes(heap[(place - 1) / 2].priority) {
      heap.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  /// O(log leaves).
  mutating func pop() -> Leaf? {
    guard let top = heap.first else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return top.leaf }
    heap[0] = last
    var place = 0
    while true {
      var first = place
      for child in [2 * place + 1, 2 * place + 2]
      where child < heap.count && heap[child].priority.precedes(heap[first].priority) {
        first = child
      }
      guard first != place else { return top.leaf }
      heap.swapAt(place, first)
      place = first
    }
  }

  /// All waiting leaves, in no particular order.
  var leaves: [Leaf] { heap.map(\.leaf) }
}

/// The order in which leaves are split.
struct LeafPriority {
  /// 0 for best-first growth.
  var level: Int
  var gain: Double
  var node: Int

  func precedes(_ other: LeafPriority) -> Bool {
    if level != other.level { return level < other.level }
    if gain != other.gain { return gain > other.gain }
    return node < other.node
  }
}
