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
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        if Interruption.flag.exchange(true, ordering: .relaxed) { _exit(128 + number) }
      }
    }
  }

  /// Whether the user asked to stop.
  static var isRequested: Bool { flag.load(ordering: .relaxed) }
}
