import Foundation
import HDF5
import Synchronization

/// Keeps a file that makes libhdf5 itself crash, or never return, from ending the process with a
/// signal or hanging it.
///
/// libhdf5 is known to follow wild pointers, divide by zero, abort or loop on files made to harm it,
/// below anything that Swift could check. While a file is read, the signals of a crash and of too
/// much processor time are caught: one sentence is written and the process ends with exit code 65.
/// Outside that time they keep their usual effect. Files are read on one thread before others work,
/// so that a crash while reading is the file's.
enum CrashGuard {
  /// The signals of a crash, and the one of too much processor time.
  private static let signals = [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGPROF]

  /// Seconds of processor time that no honest file of so many bytes needs: each byte may become a
  /// thousand when decompressed, and a slow machine decompresses 100 MB in a second.
  static func seconds(toRead bytes: Int) -> Int { 10 + bytes / 100_000 }

  /// The addresses of the sentences to be written, C strings; 0 for none. A handler may not allocate.
  private static let crashSentence = Atomic<UInt>(0)
  private static let loopSentence = Atomic<UInt>(0)
  /// The address of the C strings that name the folders to remove if they are empty, the innermost
  /// first, nil after the last; never freed. 0 for none.
  private static let folders = Atomic<UInt>(0)
  /// A stack of its own for the handler: deep recursion leaves none on the thread's.
  private static let stackBytes = 64 << 10

  /// Runs `body`, which reads the file at `path`.
  ///
  /// If the process crashes meanwhile or takes longer than ``seconds(toRead:)``, it ends with exit
  /// code 65 and one sentence, and the empty folders that were made for output go.
  static func reading<Result>(_ path: String, _ body: () throws -> Result) rethrows -> Result {
    let advice = "so it is damaged or made to do harm; copy or make it again\n"
    guard let crash = strdup("bench: error: \(path): reading this file crashed, \(advice)"),
      let loop = strdup("bench: error: \(path): reading this file does not end, \(advice)")
    else { return try body() }
    // Set up before a handler may look at it.
    _ = folders.load(ordering: .sequentiallyConsistent)
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
    var action = sigaction()
    action.sa_flags = Int32(SA_ONSTACK)
    #if os(Linux)
      action.__sigaction_handler.sa_handler = handler
    #else
      action.__sigaction_u.__sa_handler = handler
    #endif
    var old = signals.map { _ in sigaction() }
    for (place, number) in signals.enumerated() { sigaction(number, &action, &old[place]) }
    var status = stat()
    let bytes = stat(path, &status) == 0 ? Int(status.st_size) : 0
    setTimer(seconds: seconds(toRead: bytes))
    MemoryBound.turn(on: true)
    defer {
      MemoryBound.turn(on: false)
      setTimer(seconds: 0)
      for (place, number) in signals.enumerated() { sigaction(number, &old[place], nil) }
      crashSentence.store(0, ordering: .sequentiallyConsistent)
      loopSentence.store(0, ordering: .sequentiallyConsistent)
      free(crash)
      free(loop)
    }
    return try body()
  }

  /// Says which folders, the innermost first, have no use if a crash leaves them empty.
  static func removeIfEmptyAfterACrash(_ paths: [String]) {
    let names = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
      capacity: paths.count + 1)
    for (place, path) in paths.enumerated() { (names + place).initialize(to: strdup(path)) }
    (names + paths.count).initialize(to: nil)
    folders.store(UInt(bitPattern: names), ordering: .sequentiallyConsistent)
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

  /// Only calls that POSIX allows in a handler: atomic loads, `write`, `rmdir`, `_exit`.
  private static let handler: @convention(c) (Int32) -> Void = { number in
    // Safe because: addresses are 0 or of memory that is whole while they are stored.
    let sentence =
      number == SIGPROF
      ? CrashGuard.loopSentence.load(ordering: .sequentiallyConsistent)
      : CrashGuard.crashSentence.load(ordering: .sequentiallyConsistent)
    if let text = UnsafePointer<CChar>(bitPattern: sentence) {
      _ = write(STDERR_FILENO, text, strlen(text))
    }
    let folders = CrashGuard.folders.load(ordering: .sequentiallyConsistent)
    if var name = UnsafePointer<UnsafePointer<CChar>?>(bitPattern: folders) {
      while let folder = name.pointee {
        rmdir(folder)
        name += 1
      }
    }
    _exit(Failure.Status.badData.rawValue)
  }
}
