/// Which of OpenBLAS's kernels multiply matrices in this process, and why.
///
/// OpenBLAS carries kernels for many processors and picks some by the processor's model number, so
/// that it runs its oldest ones on a processor newer than itself. Here they are picked by the vector
/// instructions the processor has, and every choice, OpenBLAS's own too, first has to multiply
/// correctly (``KernelTrial``). A choice named in the environment variable `OPENBLAS_CORETYPE` stands
/// unless it fails that.
public struct MatrixKernel: Sendable, Hashable, Codable {
  /// Who chose the kernels.
  public enum Origin: String, Sendable, Codable {
    /// OpenBLAS itself, when it was loaded.
    case openBLAS
    /// This library, by the processor's features.
    case processor
    /// The environment variable `OPENBLAS_CORETYPE`.
    case environment
  }

  /// The kernels' name as OpenBLAS has it, such as `SkylakeX`; `none` where none of them multiplies
  /// correctly on this processor and a plain loop does the work.
  public let name: String
  /// Who chose them.
  public let origin: Origin
  /// A sentence for the user where better kernels than these should be possible, or some of
  /// OpenBLAS's kernels were found to be wrong.
  public let notice: String?

  static let none = "none"
}

/// What the choice of kernels needs of the library that has them.
protocol KernelLibrary {
  /// The name of the kernels that run.
  var running: String { get }
  /// Whether kernels can be changed.
  var canChange: Bool { get }
  /// Whether there are kernels of this name.
  func has(_ name: String) -> Bool
  /// Runs the kernels of this name from now on, or leaves those of before.
  func take(_ name: String)
  /// What is wrong with the running kernels' products, as the end of "kernels ..."; nil if nothing.
  func fault() -> String?
}

/// The rule that picks kernels.
struct KernelChoice {
  /// What the processor has.
  let processor: VectorLevel
  /// The value of `OPENBLAS_CORETYPE`, nil where it is not set.
  let environment: String?

  /// Makes the library run the best kernels that multiply correctly.
  func choose(in library: some KernelLibrary) -> MatrixKernel {
    let first = library.running
    // A name that OpenBLAS does not know makes it choose itself.
    let named = environment?.lowercased() == first.lowercased()
    var faults: [String] = []
    for candidate in candidates(first: first, named: named) {
      if candidate.lowercased() != library.running.lowercased() {
        guard library.canChange, library.has(candidate) else { continue }
        library.take(candidate)
        guard library.running.lowercased() == candidate.lowercased() else { continue }
      }
      guard let fault = library.fault() else {
        let origin: MatrixKernel.Origin =
          candidate != first ? .processor : named ? .environment : .openBLAS
        return MatrixKernel(
          name: library.running, origin: origin,
          notice: notice(
            running: library.running, named: named && candidate == first, faults: faults,
            canChange: library.canChange))
      }
      faults.append("OpenBLAS's \(library.running) kernels \(fault) on this processor")
    }
    return MatrixKernel(
      name: MatrixKernel.none, origin: .processor,
      notice: faults.joined(separator: "; ")
        + "; matrix products are computed by a plain loop, which is slow: install a newer OpenBLAS")
  }

  /// Names of kernels in the order of trial: a name from the environment first, then the widest that
  /// the processor can run; what OpenBLAS chose where it is as wide as that.
  private func candidates(first: String, named: Bool) -> [String] {
    let level = VectorLevel(ofKernels: first)
    var names: [String] = named ? [first] : []
    for width in VectorLevel.allCases.reversed() where width <= processor {
      // An empty or unknown name makes OpenBLAS take what it finds first, fit or not.
      if width == level, environment == nil { names.append(first) }
      if !named || width < level { names.append(width.kernels) }
    }
    if !named { names.append(first) }
    var seen: Set<String> = []
    return names.filter { seen.insert($0.lowercased()).inserted }
  }

  private func notice(
    running: String, named: Bool, faults: [String], canChange: Bool
  ) -> String? {
    if !faults.isEmpty {
      return faults.joined(separator: "; ")
        + "; \(running) kernels are used instead; a newer OpenBLAS may mend this"
    }
    let level = VectorLevel(ofKernels: running)
    guard level < processor else { return nil }
    let lag =
      "matrix products run OpenBLAS's \(running) kernels (\(level.instructions)), though this "
      + "processor has \(processor.instructions)"
    if named {
      return lag + ", because OPENBLAS_CORETYPE names them; unset it to train faster"
    }
    return canChange
      ? lag + ", and this OpenBLAS has no wider ones; install a newer one to train faster"
      : lag + ", and this OpenBLAS cannot be told otherwise; set the environment variable "
        + "OPENBLAS_CORETYPE=\(processor.kernels), or install another build of it, to train faster"
  }
}
