import Learning
import Losses
import Parallel

/// What every slice of every batch reads: the data, and how outputs become gradients.
struct BatchSlice: Sendable {
  let workspace: Workspace
  let standardizer: Standardizer
  let objective: any Objective
  let features: [Float]
  let rows: ObjectiveRows
  let initialScores: [Double]
  let outputScale: OutputScale

  /// Why a slice gave no gradient.
  struct Failure: BitwiseCopyable {
    /// The row whose derivative is not finite or too large, or -1.
    var row = -1
    /// Its score; NaN if the network gave no finite one.
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
    let parts = workspace.objectiveParts(slice, rows: order.count)
    forward(slice, order, totalWeight, parts, floats, doubles)
    differentiate(parts, doubles)
    return backward(slice, order, parts, floats, doubles)
  }

  /// The first half of ``run(_:order:totalWeight:floats:doubles:)`` for an objective whose rows
  /// depend on one another: writes the scores of the slice into `joint`.
  ///
  /// - Returns: a failure if a score is not finite; it would spoil the derivatives of other rows.
  func writeScores(
    _ slice: Int, order: ArraySlice<Int>, totalWeight: Double, to joint: JointGradients,
    floats: DisjointSlices<Float>, doubles: DisjointSlices<Double>
  ) -> Failure {
    let parts = workspace.objectiveParts(slice, rows: order.count)
    forward(slice, order, totalWeight, parts, floats, doubles)
    let width = outputScale.scales.count
    let scores = doubles.part(parts.scores)
    let all = doubles.part(joint.scores)
    // Safe because: a row is in one slice of a batch, which alone touches the row's scores.
    for (place, row) in order.enumerated() {
      for k in 0..<width {
        let score = scores[place * width + k]
        guard score.isFinite else { return Failure(row: row, score: .nan, derivative: .nan) }
        all[row * width + k] = score
      }
    }
    return Failure()
  }

  /// The second half, once the objective has written its gradients into `joint`.
  func readGradients(
    _ slice: Int, order: ArraySlice<Int>, from joint: JointGradients,
    floats: DisjointSlices<Float>, doubles: DisjointSlices<Double>
  ) -> Failure {
    let parts = workspace.objectiveParts(slice, rows: order.count)
    let width = outputScale.scales.count
    let gradients = doubles.part(parts.gradients)
    let all = doubles.part(joint.gradients)
    for (place, row) in order.enumerated() {
      for k in 0..<width { gradients[place * width + k] = all[row * width + k] }
    }
    return backward(slice, order, parts, floats, doubles)
  }

  /// Gathers the slice and computes its scores.
  private func forward(
    _ slice: Int, _ order: ArraySlice<Int>, _ totalWeight: Double,
    _ parts: Workspace.ObjectiveParts, _ floats: DisjointSlices<Float>,
    _ doubles: DisjointSlices<Double>
  ) {
    let layers = workspace.layers
    let count = order.count
    let activations = floats.part(workspace.activations(slice))
    gather(
      order, totalWeight,
      into: Floats(rebasing: activations[layers.values(0, rows: count)]), parts, doubles)
    layers.forward(
      rows: count, activations: activations, parameters: floats.part(workspace.parameters))
    let last = layers.values(layers.shape.layerCount, rows: count)
    Kernels.scale(
      Floats(rebasing: activations[last]), by: outputScale.scales, from: initialScores,
      into: doubles.part(parts.scores))
  }

  /// Computes the gradient by all parameters from the derivatives in `parts`.
  private func backward(
    _ slice: Int, _ order: ArraySlice<Int>, _ parts: Workspace.ObjectiveParts,
    _ floats: DisjointSlices<Float>, _ doubles: DisjointSlices<Double>
  ) -> Failure {
    let layers = workspace.layers
    let count = order.count
    let deltas = floats.part(workspace.deltas(slice))
    let bad = Kernels.scaleGradients(
      doubles.part(parts.gradients), byWeights: doubles.part(parts.weights),
      factors: outputScale.gradientFactors,
      into: Floats(rebasing: deltas[layers.values(layers.shape.layerCount, rows: count)]))
    if let bad { return failure(bad, row: order[order.startIndex + bad], parts, doubles) }
    layers.backward(
      rows: count, activations: floats.part(workspace.activations(slice)), deltas: deltas,
      parameters: floats.part(workspace.parameters),
      gradients: floats.part(workspace.gradients(slice)))
    return Failure()
  }

  private func gather(
    _ order: ArraySlice<Int>, _ totalWeight: Double, into inputs: Floats,
    _ parts: Workspace.ObjectiveParts, _ doubles: DisjointSlices<Double>
  ) {
    let targets = doubles.part(parts.targets)
    let weights = doubles.part(parts.weights)
    let rowData = doubles.part(parts.rowData)
    let width = rows.rowDataCount
    let inputCount = standardizer.inputCount
    for (place, row) in order.enumerated() {
      standardizer.apply(
        features, row: row,
        into: Floats(rebasing: inputs[place * inputCount..<(place + 1) * inputCount]))
      targets[place] = rows.targets[row]
      weights[place] = (rows.weights.isEmpty ? 1 : rows.weights[row]) / totalWeight
      for k in 0..<width { rowData[place * width + k] = rows.rowData[row * width + k] }
    }
  }

  /// Calls the objective on the rows of a slice, which stand alone.
  private func differentiate(
    _ parts: Workspace.ObjectiveParts, _ doubles: DisjointSlices<Double>
  ) {
    doubles.slice(parts.gradients) { gradients in
      // Safe because: the parts do not overlap, belong to this slice alone, and outlive the call.
      objective.gradients(
        at: Span(_unsafeElements: doubles.part(parts.scores)),
        Rows(
          targets: Span(_unsafeElements: doubles.part(parts.targets)),
          rowData: Span(_unsafeElements: doubles.part(parts.rowData)),
          rowDataCount: rows.rowDataCount),
        into: &gradients)
    }
  }

  private func failure(
    _ place: Int, row: Int, _ parts: Workspace.ObjectiveParts, _ doubles: DisjointSlices<Double>
  ) -> Failure {
    let width = outputScale.scales.count
    let scores = doubles.part(parts.scores)
    let gradients = doubles.part(parts.gradients)
    func size(_ index: Int) -> Double {
      let size = (gradients[index] * outputScale.gradientFactors[index - place * width]).magnitude
      return size.isNaN ? .infinity : size
    }
    let places = place * width..<(place + 1) * width
    let index = places.max { size($0) < size($1) } ?? place * width
    // A network that has run away gives scores that no objective can answer for.
    let isDiverged = places.contains { place in
      let k = place - places.lowerBound
      let output = (scores[place] - initialScores[k]) / outputScale.scales[k]
      return !(output.magnitude < 1e6)
    }
    return Failure(
      row: row, score: isDiverged ? .nan : scores[index], derivative: gradients[index])
  }
}
