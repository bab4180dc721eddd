import Parallel

/// Dividing the rows of a leaf, in parallel.
extension TreeGrower {
  /// Moves the entries in `range` that go left before the others; both keep their order.
  ///
  /// - Returns: the number that went left.
  func divide(_ range: Range<Int>, column: Int, rule: BinRule) -> Int {
    let bins = table.column(column)
    let missingBin = table.cuts[column].missingBin
    let tasks = taskCount(for: range.count, least: Self.leastEntriesPerPartition)
    if tasks == 1 {
      // Safe because: the scratch has room for every entry of the run.
      let run = entries.base + range.lowerBound
      let leftCount = partition(
        Format.self, entries: UnsafePointer(run), count: range.count, column: bins, rule: rule,
        missingBin: missingBin, left: run, right: scratch.base)
      (run + leftCount).update(from: scratch.base, count: range.count - leftCount)
      return leftCount
    }
    return divideInParallel(range, column: column, rule: rule, tasks: tasks)
  }

  private func divideInParallel(
    _ range: Range<Int>, column: Int, rule: BinRule, tasks: Int
  ) -> Int {
    let shared = Shared(grower: self)
    let lefts = AlignedBuffer(repeating: 0, count: tasks)
    @Sendable func part(_ task: Int) -> Range<Int> {
      range.lowerBound + range.count * task / tasks..<range.lowerBound
        + range.count * (task + 1) / tasks
    }
    pool.forEach(tasks) { task in
      // Safe because: each task reads and writes its own part of entries and scratch.
      let grower = shared.grower
      let part = part(task)
      let run = grower.entries.base + part.lowerBound
      lefts.base[task] = partition(
        Format.self, entries: UnsafePointer(run), count: part.count,
        column: grower.table.column(column), rule: rule,
        missingBin: grower.table.cuts[column].missingBin, left: run,
        right: grower.scratch.base + part.lowerBound)
    }
    let leftCount = lefts.elements.reduce(0, +)
    // Lefts close ranks first, in order: each part's move down over what was read already.
    var place = range.lowerBound
    for task in 0..<tasks {
      let start = part(task).lowerBound
      if place != start {
        // Safe because: update(from:) allows overlapping memory.
        (entries.base + place).update(from: entries.base + start, count: lefts[task])
      }
      place += lefts[task]
    }
    pool.forEach(tasks) { task in
      // Safe because: the targets of the parts follow one another behind the lefts.
      let grower = shared.grower
      var target = range.lowerBound + leftCount
      for earlier in 0..<task { target += part(earlier).count - lefts.base[earlier] }
      (grower.entries.base + target).update(
        from: grower.scratch.base + part(task).lowerBound,
        count: part(task).count - lefts.base[task])
    }
    return leftCount
  }
}
