import Dispatch
import Foundation
import Synchronization

/// Notices Ctrl-C, so that work ends at the next round with what is finished kept.
///
/// The first interrupt sets a flag; a second one ends the process at once.
final class Interruption: Sendable {
  private let flag = Atomic(false)

  /// Begins to watch. One per process.
  static let shared = Interruption()

  private init() {}

  /// Takes over the interrupt signal from its default, which ends the process.
  func watch() {
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [self] in
        if flag.exchange(true, ordering: .relaxed) { _exit(128 + number) }
      }
      source.resume()
      sources.withLock { $0.append(source) }
    }
  }

  /// Whether the user asked to stop.
  var isRequested: Bool { flag.load(ordering: .relaxed) }

  private let sources = Mutex<[any DispatchSourceSignal]>([])
}
