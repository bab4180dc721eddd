import CProcessor
import Foundation
import Testing

/// C that crashes is left, and the process goes on.
@Suite("Guarded runs", .serialized) struct GuardedRunTests {
  @Test(
    "a signal's number is returned, as often as it comes", arguments: [SIGILL, SIGSEGV, SIGFPE])
  func crash(signal: Int32) {
    for _ in 0..<3 {
      var number = signal
      #expect(guarded_run({ raise($0!.load(as: Int32.self)) }, &number) == signal)
    }
  }

  @Test("without a signal, 0") func noCrash() {
    var number: Int32 = 1
    #expect(guarded_run({ $0!.storeBytes(of: 2, as: Int32.self) }, &number) == 0)
    #expect(number == 2)
  }

  @Test("functions of this process are found by name") func functions() {
    #expect(process_has_function("abort"))
    #expect(!process_has_function("curvature_has_no_such_function"))
    #expect(!process_call_function("curvature_has_no_such_function"))
  }

  @Test("the instructions of this processor are those the system lists") func level() throws {
    #if os(Linux) && arch(x86_64)
      let text = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
      let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("flags") })
      let flags = Set(line.split(separator: " "))
      let expected: Int32 =
        flags.isSuperset(of: ["avx512f", "avx512cd", "avx512dq", "avx512bw", "avx512vl"])
        ? 3 : flags.isSuperset(of: ["avx2", "fma"]) ? 2 : flags.contains("avx") ? 1 : 0
      #expect(processor_vector_level() == expected)
    #else
      #expect((0...3).contains(processor_vector_level()))
    #endif
  }
}
