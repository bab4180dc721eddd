import Tabular
import Testing

@Suite struct TimeTextTests {
  /// Seconds by `date -u -d TEXT +%s` (GNU coreutils 9.1).
  @Test(
    arguments: [
      ("1970-01-01", 0), ("2024-02-29", 1_709_164_800), ("1900-03-01", -2_203_891_200),
      ("2024-01-31T12:30", 1_706_704_200), ("2024-01-31 12:30:15", 1_706_704_215),
      ("2024-01-31T12:30:15.25Z", 1_706_704_215.25), ("2024/01/31", 1_706_659_200),
      ("2024-01-31T12:30:15+02:00", 1_706_697_015), ("2024-01-31T12:30:15-0530", 1_706_724_015),
      (" 2024-01-31 ", 1_706_659_200), ("2024-01-31T24:00:00", 1_706_745_600),
    ] as [(String, Double)])
  func dates(text: String, seconds: Double) {
    #expect(TimeText.seconds(text) == seconds)
  }

  @Test(arguments: ["", "NaT", "nan", "  ", "null"])
  func missing(text: String) {
    #expect(TimeText.seconds(text)?.isNaN == true)
  }

  @Test(
    arguments: [
      "2023-02-29", "2024-13-01", "2024-00-10", "2024-01-32", "01.02.2024", "2024-01-01T25:00",
      "2024-01-01T12:60", "2024-01-01T12:00:00.", "2024-01-01T12:00 noon", "20240101", "soon",
      "2024-01/01", "2024-01-01Z",
    ])
  func noDates(text: String) {
    #expect(TimeText.seconds(text) == nil)
  }
}
