/// A pointer that tasks read through at the same time.
struct SharedPointer<Element: BitwiseCopyable>: @unchecked Sendable {
  // Safe because: made only of memory that nobody writes while tasks of one step read it.
  let base: UnsafePointer<Element>

  init(_ buffer: UnsafeBufferPointer<Element>) {
    // An empty array may have no address; nothing is read through this one then.
    base = buffer.baseAddress ?? UnsafePointer(bitPattern: MemoryLayout<Element>.alignment)!
  }
}

/// A pointer that tasks write through at the same time.
struct SharedMutablePointer<Element: BitwiseCopyable>: @unchecked Sendable {
  // Safe because: tasks of one step write disjoint elements, decided by the task number.
  let base: UnsafeMutablePointer<Element>
}
