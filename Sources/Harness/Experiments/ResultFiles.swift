extension ExperimentResult {
  /// The files that ``write(to:name:)`` may write, by path within the folder.
  public static func paths(name: String) -> [String] {
    ["\(name)-predictions.h5", "\(name).json"]
  }

  /// Writes `NAME.json` and, if any trial finished, `NAME-predictions.h5` into `folder`, which must
  /// exist. Each file is replaced whole or not at all; the record is written last.
  ///
  /// - Returns: the record as written, which names the predictions file.
  /// - Throws: what `Tabular.replaceFile` and the HDF5 writer throw.
  @discardableResult
  public func write(to folder: String, name: String) throws -> ResultRecord {
    var record = record
    if !predictions.trials.isEmpty {
      record.predictionsFile = "\(name)-predictions.h5"
      try predictions.write(to: "\(folder)/\(name)-predictions.h5")
    }
    try record.write(to: "\(folder)/\(name).json")
    return record
  }
}
