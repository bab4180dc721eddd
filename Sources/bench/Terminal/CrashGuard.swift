import Foundation
import HDF5
import Synchronization
import Tabular

/// Keeps a file that makes libhdf5 itself crash, or never return, from ending the process with a
/// signal or hanging it, and says so where memory ends.
///
/// libhdf5 is known to follow wild pointers, divide by zero, abort or loop on files made to harm it,
/// below anything that Swift could check. While a file is read, the signals of a crash and of too
/// much processor time are caught: one sentence is written and the process ends with exit code 65.
/// Outside that time a crash keeps its usual effect, unless memory was short. Files are read on one
/// thread before others work, so that a crash while reading is the file's.
enum CrashGuard {
  /// The signals of a crash. Swift ends with one of them where memory cannot be had.
  private static let crashes = [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT]

  /// Seconds of processor time that no honest file of so many bytes needs: each byte may become a
  /// thousand when decompressed, and a slow machine decompresses 100 MB in a second.
  static func seconds(toRead bytes: Int) -> Int { 10 + bytes / 100_000 }

  /// The addresses of the sentences to be written, C strings; 0 for none. A handler may not allocate.
  private static let crashSentence = Atomic<UInt>(0)
  private static let loopSentence = Atomic<UInt>(0)
  private static let memorySentence = Atomic<UInt>(0)
  /// Bytes that a crash for want of memory would not find.
  private static let memoryTrial = Atomic<Int>(64 << 20)
  /// A stack of its own for the handler: deep recursion leaves none on the thread's.
  private static let stackBytes = 64 << 10

  /// From now on a crash for want of memory is a sentence and an exit code.
  static func watchMemory() {
    expectMemory(
      64 << 20, sentence: "not enough memory; use fewer rows or columns, or raise the limit")
    install(crashes, { number in CrashGuard.end(number) })
  }

  /// Looks whether there is memory for what comes next, and has a crash for want of it say how much
  /// that is.
  ///
  /// - Parameters:
  ///   - bytes: what the work takes at least, beyond what the process has.
  ///   - purpose: what it is for.
  /// - Throws: `MemoryShortage`.
  static func requireMemory(_ bytes: Int, for purpose: String) throws {
    try Memory.require(bytes, for: purpose)
    expectMemory(
      max(64 << 20, bytes / 4),
      sentence: "not enough memory: \(purpose) needs more than \(MemoryShortage.text(bytes)); "
        + "use fewer rows or columns, or raise the limit (ulimit -v)")
  }

  private static func expectMemory(_ trial: Int, sentence: String) {
    let text = strdup("bench: error: \(TerminalText.shown(sentence))\n")
    memoryTrial.store(trial, ordering: .sequentiallyConsistent)
    // The one before is never freed: a handler may be reading it.
    memorySentence.store(UInt(bitPattern: text), ordering: .sequentiallyConsistent)
  }

  /// Runs `body`, which reads the file at `path`.
  ///
  /// If the process crashes meanwhile or takes longer than ``seconds(toRead:)``, it ends with exit
  /// code 65 and one sentence, and the empty folders that were made for output go.
  static func reading<Result>(_ path: String, _ body: () throws -> Result) rethrows -> Result {
    let advice = "so it is damaged or made to do harm; copy or make it again\n"
    let shown = TerminalText.shown(path)
    guard let crash = strdup("bench: error: \(shown): reading this file crashed, \(advice)"),
      let loop = strdup("bench: error: \(shown): reading this file does not end, \(advice)")
    else { return try body() }
    let stack = UnsafeMutableRawPointer.allocate(byteCount: stackBytes, alignment: 16)
    defer { stack.deallocate() }
    var alternative = stack_t()
    alternative.ss_sp = stack
    alternative.ss_size = stackBytes
    var before = stack_t()
    sigaltstack(&alternative, &before)
    defer { sigaltstack(&before, nil) }

    crashSentence.store(UInt(bitPattern: crash), ordering: .sequentiallyConsistent)
    loopSentence.store(UInt(bitPattern: loop), ordering: .sequentiallyConsistent)
    let signals = crashes + [SIGPROF]
    let old = install(signals, { number in CrashGuard.end(number) })
    var status = stat()
    let bytes = stat(path, &status) == 0 ? Int(status.st_size) : 0
    setTimer(seconds: seconds(toRead: bytes))
    MemoryBound.turn(on: true)
    defer {
      MemoryBound.turn(on: false)
      setTimer(seconds: 0)
      for (number, var action) in zip(signals, old) { sigaction(number, &action, nil) }
      crashSentence.store(0, ordering: .sequentiallyConsistent)
      loopSentence.store(0, ordering: .sequentiallyConsistent)
      free(crash)
      free(loop)
    }
    return try body()
  }

  /// Has `handler` called for `signals`; returns what was called before.
  @discardableResult
  private static func install(
    _ signals: [Int32], _ handler: @escaping @convention(c) (Int32) -> Void
  ) -> [sigaction] {
    // Set up before a handler may look at it.
    _ = crashSentence.load(ordering: .sequentiallyConsistent)
    _ = loopSentence.load(ordering: .sequentiallyConsistent)
    LastWords.prepare()
    PartialFiles.prepare()
    var action = sigaction()
    action.sa_flags = Int32(SA_ONSTACK)
    #if os(Linux)
      action.__sigaction_handler.sa_handler = handler
    #else
      action.__sigaction_u.__sa_handler = handler
    #endif
    var old = signals.map { _ in sigaction() }
    for (place, number) in signals.enumerated() { sigaction(number, &action, &old[place]) }
    return old
  }

  /// Sends SIGPROF after so many seconds of processor time; 0 for never.
  private static func setTimer(seconds: Int) {
    var timer = itimerval()
    timer.it_value.tv_sec = time_t(seconds)
    #if os(Linux)
      setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &timer, nil)
    #else
      setitimer(ITIMER_PROF, &timer, nil)
    #endif
  }

  /// The end by a crash or a loop. Only calls that POSIX allows in a handler, and `mmap`, which is
  /// nothing but a call of the system.
  private static func end(_ number: Int32) -> Never {
    if number == SIGPROF {
      write(loopSentence)
      LastWords.end(ExitStatus.badData.rawValue)
    }
    if isMemoryShort() {
      write(memorySentence)
      LastWords.end(ExitStatus.noMemory.rawValue)
    }
    if crashSentence.load(ordering: .sequentiallyConsistent) != 0 {
      write(crashSentence)
      LastWords.end(ExitStatus.badData.rawValue)
    }
    // A fault of this program: what it was doing may be of use to whoever mends it.
    PartialFiles.removeAll()
    signal(number, SIG_DFL)
    raise(number)
    // The signal waits until the handler returns, and the fault then happens again.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, number)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    LastWords.end(ExitStatus.fault.rawValue)
  }

  private static func isMemoryShort() -> Bool {
    let bytes = memoryTrial.load(ordering: .sequentiallyConsistent)
    let trial = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    if trial == MAP_FAILED { return true }
    munmap(trial, bytes)
    return false
  }

  private static func write(_ sentence: borrowing Atomic<UInt>) {
    // Safe because: the address is 0 or of memory that is whole while it is stored.
    if let text = UnsafePointer<CChar>(
      bitPattern: sentence.load(ordering: .sequentiallyConsistent))
    {
      _ = Foundation.write(STDERR_FILENO, text, strlen(text))
    }
  }
}
