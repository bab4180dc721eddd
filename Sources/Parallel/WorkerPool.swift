import CIntrinsics
import Foundation
import Synchronization

/// A fixed team of threads that runs short parallel steps with little waiting.
///
/// Waking a sleeping thread costs tens of microseconds, more than many steps of growing a tree
/// last. Workers therefore spin for a moment after each step and only then go to sleep.
///
/// ``forEach(_:_:)`` hands out task numbers in increasing order; which worker runs which task is
/// not fixed, so results must not depend on it: write to places that the task number decides.
public final class WorkerPool: Sendable {
  /// The number of threads that work, the caller included.
  public let threadCount: Int
  private let shared = SharedState()

  /// A pool of `threads` threads: the caller and `threads - 1` workers. `nil` means one per core.
  public init(threads: Int? = nil) {
    threadCount = max(1, threads ?? ProcessInfo.processInfo.activeProcessorCount)
    for _ in 1..<max(threadCount, 1) {
      let thread = Thread { [shared] in shared.work() }
      thread.stackSize = 1 << 20
      thread.start()
    }
  }

  deinit { shared.stop() }

  /// Runs `body(task)` for every `task` in `0..<count`, on all threads; returns when all are done.
  ///
  /// Not reentrant: `body` must not call `forEach` of the same pool, and one thread at a time may
  /// call it.
  public func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
    guard threadCount > 1, count > 1 else {
      for task in 0..<count { body(task) }
      return
    }
    withoutActuallyEscaping(body) { shared.run(count, workers: threadCount - 1, $0) }
  }
}

/// What the caller and the workers share.
private final class SharedState: Sendable {
  private struct Job {
    var generation = 0
    var count = 0
    var body: (@Sendable (Int) -> Void)?
    var stopping = false
  }

  /// Rounds of spinning before a worker goes to sleep: some 100 microseconds.
  private static let spins = 4_000

  private let job = Mutex(Job())
  private let generation = Atomic<Int>(0)
  private let nextTask = Atomic<Int>(0)
  private let busyWorkers = Atomic<Int>(0)
  private let sleepers = NSCondition()

  func run(_ count: Int, workers: Int, _ body: @escaping @Sendable (Int) -> Void) {
    nextTask.store(0, ordering: .relaxed)
    busyWorkers.store(workers, ordering: .relaxed)
    let current = job.withLock { job in
      job.generation += 1
      job.count = count
      job.body = body
      return job.generation
    }
    sleepers.lock()
    generation.store(current, ordering: .sequentiallyConsistent)
    sleepers.broadcast()
    sleepers.unlock()
    take(count, body)
    while busyWorkers.load(ordering: .acquiring) > 0 { curvature_spin_pause() }
    // The closure must not outlive this call: drop it before returning.
    job.withLock { $0.body = nil }
  }

  func stop() {
    let current = job.withLock { job in
      job.generation += 1
      job.stopping = true
      return job.generation
    }
    sleepers.lock()
    generation.store(current, ordering: .sequentiallyConsistent)
    sleepers.broadcast()
    sleepers.unlock()
  }

  func work() {
    var seen = 0
    while true {
      seen = waitForGeneration(after: seen)
      if !takeCurrentJob() { return }
      busyWorkers.subtract(1, ordering: .releasing)
    }
  }

  /// Works on the current job; false if the pool is stopping.
  ///
  /// A function of its own, so that this worker's hold on the caller's closure has ended before it
  /// reports to be done.
  @inline(never)
  private func takeCurrentJob() -> Bool {
    let (count, body, stopping) = job.withLock { ($0.count, $0.body, $0.stopping) }
    if stopping { return false }
    if let body { take(count, body) }
    return true
  }

  private func take(_ count: Int, _ body: @Sendable (Int) -> Void) {
    while true {
      let task = nextTask.wrappingAdd(1, ordering: .relaxed).oldValue
      if task >= count { return }
      body(task)
    }
  }

  private func waitForGeneration(after seen: Int) -> Int {
    for _ in 0..<Self.spins {
      let current = generation.load(ordering: .acquiring)
      if current != seen { return current }
      curvature_spin_pause()
    }
    sleepers.lock()
    defer { sleepers.unlock() }
    while true {
      let current = generation.load(ordering: .acquiring)
      if current != seen { return current }
      sleepers.wait()
    }
  }
}
