extension Perceptron {
  /// The kernels that multiply matrices in this process. The first call chooses them, as the first
  /// product would.
  public static var matrixKernel: MatrixKernel { BLAS.kernel }

  /// The BLAS library this process uses, with its version, how it was built and the kernels that
  /// run.
  public static var matrixLibrary: String { BLAS.library }
}
