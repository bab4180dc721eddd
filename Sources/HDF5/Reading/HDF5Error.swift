/// Why a file or one of its datasets cannot be used, as one sentence with a remedy.
public struct HDF5Error: Error, Sendable, CustomStringConvertible {
  /// The kind of failure.
  public enum Code: Sendable, Hashable {
    /// There is no such file.
    case missingFile
    /// The file cannot be opened: a folder, no permission, a device.
    case unreadableFile
    /// The file is not HDF5.
    case notHDF5
    /// The file's structure is broken or cut short.
    case damaged
    /// The file has no such dataset, field or attribute.
    case missingDataset
    /// The file asks for something that is refused for safety.
    case refused
    /// The rank, row count or size does not fit.
    case wrongShape
    /// The values are of a type that does not fit.
    case wrongType
    /// There is not enough memory to read it.
    case outOfMemory
    /// A value does not fit.
    case invalidValue
    /// The file cannot be written.
    case cannotWrite
  }

  /// The kind of failure.
  public let code: Code
  /// The file, as it was named.
  public let file: String
  /// The dataset concerned, if it is one.
  public let dataset: String?
  /// What is wrong and what to do.
  public let reason: String
  /// What the HDF5 library itself said, if it was asked.
  public let libraryMessage: String?

  /// An error with its sentence.
  public init(
    _ code: Code, file: String, dataset: String? = nil, _ reason: String,
    libraryMessage: String? = nil
  ) {
    self.code = code
    self.file = file
    self.dataset = dataset
    self.reason = reason
    self.libraryMessage = libraryMessage
  }

  public var description: String {
    let place = dataset.map { "\(file): dataset '\($0)'" } ?? file
    let message = libraryMessage.map { " (HDF5: \($0))" } ?? ""
    return "\(place): \(reason)\(message)"
  }
}
