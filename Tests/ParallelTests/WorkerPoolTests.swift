import Foundation
import Parallel
import Synchronization
import Testing

@Suite struct WorkerPoolTests {
  @Test(arguments: [1, 2, 3, 5], [0, 1, 2, 7, 1_000])
  func everyTaskRunsOnce(threads: Int, count: Int) {
    let pool = WorkerPool(threads: threads)
    var runs = [Int](repeating: 0, count: count)
    withDisjointSlices(of: &runs) { slices in
      pool.forEach(count) { task in
        slices.slice(task..<task + 1) { $0[0] += 1 }
      }
    }
    #expect(runs == [Int](repeating: 1, count: count))
  }

  /// Steps of a few hundred nanoseconds are where a lost or doubled task would show.
  @Test(arguments: [2, 3, 4])
  func manyShortStepsLoseNothing(threads: Int) {
    let pool = WorkerPool(threads: threads)
    let steps = 5_000
    var sums = [Int](repeating: 0, count: 8)
    withDisjointSlices(of: &sums) { slices in
      for step in 0..<steps {
        pool.forEach(8) { task in
          slices.slice(task..<task + 1) { $0[0] += step }
        }
      }
    }
    #expect(sums == [Int](repeating: steps * (steps - 1) / 2, count: 8))
  }

  @Test func workersWakeAfterSleeping() {
    let pool = WorkerPool(threads: 3)
    for _ in 0..<5 {
      // Far longer than a worker spins before it goes to sleep.
      Thread.sleep(forTimeInterval: 0.02)
      let started = Atomic<Int>(0)
      pool.forEach(3) { _ in
        started.wrappingAdd(1, ordering: .relaxed)
        // No task ends before all have begun, so every thread must come: a forgotten sleeper would
        // hang here.
        while started.load(ordering: .relaxed) < 3 { sched_yield() }
      }
      #expect(started.load(ordering: .relaxed) == 3)
    }
  }

  @Test(arguments: [1, 3])
  func blocksCoverTheRange(threads: Int) {
    let pool = WorkerPool(threads: threads)
    for (count, size) in [(0, 4), (1, 4), (4, 4), (9, 4), (100, 7)] {
      var visits = [Int](repeating: 0, count: count)
      var starts = [Int](repeating: -1, count: count)
      withDisjointSlices(of: &visits) { visits in
        withDisjointSlices(of: &starts) { starts in
          pool.forEachBlock(of: count, blockSize: size) { block in
            for place in block {
              visits.part(place..<place + 1)[0] += 1
              starts.part(place..<place + 1)[0] = block.lowerBound
            }
          }
        }
      }
      #expect(visits == [Int](repeating: 1, count: count))
      // Every element belongs to the block that begins at the last multiple of the size.
      #expect(starts == (0..<count).map { $0 / size * size })
    }
  }

  @Test func manyPoolsComeAndGo() {
    let total = Atomic<Int>(0)
    for _ in 0..<50 {
      let pool = WorkerPool(threads: 3)
      pool.forEach(10) { total.wrappingAdd($0, ordering: .relaxed) }
    }
    #expect(total.load(ordering: .relaxed) == 50 * 45)
  }
}
