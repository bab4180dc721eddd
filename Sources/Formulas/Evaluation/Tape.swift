import Losses

/// A ``FlowGraph`` laid out for evaluation: instructions in order over registers that are reused as
/// soon as their value is no longer needed.
///
/// A register holds one number for each row of a block. Constants have registers of their own,
/// filled once.
struct Tape: Sendable {
  typealias Register = Int32

  struct Instruction: Sendable {
    let operation: FlowGraph.Operation
    let destination: Register
    /// Registers; of a leaf, `a` is its score or row data column.
    let a: Register
    let b: Register
    let c: Register
  }

  struct Constant: Sendable {
    let register: Register
    let number: Double
  }

  private(set) var instructions: [Instruction] = []
  private(set) var constants: [Constant] = []
  /// The register of each output.
  private(set) var outputs: [Register] = []
  private(set) var registerCount = 0

  /// Lays out what `outputs` need, and no more. nil stands for the constant 0. O(nodes).
  init(_ graph: FlowGraph, outputs wanted: [FlowGraph.Value?]) {
    // Adds a node at most once, after all others; a full graph is never laid out.
    let values = wanted.map { $0 ?? graph.constant(0) }
    let nodes = graph.nodes
    var lastUse = [Int](repeating: -1, count: nodes.count)
    for value in values { lastUse[Int(value)] = Int.max }
    for index in nodes.indices.reversed() where lastUse[index] >= 0 {
      for operand in Self.operands(of: nodes[index]) where lastUse[operand] < 0 {
        lastUse[operand] = index
      }
    }
    var registers = [Register](repeating: -1, count: nodes.count)
    var free: [Register] = []
    for index in nodes.indices where lastUse[index] >= 0 {
      let node = nodes[index]
      if node.operation == .constant {
        registers[index] = Register(registerCount)
        registerCount += 1
        constants.append(
          Constant(register: registers[index], number: Double(bitPattern: node.bits)))
        continue
      }
      // The destination is taken before operands are given back, so that it is none of them.
      let destination = free.popLast() ?? Register(registerCount)
      if Int(destination) == registerCount { registerCount += 1 }
      registers[index] = destination
      let isLeaf = node.operation.isLeaf
      instructions.append(
        Instruction(
          operation: node.operation, destination: destination,
          a: isLeaf ? node.a : registers[Int(node.a)],
          b: isLeaf ? 0 : registers[Int(node.b)], c: isLeaf ? 0 : registers[Int(node.c)]))
      var released: [Int] = []
      for operand in Self.operands(of: node)
      where lastUse[operand] == index && nodes[operand].operation != .constant
        && !released.contains(operand)
      {
        released.append(operand)
        free.append(registers[operand])
      }
    }
    self.outputs = values.map { registers[Int($0)] }
  }

  private static func operands(of node: FlowGraph.Node) -> [Int] {
    switch node.operation.operandCount {
    case 0: []
    case 1: [Int(node.a)]
    case 2: [Int(node.a), Int(node.b)]
    default: [Int(node.a), Int(node.b), Int(node.c)]
    }
  }

  /// Rows per block: registers of a block should fit the nearest cache (32 KiB), within reason.
  var rowsPerBlock: Int {
    min(256, max(32, 4096 / max(1, registerCount) / 8 * 8))
  }
}
