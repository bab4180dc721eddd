public import Tabular

/// Which datasets of a file make which parts of a table.
///
/// The initial value is the convention of bundled and converted files: features `X`, target `y`,
/// and `group`, `split` and `time` where they are there.
public struct TableLayout: Sendable, Hashable {
  /// Where one column of a table comes from.
  public enum Column: Sendable, Hashable {
    /// Nowhere: the table does without.
    case absent
    /// The dataset at this path, if there is one.
    case ifPresent(String)
    /// The dataset at this path; an error if there is none.
    case required(String)

    /// The dataset at `path`; `fallback` where no path was given.
    public init(_ path: String?, otherwise fallback: Column) {
      self = path.map(Column.required) ?? fallback
    }

    /// The path; nil if the column comes from nowhere.
    var path: String? {
      switch self {
      case .absent: nil
      case .ifPresent(let path), .required(let path): path
      }
    }
  }

  /// A named side column and where it comes from.
  public struct RowData: Sendable, Hashable {
    /// The name by which objectives and metrics ask for it.
    public var name: String
    /// Its dataset.
    public var column: Column

    /// The side column `name` from the dataset at `path`, or at its own name.
    public init(_ name: String, path: String? = nil, isRequired: Bool = true) {
      self.name = name
      column = isRequired ? .required(path ?? name) : .ifPresent(path ?? name)
    }
  }

  /// What the target's values are.
  public enum TargetKind: Sendable, Hashable {
    /// As ``classes`` if the target is text, boolean, an enumeration or categorical codes, or the
    /// file's `task` is binary or multiclass; numbers otherwise.
    case asMarked
    /// Numbers.
    case numbers
    /// Classes: 0..<K stay, any other labels are numbered in sorted order, their names kept.
    /// Numbers with fractions are no labels and stay numbers, such as probabilities.
    case classes
    /// Classes of a given order, as in a model that is to judge this file.
    case classesNamed([String])
  }

  /// Paths of a two-dimensional dataset, or of several columns or fields that are put side by side.
  public var features = ["X"]
  /// The target.
  public var target = Column.required("y")
  /// What the target's values are.
  public var targetKind = TargetKind.asMarked
  /// Row weights.
  public var weight = Column.absent
  /// Groups: whole numbers stay, other values are numbered in sorted order.
  public var group = Column.ifPresent("group")
  /// Parts: 0 train, 1 test, 2 validation, or their names (`Table.Part(named:)`).
  public var split = Column.ifPresent("split")
  /// When each row happened.
  public var time = Column.ifPresent("time")
  /// Whether a column that is found by its usual name alone, and holds no times, is an error: the
  /// rows are to be divided by them.
  public var needsTimes = false
  /// Named side columns.
  public var rowData: [RowData] = []
  /// How columns are shifted (`Table.featureShifts`), as a model keeps it; nil to decide by the
  /// values. A model must be given features that are shifted as those it was fitted to.
  public var featureShifts: [String: FeatureShift]?

  /// The convention's layout.
  public init() {}

  /// A column that is found by its usual name but serves for something else.
  struct ColumnInUse {
    /// What it would be by its name: `time`.
    var name: String
    /// Its path.
    var path: String
    /// What it is.
    var use: String
  }

  /// This layout without the groups and times that would be taken by their usual name from the
  /// target or from row data: the survival time that a hazard model learns is not when a row
  /// happened.
  func leavingColumnsToTheirUse() -> (layout: TableLayout, taken: [ColumnInUse]) {
    var layout = self
    var taken: [ColumnInUse] = []
    var uses = rowData.map { (column: $0.column, use: "row data") }
    uses.insert((target, "the target"), at: 0)
    func free(_ column: inout Column, _ name: String) {
      guard case .ifPresent(let path) = column,
        let use = uses.first(where: { $0.column.path.map(File.components) == File.components(path) }
        )
      else { return }
      taken.append(ColumnInUse(name: name, path: path, use: use.use))
      column = .absent
    }
    free(&layout.group, "group")
    free(&layout.time, "time")
    return (layout, taken)
  }

  /// Features from a comma-separated list of paths, as a command line gives it.
  public mutating func setFeatures(_ list: String) {
    features = list.split(separator: ",").map { path in
      String(path.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
  }
}
