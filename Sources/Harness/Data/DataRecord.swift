public import Tabular

/// What the model was asked to predict.
public enum Task: String, Sendable, Hashable, Codable {
  /// A number.
  case regression
  /// One of two classes.
  case binary
  /// One of three or more classes.
  case multiclass

  /// The task of a table: regression unless its target is a class.
  public init(_ table: Table) {
    guard let names = table.classNames else {
      self = .regression
      return
    }
    self = names.count <= 2 ? .binary : .multiclass
  }
}

/// The data of an experiment as a record keeps it.
public struct DataRecord: Sendable, Hashable, Codable {
  /// The name under which reports speak of it.
  public var name: String
  /// The file, as it was given; nil for a table made in memory.
  public var path: String?
  /// SHA-256 of the file, in hexadecimal.
  public var sha256: String?
  /// Bytes of the file.
  public var bytes: Int?
  /// The datasets read and other facts worth a line, in order.
  public var facts: [NamedValue]
  /// Regression, binary or multiclass.
  public var task: Task
  /// Rows in all.
  public var rowCount: Int
  /// Rows to train on, without validation rows. Where there are none of those, learners hold out
  /// some of these to choose their number of rounds (``TrialRecord/choice``).
  public var trainRows: Int
  /// Rows to stop early on that the split names.
  public var validationRows: Int
  /// Rows to judge on.
  public var testRows: Int
  /// How training and test rows were told apart, in words.
  public var split: String
  /// Whether test rows are later than training rows and of other groups, as counted; nil in records
  /// of older versions.
  public var splitFacts: SplitFacts?
  /// Where the validation rows come from, in words.
  public var validation: String
  /// Test rows whose features and target are also those of a training row.
  public var repeatedTestRows: Int
  /// Share of feature values that are missing.
  public var missingShare: Double
  /// Names of the features.
  public var featureNames: [String]
  /// Name of the target.
  public var targetName: String
  /// Unit of the target, if known.
  public var targetUnit: String?
  /// Unit of the row data `size`, if known.
  public var sizeUnit: String?
  /// Names of the row data.
  public var rowDataNames: [String]
  /// The column of row weights, which every metric and loss counts by; nil without weights.
  public var weightName: String?
  /// Names of the classes, if the target is one.
  public var classNames: [String]?
  /// Groups in all and in the test part, if rows have groups.
  public var groupCount: Int?
  /// Groups in the test part.
  public var testGroupCount: Int?
  /// What a group is: `system`.
  public var groupName: String
}
