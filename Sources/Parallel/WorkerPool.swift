import CIntrinsics
import Foundation
import Synchronization

/// A fixed team of threads that runs short parallel steps with little waiting.
///
/// Waking a sleeping thread costs tens of microseconds, more than many steps of growing a tree
/// last. Workers therefore spin for a moment after each step and only then go to sleep; and a step
/// never waits for a worker that has not begun to take part: the caller does its share instead.
///
/// ``forEach(_:_:)`` hands out task numbers in increasing order; which thread runs which task is
/// not fixed, so results must not depend on it: write to places that the task number decides.
public final class WorkerPool: Sendable {
  /// The number of threads that work, the caller included.
  public let threadCount: Int
  private let team = Team()

  /// A pool of `threads` threads: the caller and `threads - 1` workers. `nil` means one per core.
  public init(threads: Int? = nil) {
    threadCount = max(1, threads ?? ProcessInfo.processInfo.activeProcessorCount)
    for _ in 1..<max(threadCount, 1) {
      let thread = Thread { [team] in team.work() }
      thread.stackSize = 1 << 20
      thread.start()
    }
  }

  deinit { team.stop() }

  /// Runs `body(task)` for every `task` in `0..<count`, on all threads; returns when all are done.
  ///
  /// Not reentrant: `body` must not call `forEach` of the same pool, and one thread at a time may
  /// call it.
  public func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
    guard threadCount > 1, count > 1 else {
      for task in 0..<count { body(task) }
      return
    }
    withoutActuallyEscaping(body) { team.run(count, $0) }
  }

  /// Runs `body` for the consecutive blocks of `blockSize` elements (the last may be shorter) that
  /// make up `0..<count`, as ``forEach(_:_:)`` does.
  public func forEachBlock(
    of count: Int, blockSize: Int, _ body: @Sendable (Range<Int>) -> Void
  ) {
    precondition(blockSize > 0, "a block holds at least one element")
    forEach((count + blockSize - 1) / blockSize) { block in
      body(block * blockSize..<min((block + 1) * blockSize, count))
    }
  }
}

/// What the caller and the workers share.
///
/// A step is open while `step` is odd. A worker first announces itself in `inside` and then looks
/// whether the step it saw is still open; the caller first closes the step and then waits until
/// nobody is inside. All four are sequentially consistent, so either the worker sees the step
/// closed, or the caller sees the worker inside.
private final class Team: @unchecked Sendable {
  // Safe because: the caller writes these two only while the step is closed and nobody is inside;
  // workers read them only while inside an open step.
  private var body: (@Sendable (Int) -> Void)?
  private var count = 0

  /// How long a worker spins before it goes to sleep. By the clock, as processors differ a hundred
  /// times in how long they pause.
  private static let patience = Duration.microseconds(500)
  /// Rounds of spinning between two looks at the clock.
  private static let spins = 256
  private static let stopped = -1

  private let step = Atomic<Int>(0)
  private let inside = Atomic<Int>(0)
  private let nextTask = Atomic<Int>(0)
  private let sleeperCount = Atomic<Int>(0)
  private let sleepers = NSCondition()

  func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    self.body = body
    self.count = count
    nextTask.store(0, ordering: .relaxed)
    step.wrappingAdd(1, ordering: .sequentiallyConsistent)
    wakeSleepers()
    takeTasks()
    step.wrappingAdd(1, ordering: .sequentiallyConsistent)
    waitUntilNobodyIsInside()
    self.body = nil
  }

  func stop() {
    step.store(Self.stopped, ordering: .sequentiallyConsistent)
    wakeSleepers()
  }

  func work() {
    var seen = 0
    while true {
      seen = waitForOpenStep(after: seen)
      if seen == Self.stopped { return }
      inside.wrappingAdd(1, ordering: .sequentiallyConsistent)
      if step.load(ordering: .sequentiallyConsistent) == seen { takeTasks() }
      inside.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    }
  }

  /// Runs tasks until none are left. Not inlined, so that the worker's hold on `body` ends here.
  @inline(never)
  private func takeTasks() {
    guard let body else { return }
    while true {
      let task = nextTask.wrappingAdd(1, ordering: .relaxed).oldValue
      if task >= count { return }
      body(task)
    }
  }

  private func waitUntilNobodyIsInside() {
    var looks = 0
    while true {
      for _ in 0..<Self.spins {
        if inside.load(ordering: .sequentiallyConsistent) == 0 { return }
        curvature_spin_pause()
      }
      looks += 1
      // A worker that has lost its core to another program needs one to finish its task.
      if looks % 16 == 0 { sched_yield() }
    }
  }

  private func wakeSleepers() {
    guard sleeperCount.load(ordering: .sequentiallyConsistent) > 0 else { return }
    sleepers.lock()
    sleepers.broadcast()
    sleepers.unlock()
  }

  private func waitForOpenStep(after seen: Int) -> Int {
    func openStep() -> Int? {
      let current = step.load(ordering: .sequentiallyConsistent)
      return current != seen && current & 1 == 1 ? current : nil
    }
    let began = ContinuousClock.now
    repeat {
      for _ in 0..<Self.spins {
        if let current = openStep() { return current }
        curvature_spin_pause()
      }
    } while ContinuousClock.now - began < Self.patience
    sleepers.lock()
    defer { sleepers.unlock() }
    sleeperCount.wrappingAdd(1, ordering: .sequentiallyConsistent)
    defer { sleeperCount.wrappingSubtract(1, ordering: .sequentiallyConsistent) }
    while true {
      if let current = openStep() { return current }
      sleepers.wait()
    }
  }
}
