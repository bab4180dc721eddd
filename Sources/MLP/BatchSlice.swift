import Learning
import Losses
import Parallel

/// What every slice of every batch reads: the data, and how outputs become gradients.
struct BatchSlice: Sendable {
  let workspace: Workspace
  let standardiser: Standardiser
  let objective: any Objective
  let features: [Float]
  let rows: ObjectiveRows
  let initialScores: [Double]
  let outputScale: OutputScale

  /// Why a slice gave no gradient.
  struct Failure: BitwiseCopyable {
    /// The row whose derivative is not finite, or -1.
    var row = -1
    /// Its score.
    var score = 0.0
    /// Its derivative.
    var derivative = 0.0
  }

  /// Computes the gradient of one slice of a batch: gather, forward, objective, backward.
  ///
  /// - Parameters:
  ///   - order: the rows of the slice.
  ///   - totalWeight: of the whole batch.
  func run(
    _ slice: Int, order: ArraySlice<Int>, totalWeight: Double, floats: DisjointSlices<Float>,
    doubles: DisjointSlices<Double>
  ) -> Failure {
    let layers = workspace.layers
    let count = order.count
    let activations = floats.part(workspace.activations(slice))
    let deltas = floats.part(workspace.deltas(slice))
    let parameters = floats.part(workspace.parameters)
    let parts = workspace.objectiveParts(slice, rows: count)
    gather(order, totalWeight, into: layers.part(0, rows: count, of: activations), parts, doubles)
    layers.forward(rows: count, activations: activations, parameters: parameters)
    let last = layers.shape.layerCount
    Kernels.scale(
      layers.part(last, rows: count, of: activations).elements, by: outputScale.scales,
      from: initialScores, into: doubles.part(parts.scores))
    differentiate(parts, doubles)
    let gradients = doubles.part(parts.gradients)
    let bad = Kernels.scaleGradients(
      gradients, byWeights: doubles.part(parts.weights), factors: outputScale.gradientFactors,
      into: layers.part(last, rows: count, of: deltas).elements)
    if let bad { return failure(bad, row: order[order.startIndex + bad], parts, doubles) }
    layers.backward(
      rows: count, activations: activations, deltas: deltas, parameters: parameters,
      gradients: floats.part(workspace.gradients(slice)))
    return Failure()
  }

  private func gather(
    _ order: ArraySlice<Int>, _ totalWeight: Double, into inputs: Matrix,
    _ parts: Workspace.ObjectiveParts, _ doubles: DisjointSlices<Double>
  ) {
    let targets = doubles.part(parts.targets)
    let weights = doubles.part(parts.weights)
    let rowData = doubles.part(parts.rowData)
    let width = rows.rowDataCount
    for (place, row) in order.enumerated() {
      standardiser.apply(
        features, row: row,
        into: Floats(
          rebasing: inputs.elements[place * inputs.columns..<(place + 1) * inputs.columns]))
      targets[place] = rows.targets[row]
      weights[place] = (rows.weights.isEmpty ? 1 : rows.weights[row]) / totalWeight
      for k in 0..<width { rowData[place * width + k] = rows.rowData[row * width + k] }
    }
  }

  /// Calls the objective; the only place where the network meets it during training.
  private func differentiate(
    _ parts: Workspace.ObjectiveParts, _ doubles: DisjointSlices<Double>
  ) {
    doubles.slice(parts.gradients) { gradients in
      doubles.slice(parts.hessians) { hessians in
        // Safe because: the parts do not overlap, belong to this slice alone, and outlive the call.
        objective.derivatives(
          at: Span(_unsafeElements: doubles.part(parts.scores)),
          Rows(
            targets: Span(_unsafeElements: doubles.part(parts.targets)),
            rowData: Span(_unsafeElements: doubles.part(parts.rowData)),
            rowDataCount: rows.rowDataCount),
          gradients: &gradients, hessians: &hessians)
      }
    }
  }

  private func failure(
    _ place: Int, row: Int, _ parts: Workspace.ObjectiveParts, _ doubles: DisjointSlices<Double>
  ) -> Failure {
    let width = outputScale.scales.count
    let scores = doubles.part(parts.scores)
    let gradients = doubles.part(parts.gradients)
    let index =
      (place * width..<(place + 1) * width).first { !gradients[$0].isFinite } ?? place * width
    // A network that has run away gives scores that no objective can answer for.
    let isDiverged = (place * width..<(place + 1) * width).contains { !scores[$0].isFinite }
    return Failure(
      row: row, score: isDiverged ? .nan : scores[index], derivative: gradients[index])
  }
}
