import Foundation
import HDF5

/// Looks at a file in a process of its own before `bench` itself opens it.
///
/// libhdf5 is known to crash on files that are damaged or made to do harm, sometimes long after the
/// harm is done: when it closes them, or at the end of the process. Whatever happens then happens to
/// the other process, and the file is refused in a sentence. ``CrashGuard`` is for what the look did
/// not come across, such as the later rows of large datasets.
enum FileProbe {
  private static let option = "--look-at-file"
  /// Values are looked at in datasets up to so many bytes, and so many of all together.
  private static let largestDataset = 8 << 20
  private static let mostBytes = 64 << 20

  /// How the look went.
  enum Outcome: Equatable {
    /// Nothing happened that would keep `bench` from reading the file, or no look was possible.
    case harmless
    case crashed
    case endless
  }

  /// Ends the process after a look if that is what it was started for.
  static func serveIfAsked(_ arguments: [String]) {
    guard arguments.count == 3, arguments[1] == option else { return }
    var none = rlimit()
    setrlimit(resource(RLIMIT_CORE), &none)
    // A crash for want of memory is an exit, any other and too much time a signal, which is what
    // whoever waits looks for.
    CrashGuard.watchMemory()
    let seconds = rlim_t(CrashGuard.seconds(toRead: size(of: arguments[2])))
    var time = rlimit(rlim_cur: seconds, rlim_max: seconds + 5)
    setrlimit(resource(RLIMIT_CPU), &time)
    MemoryBound.turn(on: true)
    look(at: arguments[2])
    File.closeLibrary()
    _exit(ExitStatus.done.rawValue)
  }

  /// Looks at the file at `path` in another process and waits for it. About 20 ms for most files.
  static func look(from executable: String, atFile path: String) -> Outcome {
    // The end of the process closes its end of the pipe.
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return .harmless }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    guard let process = start(executable, path, holding: ends[1]) else {
      close(ends[1])
      return .harmless
    }
    close(ends[1])
    // The process itself ends when its processor time is over; this is for one that waits.
    let isOver = wait(for: ends[0], seconds: 30 + 2 * CrashGuard.seconds(toRead: size(of: path)))
    if !isOver { kill(process, SIGKILL) }
    var ending: Int32 = 0
    while waitpid(process, &ending, 0) == -1, errno == EINTR {}
    if !isOver { return .endless }
    let signal = ending & 0x7f
    // The system ends processes for want of memory, and users for reasons of their own.
    if [0, SIGKILL, SIGINT, SIGTERM, SIGHUP, SIGQUIT].contains(signal) { return .harmless }
    return signal == SIGXCPU ? .endless : .crashed
  }

  private static func start(_ executable: String, _ path: String, holding end: Int32) -> pid_t? {
    #if os(Linux)
      var actions = posix_spawn_file_actions_t()
    #else
      var actions: posix_spawn_file_actions_t?
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0)
    }
    // A number that is kept when the program begins.
    posix_spawn_file_actions_adddup2(&actions, end, 3)
    let texts: [String] = [executable, option, path]
    var words: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    var process: pid_t = 0
    guard posix_spawn(&process, executable, &actions, nil, words, environment) == 0 else {
      return nil
    }
    return process
  }

  /// Whether the other end of a pipe was closed in time.
  private static func wait(for end: Int32, seconds: Int) -> Bool {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      let left = Int((deadline - .now) / .milliseconds(1))
      guard left > 0 else { return false }
      var waiting = pollfd(fd: end, events: Int16(POLLIN), revents: 0)
      let found = poll(&waiting, 1, Int32(clamping: left))
      if found > 0 || (found < 0 && errno != EINTR) { return true }
    }
  }

  private static func size(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Everything that `bench` might do with the file.
  private static func look(at path: String) {
    guard let file = try? File(readingFrom: path), let contents = try? file.contents() else {
      return
    }
    var rest = mostBytes
    for item in contents.items where item.isReadable {
      guard let dataset = try? file.dataset(item.path) else { continue }
      let count = dataset.shape.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
      guard count >= 0, count < largestDataset / 8, 8 * count <= rest else { continue }
      rest -= 8 * count
      if case .text = dataset.type {
        _ = try? dataset.texts()
      } else {
        _ = try? dataset.doubles()
        _ = try? dataset.integers()
      }
    }
  }

  private static var environment: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
    #if os(Linux)
      environ
    #else
      _NSGetEnviron().pointee
    #endif
  }

  #if os(Linux)
    private static func resource(_ limit: __rlimit_resource) -> __rlimit_resource_t {
      __rlimit_resource_t(limit.rawValue)
    }
  #else
    private static func resource(_ limit: Int32) -> Int32 { limit }
  #endif
}
