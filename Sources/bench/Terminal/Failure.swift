import ArgumentParser
import Foundation
import HDF5
import Harness
import Learning
import Losses
import Tabular

/// Why a command ends without its result: one sentence and an exit code.
struct Failure: Error, CustomStringConvertible {
  typealias Status = ExitStatus

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
    case let error as FileReplacementError:
      self.init(error.stage == .place ? .cannotCreate : .inputOutput, "\(error)")
    case let error as MemoryShortage: self.init(.noMemory, "\(error)")
    case let error as HDF5Error where Self.isShortOfMemory(error):
      self.init(
        .noMemory,
        "not enough memory to read '\(error.file)'; use fewer rows or columns, or raise the limit "
          + "(ulimit -v)")
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
    case .cancelled: .interrupted
    case .noRows, .noTarget, .missingRowData, .invalidRow, .nonFiniteDerivative, .unsoundObjective,
      .columnMismatch,
      .invalidModelFile, .objectiveMismatch:
      .badData
    }
  }

  private static func status(of error: HDF5Error) -> Status {
    switch error.code {
    case .missingFile: .missingInput
    case .unreadableFile: .missingInput
    case .notHDF5, .damaged, .missingDataset, .refused, .wrongShape, .wrongType, .invalidValue:
      .badData
    case .outOfMemory: .noMemory
    case .cannotWrite: .inputOutput
    }
  }

  /// Whether libhdf5 gave up because it got no memory, which it reports like damage. A file that
  /// asks for many times its size is damaged all the same.
  private static func isShortOfMemory(_ error: HDF5Error) -> Bool {
    guard let available = Memory.available() else { return false }
    // libhdf5 does not always say that it was memory that failed; with so little left it was.
    if error.code == .damaged, available < 256 << 20 { return true }
    var status = stat()
    guard let message = error.libraryMessage?.lowercased(), stat(error.file, &status) == 0,
      available < 4 * Int(status.st_size)
    else { return false }
    return message.contains("memory allocation failed") || message.contains("can't allocate")
      || message.contains("unable to allocate")
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
    case .fileReadUnsupportedScheme:
      let reason = error.userInfo[NSLocalizedDescriptionKey] as? String
      self.init(.missingInput, "'\(path)': \(reason ?? "it cannot be read")")
    default: self.init(.inputOutput, "'\(path)': \(error.localizedDescription)")
    }
  }

  /// Ends the process with nothing left to do. What libraries would do at its end can crash after a
  /// damaged file, and wait for ever where they got no memory for their threads.
  static func end(_ status: Status) -> Never { end(status.rawValue) }

  static func end(_ code: Int32) -> Never {
    fflush(nil)
    _exit(code)
  }
}
