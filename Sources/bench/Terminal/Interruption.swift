import Foundation
import Synchronization
import Tabular

/// What ends the work from outside: Ctrl-C, SIGTERM, a closed terminal.
///
/// An interrupt (Ctrl-C) ends at the next round what has something to keep, and at once what has
/// not; a second one always ends at once. SIGTERM, SIGHUP and SIGQUIT end at once. Files that are
/// half written, and folders that were made for output and are empty, are removed.
enum Interruption {
  private static let requested = Atomic(false)
  private static let keepsSomething = Atomic(false)

  /// Takes the signals over from their default, which leaves half-written files behind.
  static func watch() {
    // All of it exists before a handler can touch it: a handler may not run an initializer.
    requested.store(false, ordering: .relaxed)
    keepsSomething.store(false, ordering: .relaxed)
    PartialFiles.prepare()
    LastWords.prepare()
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
      sigaddset(&signals, number)
      let old = signal(number, handler)
      // Whoever used `nohup` wants the work to outlive the terminal.
      if number == SIGHUP, isIgnored(old) { signal(number, SIG_IGN) }
    }
    // Whoever started this process may have left them blocked.
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Whether the user asked to stop.
  static var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// From now on an interrupt is worth waiting for: a round or a trial is finished.
  static func keepWhatIsFinished() {
    if !keepsSomething.load(ordering: .relaxed) { keepsSomething.store(true, ordering: .relaxed) }
  }

  private static func isIgnored(_ handler: (@convention(c) (Int32) -> Void)?) -> Bool {
    unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Only calls that POSIX allows in a handler.
  private static let handler: @convention(c) (Int32) -> Void = { number in
    if number == SIGINT, Interruption.keepsSomething.load(ordering: .relaxed),
      !Interruption.requested.exchange(true, ordering: .relaxed)
    {
      return
    }
    if number == SIGINT { LastWords.write("bench: interrupted\n") }
    LastWords.end(128 + number)
  }
}
