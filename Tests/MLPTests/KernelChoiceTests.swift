import Testing

@testable import MLP

/// Which of OpenBLAS's kernels run, told from made-up libraries.
@Suite("Choice of matrix kernels") struct KernelChoiceTests {
  /// An OpenBLAS that picked some kernels and has others.
  final class Library: KernelLibrary {
    var running: String
    let canChange: Bool
    private let names: [String]
    private let faults: [String: String]
    private(set) var taken: [String] = []
    private(set) var tried: [String] = []

    init(
      _ running: String, has names: [String] = ["SkylakeX", "Haswell", "Sandybridge", "Prescott"],
      canChange: Bool = true, faults: [String: String] = [:]
    ) {
      self.running = running
      self.names = names
      self.canChange = canChange
      self.faults = faults
    }

    func has(_ name: String) -> Bool { names.contains(name) }
    func take(_ name: String) {
      taken.append(name)
      running = name
    }
    func fault() -> String? {
      tried.append(running)
      return faults[running]
    }
  }

  private func choose(
    _ library: Library, processor: VectorLevel, environment: String? = nil
  ) -> MatrixKernel {
    KernelChoice(processor: processor, environment: environment).choose(in: library)
  }

  @Test(
    "a processor newer than OpenBLAS gets the kernels of its instructions",
    arguments: [
      (VectorLevel.avx512, "SkylakeX"), (.avx2, "Haswell"), (.avx, "Sandybridge"),
    ])
  func newProcessor(level: VectorLevel, name: String) {
    let library = Library("Prescott")
    let kernel = choose(library, processor: level)
    #expect(kernel == MatrixKernel(name: name, origin: .processor, notice: nil))
    #expect(library.tried == [name])
  }

  @Test(
    "what OpenBLAS chose stays where it is as wide",
    arguments: [
      (VectorLevel.avx512, "Cooperlake"), (.avx2, "Zen"), (.avx, "Bulldozer"), (.baseline, "Core2"),
    ])
  func goodChoice(level: VectorLevel, name: String) {
    let library = Library(name)
    #expect(
      choose(library, processor: level)
        == MatrixKernel(name: name, origin: .openBLAS, notice: nil))
    #expect(library.taken.isEmpty && library.tried == [name])
  }

  @Test("the environment's choice stays, and is told where it lags") func environment() throws {
    let library = Library("Haswell")
    let kernel = choose(library, processor: .avx512, environment: "haswell")
    #expect(kernel.name == "Haswell" && kernel.origin == .environment)
    #expect(library.taken.isEmpty)
    let notice = try #require(kernel.notice)
    #expect(notice.contains("AVX-512") && notice.contains("unset it"))
    let best = choose(Library("SkylakeX"), processor: .avx512, environment: "SkylakeX")
    #expect(best == MatrixKernel(name: "SkylakeX", origin: .environment, notice: nil))
  }

  @Test("an empty or unknown name in the environment is none", arguments: ["", "Foo"])
  func emptyEnvironment(value: String) {
    // Given an empty name, OpenBLAS 0.3.21 takes Cooperlake on any processor.
    let kernel = choose(Library("Cooperlake"), processor: .avx2, environment: value)
    #expect(kernel == MatrixKernel(name: "Haswell", origin: .processor, notice: nil))
    let same = choose(Library("Cooperlake"), processor: .avx512, environment: value)
    #expect(same.name == "SkylakeX")
  }

  @Test("kernels that fail give way to the next lower ones") func faulty() throws {
    let library = Library("Prescott", faults: ["SkylakeX": "crash (signal 4)"])
    let kernel = choose(library, processor: .avx512)
    #expect(kernel.name == "Haswell" && kernel.origin == .processor)
    #expect(library.tried == ["SkylakeX", "Haswell"])
    let notice = try #require(kernel.notice)
    #expect(notice.hasPrefix("OpenBLAS's SkylakeX kernels crash (signal 4) on this processor; "))
    #expect(notice.contains("Haswell kernels are used instead"))
  }

  @Test("OpenBLAS's own choice and the environment's are tried, too") func ownChoiceIsTried() {
    let own = Library("SkylakeX", faults: ["SkylakeX": "give wrong products"])
    #expect(choose(own, processor: .avx512).name == "Haswell")
    let named = Library("Haswell", faults: ["Haswell": "give wrong products"])
    let kernel = choose(named, processor: .avx512, environment: "Haswell")
    #expect(kernel.name == "Sandybridge" && kernel.origin == .processor)
    #expect(kernel.notice?.contains("OPENBLAS_CORETYPE") == false)
  }

  @Test("without kernels that work, a plain loop") func noneWorks() {
    let all = ["SkylakeX", "Haswell", "Sandybridge", "Prescott"]
    let library = Library(
      "Prescott", faults: Dictionary(uniqueKeysWithValues: all.map { ($0, "give wrong products") }))
    let kernel = choose(library, processor: .avx512)
    #expect(kernel.name == MatrixKernel.none && library.tried == all)
    #expect(kernel.notice?.contains("plain loop") == true)
  }

  @Test("a build for one processor stays as it is, and says so") func fixedBuild() throws {
    let library = Library("Prescott", has: [], canChange: false)
    let kernel = choose(library, processor: .avx512)
    #expect(kernel.name == "Prescott" && kernel.origin == .openBLAS && library.taken.isEmpty)
    #expect(try #require(kernel.notice).contains("OPENBLAS_CORETYPE=SkylakeX"))
  }

  @Test("an old build without the widest kernels gets the next") func oldBuild() throws {
    let kernel = choose(Library("Prescott", has: ["Haswell", "Prescott"]), processor: .avx512)
    #expect(kernel.name == "Haswell")
    #expect(try #require(kernel.notice).contains("install a newer one"))
  }

  @Test("the kernels of this process pass their trial") func thisProcess() {
    #expect(KernelTrial.fault() == nil)
    #expect(Perceptron.matrixKernel.name != MatrixKernel.none)
    #expect(Perceptron.matrixLibrary.hasSuffix("\(Perceptron.matrixKernel.name) kernels"))
    #expect(Perceptron.matrixLibrary.hasPrefix("OpenBLAS "))
  }
}
