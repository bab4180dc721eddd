import Losses

/// Runs a ``Tape`` on blocks of rows.
struct TapeEvaluator: ~Copyable {
  private let tape: Tape
  private let scoresPerRow: Int
  private let blockRows: Int
  private let registers: UnsafeMutablePointer<Double>

  /// Room for blocks of up to `rows` rows.
  init(_ tape: Tape, scoresPerRow: Int, rows: Int) {
    self.tape = tape
    self.scoresPerRow = scoresPerRow
    blockRows = max(1, min(rows, tape.rowsPerBlock))
    // Safe because the evaluator owns the memory, is not copyable and frees it when it ends, and
    // every register index of a tape is below `registerCount`, every row below `blockRows`.
    registers = .allocate(capacity: max(1, tape.registerCount) * blockRows)
    registers.initialize(repeating: 0, count: max(1, tape.registerCount) * blockRows)
    for constant in tape.constants {
      let register = registers + Int(constant.register) * blockRows
      for row in 0..<blockRows { register[row] = constant.number }
    }
  }

  deinit { registers.deallocate() }

  /// Computes all rows. Output `o` of row `r` goes to `first[r * stride + o]` while `o` is below
  /// `stride`, the remaining outputs to `second` in the same way.
  func run(
    scores: Span<Double>, _ rows: borrowing Rows, stride: Int,
    first: inout MutableSpan<Double>, second: inout MutableSpan<Double>
  ) {
    var start = 0
    while start < rows.count {
      let count = min(blockRows, rows.count - start)
      for instruction in tape.instructions {
        execute(instruction, scores: scores, rows, start: start, count: count)
      }
      for (output, register) in tape.outputs.enumerated() {
        if output < stride {
          store(register, into: &first, offset: start * stride + output, stride, count)
        } else {
          store(register, into: &second, offset: start * stride + output - stride, stride, count)
        }
      }
      start += count
    }
  }

  private func address(_ register: Tape.Register) -> UnsafeMutablePointer<Double> {
    registers + Int(register) * blockRows
  }

  private func execute(
    _ instruction: Tape.Instruction, scores: Span<Double>, _ rows: borrowing Rows, start: Int,
    count: Int
  ) {
    let destination = address(instruction.destination)
    switch instruction.operation {
    case .score:
      load(
        scores, offset: start * scoresPerRow + Int(instruction.a), scoresPerRow, count,
        into: destination)
    case .target:
      load(rows.targets, offset: start, 1, count, into: destination)
    case .rowData:
      let columns = rows.rowDataCount
      load(
        rows.rowData, offset: start * columns + Int(instruction.a), columns, count,
        into: destination)
    case .scoreAt:
      let index = address(instruction.a)
      for row in 0..<count {
        let k = Int(exactly: index[row]) ?? -1
        destination[row] =
          k >= 0 && k < scoresPerRow ? scores[(start + row) * scoresPerRow + k] : .nan
      }
    default:
      BlockKernels.run(
        instruction.operation, into: destination, address(instruction.a), address(instruction.b),
        address(instruction.c), count)
    }
  }

  /// Copies every `stride`-th number from `offset` into a register.
  private func load(
    _ source: Span<Double>, offset: Int, _ stride: Int, _ count: Int,
    into destination: UnsafeMutablePointer<Double>
  ) {
    precondition(
      offset + (count - 1) * stride < source.count, "one number per row and column, row-major")
    // Safe because the last index read was just compared with the number of elements.
    source.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      let from = base + offset
      if stride == 1 {
        destination.update(from: from, count: count)
      } else {
        for row in 0..<count { destination[row] = from[row &* stride] }
      }
    }
  }

  /// Copies a register to every `stride`-th place from `offset`.
  private func store(
    _ register: Tape.Register, into target: inout MutableSpan<Double>, offset: Int, _ stride: Int,
    _ count: Int
  ) {
    precondition(
      offset + (count - 1) * stride < target.count, "one number per row and score, row-major")
    let source = address(register)
    // Safe because the last index written was just compared with the number of elements.
    target.withUnsafeMutableBufferPointer { target in
      guard let base = target.baseAddress else { return }
      let to = base + offset
      if stride == 1 {
        to.update(from: source, count: count)
      } else {
        for row in 0..<count { to[row &* stride] = source[row] }
      }
    }
  }
}
