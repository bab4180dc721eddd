/// Every exit code of `bench`: the one list that messages, help and documentation are made from.
///
/// Where a code of `sysexits.h` fits, it is that one.
enum ExitStatus: Int32, CaseIterable {
  case done = 0
  case someTrialsFailed = 2
  case usage = 64
  case badData = 65
  case missingInput = 66
  case fault = 70
  case noMemory = 71
  case cannotCreate = 73
  case inputOutput = 74
  case hungUp = 129
  case interrupted = 130
  case quit = 131
  case terminated = 143

  /// What it means, for help and documentation.
  var meaning: String {
    switch self {
    case .done: "done; also where a reader of the output went away before its end"
    case .someTrialsFailed: "some trials failed, everything else is written"
    case .usage: "wrong usage"
    case .badData: "unusable data, model or objective"
    case .missingInput: "an input is missing or may not be read"
    case .fault: "a fault of bench itself"
    case .noMemory: "not enough memory"
    case .cannotCreate: "an output cannot be created"
    case .inputOutput: "reading or writing failed"
    case .hungUp: "the terminal was closed; finished trials are kept"
    case .interrupted: "interrupted by Ctrl-C, what was finished is kept"
    case .quit: "ended by SIGQUIT; finished trials are kept"
    case .terminated: "ended by SIGTERM; finished trials are kept"
    }
  }

  /// All codes in one sentence.
  static var summary: String {
    allCases.map { "\($0.rawValue) \($0.meaning)" }.joined(separator: ", ") + "."
  }
}
