import Foundation
import Synchronization

/// Notices Ctrl-C, so that work ends at the next round with what is finished kept.
///
/// The first interrupt sets a flag; a second one ends the process at once.
enum Interruption {
  private static let flag = Atomic(false)

  /// Takes over the interrupt and termination signals from their default, which ends the process.
  static func watch() {
    // The flag exists before a handler can touch it: a handler may not run an initialiser.
    flag.store(false, ordering: .relaxed)
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] {
      sigaddset(&signals, number)
      signal(number) { number in
        if Interruption.flag.exchange(true, ordering: .relaxed) { _exit(128 + number) }
      }
    }
    // Whoever started this process may have left them blocked.
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Whether the user asked to stop.
  static var isRequested: Bool { flag.load(ordering: .relaxed) }
}
