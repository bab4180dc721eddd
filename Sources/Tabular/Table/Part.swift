extension Table {
  /// The part of the data a row was assigned to.
  public enum Part: UInt8, Sendable, Codable, CaseIterable {
    case train = 0
    case test = 1
    case validation = 2

    /// The part that people mean by `name`, whatever its case: `train`, `training`; `test`,
    /// `testing`, `holdout`; `validation`, `valid`, `val`, `dev`, `development`; or 0, 1, 2.
    /// Nil for any other.
    public init?(named name: String) {
      let word = name.lowercased().filter { !$0.isWhitespace }
      switch word {
      case "train", "training", "trn", "0": self = .train
      case "test", "testing", "tst", "holdout", "1": self = .test
      case "validation", "validate", "valid", "val", "dev", "development", "2":
        self = .validation
      default: return nil
      }
    }
  }
}
