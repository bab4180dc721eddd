import CIntrinsics

/// Memory for the kernels: plain values at a fixed address, aligned to cache lines.
///
/// The grower's tasks read and write it from several threads without locks.
final class AlignedBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
  // Safe because: the memory lives as long as the object, and every parallel step gives each of
  // its tasks elements of its own to write, decided by the task number, that no other task of the
  // step reads or writes.
  let base: UnsafeMutablePointer<Element>
  let count: Int

  private static var largePage: Int { 2 << 20 }

  /// `count` elements, all `value`.
  init(repeating value: Element, count: Int) {
    self.count = count
    let bytes = max(count, 1) * MemoryLayout<Element>.stride
    let isLarge = bytes >= Self.largePage
    // Safe because: the memory is bound to Element here, initialised below, freed in deinit.
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: bytes, alignment: isLarge ? Self.largePage : 64)
    if isLarge { curvature_prefer_large_pages(memory, bytes) }
    base = memory.bindMemory(to: Element.self, capacity: max(count, 1))
    base.initialize(repeating: value, count: count)
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }

  subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count, "an index lies within the buffer")
      return base[index]
    }
    set {
      precondition(index >= 0 && index < count, "an index lies within the buffer")
      base[index] = newValue
    }
  }

  /// The elements in `range`, to read while nobody writes them.
  func span(_ range: Range<Int>) -> UnsafeMutableBufferPointer<Element> {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "a slice lies within")
    return UnsafeMutableBufferPointer(start: base + range.lowerBound, count: range.count)
  }

  /// Replaces all elements.
  func update(from elements: [Element]) {
    precondition(elements.count == count, "there is a new element for each")
    // Safe because: both have `count` elements.
    elements.withUnsafeBufferPointer { elements in
      if let source = elements.baseAddress { base.update(from: source, count: count) }
    }
  }

  /// A copy of all elements.
  var elements: [Element] { Array(UnsafeBufferPointer(start: base, count: count)) }
}
