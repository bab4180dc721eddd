import Tabular

/// Rows that stand in two parts of the data: a test row seen in training says nothing.
enum RepeatedRows {
  /// Rows of `test` whose features and target are, bit by bit, those of a row of `train`.
  /// O(rows x columns).
  static func count(of test: Table, in train: Table) -> Int {
    var rowsByDigest: [UInt64: [Int]] = [:]
    for row in 0..<train.rowCount { rowsByDigest[digest(train, row), default: []].append(row) }
    return (0..<test.rowCount).count { row in
      rowsByDigest[digest(test, row)]?.contains { areEqual(test, row, train, $0) } ?? false
    }
  }

  private static func digest(_ table: Table, _ row: Int) -> UInt64 {
    var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ bits: UInt64) {
      digest = (digest ^ bits) &* 0x0000_0100_0000_01b3
      digest ^= digest >> 29
    }
    for value in table.features(ofRow: row) { add(UInt64(value.bitPattern)) }
    if let target = table.target { add(target[row].bitPattern) }
    return digest
  }

  private static func areEqual(_ a: Table, _ row: Int, _ b: Table, _ other: Int) -> Bool {
    guard a.target?[row] == b.target?[other] else { return false }
    return a.features(ofRow: row).elementsEqual(b.features(ofRow: other)) {
      $0.bitPattern == $1.bitPattern
    }
  }
}
