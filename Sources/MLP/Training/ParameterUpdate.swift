import Parallel

/// Adds up the gradients of a batch's slices and moves the parameters, in one pass over memory.
struct ParameterUpdate: Sendable {
  private let workspace: Workspace
  private let optimizer: any Optimizer
  /// Per step, `weightDecay * w` is added to the gradient of the mean loss.
  private let weightDecay: Double
  /// Parameters that fit into the fastest cache together with what the optimizer remembers; each run
  /// is of weights or of biases.
  private let runs: [Range<Int>]

  private static let longestRun = 2048

  init(workspace: Workspace, optimizer: any Optimizer, weightDecay: Double) {
    self.workspace = workspace
    self.optimizer = optimizer
    self.weightDecay = weightDecay
    let shape = workspace.layers.shape
    runs = [0..<shape.weightCount, shape.weightCount..<shape.parameterCount].flatMap { range in
      stride(from: range.lowerBound, to: range.upperBound, by: Self.longestRun).map {
        $0..<min($0 + Self.longestRun, range.upperBound)
      }
    }
  }

  /// Writes what the optimizer remembers before the first step.
  func initialize(_ floats: DisjointSlices<Float>) {
    for run in runs {
      floats.slice(workspace.state(of: run)) { state in
        // Safe because: parameters are only read, and stand apart from the state.
        optimizer.initialize(&state, parameters: Span(_unsafeElements: floats.part(run)))
      }
    }
  }

  /// Makes step `number`, counted from 1, at `share` of the learning rate, from the gradients of
  /// `slices` slices.
  func run(
    number: Int, share: Double, slices: Int, floats: DisjointSlices<Float>, pool: WorkerPool
  ) {
    let rate = optimizer.learningRate * share
    let tasks = max(1, min(pool.threadCount, runs.count - 1))
    // Every run is computed from itself alone: any division among threads gives the same.
    pool.forEach(tasks) { task in
      for run in runs[runs.count * task / tasks..<runs.count * (task + 1) / tasks] {
        let step = OptimizerStep(
          number: number, learningRate: rate,
          weightDecay: run.lowerBound < workspace.layers.shape.weightCount ? weightDecay : 0)
        update(run, step, slices: slices, floats)
      }
    }
  }

  private func update(
    _ run: Range<Int>, _ step: OptimizerStep, slices: Int, _ floats: DisjointSlices<Float>
  ) {
    func gradients(_ slice: Int) -> Floats {
      let start = workspace.gradients(slice).lowerBound
      return floats.part(start + run.lowerBound..<start + run.upperBound)
    }
    let sums = gradients(0)
    for slice in 1..<max(slices, 1) { Kernels.add(gradients(slice), to: sums) }
    floats.slice(run) { parameters in
      floats.slice(workspace.state(of: run)) { state in
        // Safe because: the ranges do not overlap, belong to this run alone, and outlive the call.
        optimizer.update(
          &parameters, gradients: Span(_unsafeElements: sums), state: &state, step: step)
      }
    }
  }
}
