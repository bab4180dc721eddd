import ArgumentParser
import Foundation
import HDF5
import Harness
import Learning
import Losses
import Tabular

/// Why a command ends without its result: one sentence and an exit code of `sysexits.h`.
struct Failure: Error, CustomStringConvertible {
  /// The kinds of failure the command tells apart.
  enum Status: Int32 {
    case usage = 64
    case badData = 65
    case missingInput = 66
    case fault = 70
    case cannotCreate = 73
    case inputOutput = 74
  }

  let status: Status
  let description: String

  init(_ status: Status, _ sentence: String) {
    self.status = status
    description = sentence
  }

  /// The failure that an error of a library means to someone at a terminal.
  init(_ error: any Error) {
    switch error {
    case let error as Failure: self = error
    case let error as TabularError: self.init(.badData, "\(error)")
    case let error as ObjectiveError: self.init(.badData, "\(error)")
    case let error as FileReplacementError: self.init(.cannotCreate, "\(error)")
    case let error as HDF5Error: self.init(Self.status(of: error), "\(error)")
    case let error as HarnessError: self.init(.badData, "\(error)")
    case let error as LearningError: self.init(Self.status(of: error), "\(error)")
    case let error as CocoaError: self.init(error)
    default: self.init(.fault, "\(error); this is a fault of bench: please report it")
    }
  }

  private static func status(of error: LearningError) -> Status {
    switch error.code {
    case .invalidOption: .usage
    case .noRows, .noTarget, .missingRowData, .invalidRow, .nonFiniteDerivative, .unsoundObjective,
      .columnMismatch,
      .invalidModelFile, .objectiveMismatch, .cancelled:
      .badData
    }
  }

  private static func status(of error: HDF5Error) -> Status {
    switch error.code {
    case .missingFile: .missingInput
    case .unreadableFile: .missingInput
    case .notHDF5, .damaged, .missingDataset, .refused, .wrongShape, .wrongType, .invalidValue:
      .badData
    case .cannotWrite: .inputOutput
    }
  }

  private init(_ error: CocoaError) {
    let path = error.userInfo[NSFilePathErrorKey] as? String ?? "a file"
    switch error.code {
    case .fileReadNoSuchFile, .fileNoSuchFile:
      self.init(.missingInput, "there is no file '\(path)'; check the path")
    case .fileReadNoPermission:
      self.init(.missingInput, "'\(path)' may not be read; change its permissions")
    case .fileWriteNoPermission, .fileWriteInvalidFileName, .fileWriteVolumeReadOnly,
      .fileWriteFileExists:
      self.init(.cannotCreate, "'\(path)' cannot be created; choose another place with --output")
    default: self.init(.inputOutput, "'\(path)': \(error.localizedDescription)")
    }
  }

  /// Ends the process with the sentence and code of `error`; help and usage are the parser's.
  static func exit(_ error: any Error) -> Never {
    let parserCode = Bench.exitCode(for: error)
    if parserCode == .success || error is ExitCode { Bench.exit(withError: error) }
    if parserCode == .validationFailure {
      let text = Bench.fullMessage(for: error)
      let body = text.hasPrefix("Error: ") ? String(text.dropFirst(7)) : text
      StandardError.write("bench: error: \(body)\n")
      Foundation.exit(Status.usage.rawValue)
    }
    let failure = Failure(error)
    StandardError.write("bench: error: \(failure.description)\n")
    Foundation.exit(failure.status.rawValue)
  }
}
