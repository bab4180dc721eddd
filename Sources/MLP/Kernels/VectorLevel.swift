import CProcessor

/// How wide a processor's vector instructions are, or those that a kernel is written for.
enum VectorLevel: Int, Comparable, CaseIterable {
  /// Older than AVX, or not an x86-64 processor.
  case baseline
  /// AVX.
  case avx
  /// AVX2 with fused multiply-add.
  case avx2
  /// AVX-512 as in Skylake's servers.
  case avx512

  /// What this processor has and the operating system lets a process use.
  static let ofProcessor = VectorLevel(rawValue: Int(processor_vector_level())) ?? .baseline

  /// What OpenBLAS's kernels of this name use, as far as they multiply matrices.
  init(ofKernels name: String) {
    switch name.lowercased() {
    case "skylakex", "cooperlake", "sapphirerapids": self = .avx512
    case "haswell", "zen": self = .avx2
    case "sandybridge", "bulldozer", "piledriver", "steamroller", "excavator": self = .avx
    default: self = .baseline
    }
  }

  /// The name of OpenBLAS's kernels of this width that most processors with it run well.
  var kernels: String {
    switch self {
    case .avx512: "SkylakeX"
    case .avx2: "Haswell"
    case .avx: "Sandybridge"
    case .baseline: "Prescott"
    }
  }

  /// The instructions' name.
  var instructions: String {
    switch self {
    case .avx512: "AVX-512"
    case .avx2: "AVX2"
    case .avx: "AVX"
    case .baseline: "SSE"
    }
  }

  static func < (a: VectorLevel, b: VectorLevel) -> Bool { a.rawValue < b.rawValue }
}
