import COpenBLAS
import CProcessor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The kernels of the OpenBLAS in this process.
///
/// Builds for many processors (`DYNAMIC_ARCH`, as distributions make them) export the two functions
/// that choose kernels when the library is loaded and let go of them at its end; called again, they
/// choose anew, by `OPENBLAS_CORETYPE`. Other builds have one kind of kernel and neither function.
struct OpenBLASKernels: KernelLibrary {
  private static let variable = "OPENBLAS_CORETYPE"
  private static let release = "gotoblas_dynamic_quit"
  private static let choose = "gotoblas_dynamic_init"

  /// The value of `OPENBLAS_CORETYPE`.
  static var environment: String? { getenv(variable).map { String(cString: $0) } }

  var running: String {
    // Safe because: the library gives a zero-terminated text that lives as long as the process.
    openblas_get_corename().map { String(cString: $0) } ?? "unknown"
  }

  var canChange: Bool {
    process_has_function(Self.release) && process_has_function(Self.choose)
  }

  func has(_ name: String) -> Bool {
    // A table of functions per processor. Asking for one that is not there prints to the terminal.
    process_has_function("gotoblas_\(name.uppercased())")
  }

  func take(_ name: String) {
    let before = Self.environment
    setenv(Self.variable, name, 1)
    _ = process_call_function(Self.release)
    _ = process_call_function(Self.choose)
    if let before { setenv(Self.variable, before, 1) } else { unsetenv(Self.variable) }
  }

  func fault() -> String? { KernelTrial.fault() }
}
