// Products of matrices: this file, OpenBLASKernels and KernelTrial are the only ones that know
// OpenBLAS.
import COpenBLAS

/// Matrix products by OpenBLAS, pinned to one thread: products of this size do not gain from its
/// threads, and each worker multiplies its own slice of a batch.
enum BLAS {
  /// The kernels, chosen once per process, before the first product. Costs a few milliseconds.
  ///
  /// A program that multiplies with OpenBLAS itself, on another thread, must not do so meanwhile:
  /// it has the kernels chosen first (`Perceptron.matrixKernel`).
  static let kernel: MatrixKernel = {
    openblas_set_num_threads(1)
    return KernelChoice(processor: .ofProcessor, environment: OpenBLASKernels.environment)
      .choose(in: OpenBLASKernels())
  }()
  private static let works = kernel.name != MatrixKernel.none

  /// `c = op(a) op(b)`, where `op` transposes if asked. O(rows x columns x inner).
  static func multiply(
    _ a: Matrix, _ b: Matrix, transposingFirst transposesA: Bool = false,
    transposingSecond transposesB: Bool = false, into c: Matrix
  ) {
    let inner = transposesA ? a.rows : a.columns
    precondition(
      inner == (transposesB ? b.columns : b.rows)
        && c.rows == (transposesA ? a.columns : a.rows)
        && c.columns == (transposesB ? b.rows : b.columns),
      "the shapes of a product fit")
    guard c.rows > 0, c.columns > 0 else { return }
    guard inner > 0, let left = a.elements.baseAddress, let right = b.elements.baseAddress,
      let result = c.elements.baseAddress
    else {
      // The sum of nothing; a network without inputs has such a product.
      c.elements.update(repeating: 0)
      return
    }
    guard works else {
      return multiplyNaively(
        a, b, transposingFirst: transposesA, transposingSecond: transposesB, into: c)
    }
    // Safe because: each matrix holds rows x columns elements, and the shapes fit (checked above).
    cblas_sgemm(
      CblasRowMajor, transposesA ? CblasTrans : CblasNoTrans,
      transposesB ? CblasTrans : CblasNoTrans,
      blasint(c.rows), blasint(c.columns), blasint(inner),
      1, left, blasint(max(1, a.columns)), right, blasint(max(1, b.columns)),
      0, result, blasint(max(1, c.columns)))
  }

  /// The same in plain Swift, one element at a time: the twin that tests compare with.
  static func multiplyNaively(
    _ a: Matrix, _ b: Matrix, transposingFirst transposesA: Bool = false,
    transposingSecond transposesB: Bool = false, into c: Matrix
  ) {
    let inner = transposesA ? a.rows : a.columns
    for row in 0..<c.rows {
      for column in 0..<c.columns {
        var sum = 0.0
        for k in 0..<inner {
          let left = transposesA ? a.elements[k * a.columns + row] : a.elements[row * inner + k]
          let right =
            transposesB ? b.elements[column * inner + k] : b.elements[k * b.columns + column]
          sum += Double(left) * Double(right)
        }
        c.elements[row * c.columns + column] = Float(sum)
      }
    }
  }
}

extension BLAS {
  /// The library this process uses, with its version, how it was built and the kernels that run.
  /// Asked for once, because OpenBLAS puts the text together in memory that all threads share.
  static let library: String = {
    let kernel = BLAS.kernel
    // Safe because: the library gives a zero-terminated text that lives as long as the process.
    let text = openblas_get_config().map { String(cString: $0) } ?? "OpenBLAS"
    let words = text.split(separator: " ").filter { $0.lowercased() != kernel.name.lowercased() }
    return "\(words.joined(separator: " ")), \(kernel.name) kernels"
  }()
}
