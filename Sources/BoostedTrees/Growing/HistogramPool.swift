/// Histograms of the leaves that may still be split, in a bounded amount of memory.
///
/// A leaf without a histogram is split all the same: its children are then both built from their
/// rows instead of one by subtraction.
final class HistogramPool<Sum: BitwiseCopyable & Sendable> {
  private let zero: Sum
  private let bins: Int
  private let limit: Int
  private var buffers: [AlignedBuffer<Sum>] = []
  private var free: [Int] = []

  /// Room for `slots` histograms of `bins` sums, or as many as fit into `bytes`, made when needed.
  init(zero: Sum, bins: Int, slots: Int, bytes: Int) {
    self.zero = zero
    self.bins = bins
    let size = max(1, bins) * MemoryLayout<Sum>.stride
    // Two children are always being worked on.
    limit = max(3, min(slots + 2, bytes / size))
  }

  /// A free slot with undefined contents; nil if the memory is used up.
  func take() -> Int? {
    if let slot = free.popLast() { return slot }
    guard buffers.count < limit else { return nil }
    buffers.append(AlignedBuffer(repeating: zero, count: bins))
    return buffers.count - 1
  }

  /// Whether two more slots can be taken.
  var hasTwo: Bool { free.count + limit - buffers.count >= 2 }

  func release(_ slot: Int) { free.append(slot) }

  subscript(slot: Int) -> AlignedBuffer<Sum> { buffers[slot] }
}
