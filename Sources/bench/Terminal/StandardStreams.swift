import Foundation

/// The standard streams, written at once and without buffering between them.
///
/// They belong to whoever started `bench`, who may close them, point them at a full disk or stop
/// reading at any time. None of that may end the work.
enum StandardStreams {
  /// Opens the null device in place of each standard stream that is closed.
  ///
  /// The next file that is opened would otherwise get its number, and what is meant for a terminal
  /// would be written into it.
  static func openClosed() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) == -1 {
      // The lowest free number is the one just found closed.
      _ = open("/dev/null", O_RDWR)
    }
  }

  /// Writes all of `text`, or as much as goes.
  ///
  /// - Returns: 0, or the number of the error that ended it.
  static func write(_ text: String, to descriptor: Int32) -> Int32 {
    var text = text
    return text.withUTF8 { bytes in
      guard let start = bytes.baseAddress else { return 0 }
      var done = 0
      while done < bytes.count {
        // Safe because: the bytes live as long as the closure, and `done` counts some of them.
        let written = Foundation.write(descriptor, start + done, bytes.count - done)
        if written > 0 {
          done += written
          continue
        }
        let number = errno
        if written < 0, number == EINTR { continue }
        guard written < 0, number == EAGAIN else { return written < 0 ? number : EIO }
        // Another program made the stream one that does not wait.
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard poll(&waiting, 1, 10_000) > 0 else { return number }
      }
      return 0
    }
  }
}

/// Messages for people. Nothing depends on their being read: what cannot be written is dropped.
enum StandardError {
  static func write(_ text: String) {
    _ = StandardStreams.write(text, to: STDERR_FILENO)
  }
}

/// Results for people and programs.
enum StandardOutput {
  /// A reader that went away, as in `bench objectives | head`: an end, not a failure.
  struct ReaderGone: Error {}

  /// Writes `text`, for people or as JSON, and a line end: the result itself.
  ///
  /// - Throws: ``ReaderGone``; ``Failure`` if the stream cannot be written, as on a full disk.
  static func print(_ text: String) throws { try printData(TerminalText.shown(text)) }

  /// Writes `text`, whose every character counts, and a line end.
  static func printData(_ text: String) throws {
    switch StandardStreams.write(text + "\n", to: STDOUT_FILENO) {
    case 0: break
    case EPIPE: throw ReaderGone()
    case let number:
      throw Failure(
        .inputOutput, "standard output cannot be written: \(String(cString: strerror(number)))")
    }
  }

  /// Writes `text` and a line end: an account of results that are safe in `files`. Where the stream
  /// is lost, they are not.
  static func tell(_ text: String, of files: String) {
    let number = StandardStreams.write(TerminalText.shown(text) + "\n", to: STDOUT_FILENO)
    guard number != 0, number != EPIPE else { return }
    StandardError.write(
      "bench: note: standard output cannot be written (\(String(cString: strerror(number)))); the "
        + "results are in \(files)\n")
  }
}
