import Losses
import Synchronization

/// Squared error with its own curvature offered, which counts how often its curvature is asked for.
struct CountingObjective: PointwiseObjective {
  final class Counter: Sendable {
    let count = Atomic<Int>(0)
  }

  private let counter: Counter
  init(_ counter: Counter) { self.counter = counter }

  var name: String { "counting" }
  var defaultMetric: Metric { .rmse }
  var curvature: Losses.Curvature {
    counter.count.add(1, ordering: .relaxed)
    return Losses.Curvature(
      policy: .upperBound, reason: "to be counted",
      offers: [
        CurvatureOffer("upper-bound", formula: "2", purpose: "to be counted") { _, _, _, hessians in
          for index in hessians.indices { hessians[index] = 2 }
        }
      ])
  }
  func loss(_ row: borrowing Row) -> Double { SquaredError().loss(row) }
  func derivatives(_ row: borrowing Row) -> Derivatives { SquaredError().derivatives(row) }
}
