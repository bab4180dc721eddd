import Testing

@testable import Reports

struct NumberTextTests {
  @Test(arguments: [
    (0, "0"), (0.012346, "0.01235"), (1.23456, "1.235"), (12.3456, "12.35"), (123.456, "123.5"),
    (1234.56, "1,235"), (1_234_567.8, "1,234,568"), (-1234.5, "-1,234"), (0.00001234, "1.23e-5"),
    (1e12, "1.00e12"), (.nan, "–"), (.infinity, "∞"),
  ])
  func numbers(value: Double, expected: String) {
    #expect(NumberText.number(value) == expected)
  }

  @Test(arguments: [
    (0, "0"), (0.5, "0.5"), (10, "10"), (5000, "5,000"), (0.001, "0.001"), (2.5, "2.5"),
    (1e7, "1e7"), (2.5e-6, "2.5e-6"), (-20, "-20"), (1_200_000, "1,200,000"),
  ])
  func shortNumbers(value: Double, expected: String) {
    #expect(NumberText.short(value) == expected)
  }

  @Test(arguments: [
    (0.000_35, "350 µs"), (0.0123, "12.3 ms"), (1.5, "1.50 s"), (200, "3 min 20 s"),
    (7384, "2 h 3 min"), (.nan, "–"),
  ])
  func seconds(value: Double, expected: String) {
    #expect(NumberText.seconds(value) == expected)
  }

  @Test(arguments: [
    (0.3412, "34 %"), (0.0312, "3.1 %"), (0.99952, "99.95 %"), (0, "0 %"), (12.5, "1,250 %"),
    (0.962, "96.2 %"), (.nan, "–"),
  ])
  func percents(value: Double, expected: String) {
    #expect(NumberText.percent(value) == expected)
  }

  @Test(arguments: [
    (-0.9315, -0.948, -0.89, "93.2", "94.8", "89.0"), (-0.34, -0.56, -0.02, "34", "56", "2"),
    (-0.02, -0.069, 0.019, "2.0", "6.9", "1.9"), (2.65, 2.33, 2.94, "265", "233", "294"),
    (-0.1, -0.2, -0.0004, "10.00", "20.00", "0.04"),
  ])
  func intervals(
    share: Double, low: Double, high: Double, value: String, lowText: String, highText: String
  ) {
    let texts = NumberText.percents(share, low: low, high: high)
    #expect(texts == (value, lowText, highText))
  }

  @Test func briefNumbers() {
    let values = [0.5, 5000, 10_000, 200_000, 1e6, 2.5e7]
    #expect(values.map(NumberText.brief) == ["0.5", "5,000", "10k", "200k", "1M", "25M"])
  }

  @Test func bytesAndCounts() {
    #expect(NumberText.bytes(500) == "500 bytes")
    #expect(NumberText.bytes(123_456) == "121 KiB")
    #expect(NumberText.bytes(200 << 20) == "200 MiB")
    #expect(NumberText.count(1_234_567) == "1,234,567")
    #expect(NumberText.count(-999) == "-999")
  }
}
