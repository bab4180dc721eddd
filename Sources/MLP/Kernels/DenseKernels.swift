// Safe because: see Kernels.swift.

extension Kernels {
  /// `outputs = activation(inputs weights + biases)` of `rows` rows, all row-major.
  static func dense(
    rows: Int, _ inputs: Span<Float>, weights: Span<Float>, biases: Span<Float>,
    activation: Activation, into outputs: inout MutableSpan<Float>
  ) {
    let (width, units) = (inputs.count / rows, outputs.count / rows)
    outputs.withUnsafeMutableBufferPointer { outputs in
      let outputs = Matrix(outputs, rows: rows, columns: units)
      reading(inputs, weights) { inputs, weights in
        BLAS.multiply(
          Matrix(inputs, rows: rows, columns: width), Matrix(weights, rows: width, columns: units),
          into: outputs)
      }
      reading(biases, biases) { biases, _ in
        addBias(biases, andApply: activation, to: outputs)
      }
    }
  }

  /// Multiplies `deltas` by the slope of `activation` where it gave `outputs`.
  static func multiply(
    _ deltas: inout MutableSpan<Float>, bySlopeOf activation: Activation, at outputs: Span<Float>
  ) {
    deltas.withUnsafeMutableBufferPointer { deltas in
      reading(outputs, outputs) { outputs, _ in
        multiply(deltas, bySlopeOf: activation, at: outputs)
      }
    }
  }

  /// `weights = inputs^T deltas`, and `biases` the sums of the columns of `deltas`.
  static func denseGradients(
    rows: Int, inputs: Span<Float>, deltas: Span<Float>, weights: inout MutableSpan<Float>,
    biases: inout MutableSpan<Float>
  ) {
    let (width, units) = (inputs.count / rows, deltas.count / rows)
    reading(inputs, deltas) { inputs, deltas in
      let deltas = Matrix(deltas, rows: rows, columns: units)
      weights.withUnsafeMutableBufferPointer { weights in
        BLAS.multiply(
          Matrix(inputs, rows: rows, columns: width), deltas, transposingFirst: true,
          into: Matrix(weights, rows: width, columns: units))
      }
      biases.withUnsafeMutableBufferPointer { sumColumns(of: deltas, into: $0) }
    }
  }

  /// `inputDeltas = deltas weights^T`.
  static func denseInputDeltas(
    rows: Int, deltas: Span<Float>, weights: Span<Float>, into inputDeltas: inout MutableSpan<Float>
  ) {
    let (width, units) = (inputDeltas.count / rows, deltas.count / rows)
    inputDeltas.withUnsafeMutableBufferPointer { inputDeltas in
      reading(deltas, weights) { deltas, weights in
        BLAS.multiply(
          Matrix(deltas, rows: rows, columns: units), Matrix(weights, rows: width, columns: units),
          transposingSecond: true, into: Matrix(inputDeltas, rows: rows, columns: width))
      }
    }
  }

  /// Writes the sum of each column of `deltas` into `sums`.
  static func sumColumns(of deltas: Matrix, into sums: Floats) {
    precondition(sums.count == deltas.columns, "there is one sum per column")
    sums.update(repeating: 0)
    guard let sums = sums.baseAddress, var row = deltas.elements.baseAddress else { return }
    for _ in 0..<deltas.rows {
      for k in 0..<deltas.columns { sums[k] += row[k] }
      row += deltas.columns
    }
  }

  /// Views two spans as matrices take their elements. They are only read.
  private static func reading(
    _ first: Span<Float>, _ second: Span<Float>, _ body: (Floats, Floats) -> Void
  ) {
    first.withUnsafeBufferPointer { first in
      second.withUnsafeBufferPointer { second in
        body(Floats(mutating: first), Floats(mutating: second))
      }
    }
  }
}
