import Foundation
import MLP
import Synchronization

/// Shows on standard error how far work is: a bar on a terminal, a line every few seconds
/// elsewhere, nothing when told to be quiet.
final class ProgressDisplay: Sendable {
  private let isQuiet: Bool
  private let isTerminal: Bool
  private let state: Mutex<State>

  private struct State {
    var lastShown: Double
    var barIsOpen = false
  }

  init(quiet: Bool) {
    isQuiet = quiet
    isTerminal = isatty(STDERR_FILENO) == 1
    // A bar appears at once, a line only where work takes its time.
    let now = ProcessInfo.processInfo.systemUptime
    state = Mutex(State(lastShown: isTerminal ? -.infinity : now))
  }

  /// Seconds between two updates: a terminal may flicker, a log should stay short.
  private var interval: Double { isTerminal ? 0.1 : 5 }

  /// Shows that `fraction` (0 to 1) of the work called `label` is done.
  func update(_ label: String, fraction: Double, detail: String = "") {
    guard !isQuiet else { return }
    state.withLock { state in
      let now = ProcessInfo.processInfo.systemUptime
      guard now - state.lastShown >= interval else { return }
      state.lastShown = now
      if isTerminal {
        let bar = Self.bar(label, fraction: fraction, detail: detail)
        write("\r\(TerminalText.line(bar))\u{1B}[K")
        state.barIsOpen = true
      } else {
        let percent = Int((100 * min(max(fraction, 0), 1)).rounded())
        let line = "\(label): \(percent) %\(detail.isEmpty ? "" : ", \(detail)")"
        write(TerminalText.line(line) + "\n")
      }
    }
  }

  /// Writes a line that stays, such as the end of a step.
  func note(_ text: String) {
    guard !isQuiet else { return }
    state.withLock { state in
      closeBar(&state)
      write(TerminalText.line(text) + "\n")
    }
  }

  /// Says it where matrices could be multiplied by better kernels than those that run.
  func noteKernels() {
    if let notice = Perceptron.matrixKernel.notice { note("note: \(notice)") }
  }

  /// Removes the bar, before results are printed.
  func finish() {
    state.withLock { closeBar(&$0) }
  }

  private func closeBar(_ state: inout State) {
    if state.barIsOpen { write("\r\u{1B}[K") }
    state.barIsOpen = false
  }

  private func write(_ text: String) { StandardError.write(text) }

  /// A line such as `trees sne  [#########-----------]  45 %  loss 0.0123`.
  static func bar(_ label: String, fraction: Double, detail: String) -> String {
    let width = 24
    let share = min(max(fraction, 0), 1)
    let filled = Int((Double(width) * share).rounded(.down))
    let bar =
      String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled)
    let percent = String(Int((100 * share).rounded(.down)))
    let padded = String(repeating: " ", count: 3 - percent.count) + percent
    return "\(label)  [\(bar)]  \(padded) %\(detail.isEmpty ? "" : "  \(detail)")"
  }
}
