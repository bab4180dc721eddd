// The loops over single numbers that training spends its time in, beside the matrix products.
// They are written so that the compiler turns them into vector instructions: loads before
// comparisons, no calls, and `Lanes` where it would not do so by itself.
//
// Safe because: every kernel checks, before it starts, that its buffers hold as many elements as it
// touches, and callers get the buffers from range-checked parts of arrays that outlive the call.

/// Single-precision memory that a kernel works on.
typealias Floats = UnsafeMutableBufferPointer<Float>
/// Double-precision memory that a kernel works on.
typealias Doubles = UnsafeMutableBufferPointer<Double>

/// The loops, each beside its sisters in a file of this folder.
enum Kernels {
  /// Adds `addends` to `sums`, element by element.
  static func add(_ addends: Floats, to sums: Floats) {
    precondition(addends.count == sums.count, "two arrays to add are of one length")
    guard let sum = sums.baseAddress, let addend = addends.baseAddress else { return }
    for i in 0..<sums.count { sum[i] += addend[i] }
  }
}
