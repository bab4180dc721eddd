import CBuildRecord
import HDF5
import Harness
import MLP

/// What this program is made of, for `bench --version` and for records.
enum Version {
  /// The version of the package.
  static let package = "0.1.0"

  /// The commit it was built from, such as `4f0a5b16c2d7 with changes`; `near` one if it was not built
  /// by `make`, `unknown` outside a git repository.
  // Safe because: the functions give zero-terminated texts that live as long as the process.
  static let commit = String(cString: build_commit())

  /// Packages it depends on, with their versions.
  static let packages: [NamedValue] = String(cString: build_packages()).split(separator: ", ")
    .compactMap { text in
      let words = text.split(separator: " ")
      return words.count == 2 ? NamedValue(String(words[0]), String(words[1])) : nil
    }

  /// This program, the packages in it and the library that multiplies matrices, for records, which
  /// name HDF5 by themselves.
  static var named: [NamedValue] {
    [NamedValue("Curvature", "\(package), commit \(commit)")] + packages
      + [NamedValue("BLAS", Perceptron.matrixLibrary)]
  }

  /// All of it for people.
  static var text: String {
    let machine = MachineRecord.current()
    let kernel = Perceptron.matrixKernel
    let chosen =
      switch kernel.origin {
      case .openBLAS: "by OpenBLAS"
      case .processor: "by the processor's instructions"
      case .environment: "by OPENBLAS_CORETYPE"
      }
    var lines = [
      "bench \(package), commit \(commit)",
      "compiler  \(machine.swift), \(machine.architecture)",
      "HDF5      \(File.libraryVersion)",
      "BLAS      \(Perceptron.matrixLibrary), chosen \(chosen)",
    ]
    if !packages.isEmpty {
      lines.append(
        "packages  " + packages.map { "\($0.name) \($0.value)" }.joined(separator: ", "))
    }
    if let notice = kernel.notice { lines.append("note: \(notice)") }
    return lines.joined(separator: "\n")
  }
}
