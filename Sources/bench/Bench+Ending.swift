import ArgumentParser

extension Bench {
  /// Ends the process with the sentence and code of `error`; help and usage are the parser's.
  static func end(_ error: any Error) -> Never {
    if error is StandardOutput.ReaderGone { Failure.end(.done) }
    let parserCode = exitCode(for: error)
    if let code = error as? ExitCode { Failure.end(code.rawValue) }
    if parserCode == .success {
      do {
        try StandardOutput.print(fullMessage(for: error))
        Failure.end(.done)
      } catch {
        end(error)
      }
    }
    if parserCode == .validationFailure {
      let text = fullMessage(for: error)
      let body = text.hasPrefix("Error: ") ? String(text.dropFirst(7)) : text
      StandardError.write("bench: error: \(TerminalText.shown(body))\n")
      Failure.end(.usage)
    }
    let failure = Failure(error)
    StandardError.write("bench: error: \(TerminalText.line(failure.description))\n")
    Failure.end(failure.status)
  }
}
