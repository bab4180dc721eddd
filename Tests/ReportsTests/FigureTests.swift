import Foundation
import Testing

@testable import Harness
@testable import Reports

#if canImport(FoundationXML)
  import FoundationXML
#endif

struct FigureTests {
  @Test func aFleetHasThreeFigures() {
    let figures = Figure.all(of: RecordFixture.record())
    #expect(figures.map(\.kind) == [.errorBySize, .predictions, .curves])
    for figure in figures {
      #expect(isWellFormed(figure.svg), "\(figure.kind)")
      #expect(figure.svg.utf8.count < 60_000, "\(figure.kind) has \(figure.svg.utf8.count) bytes")
    }
  }

  @Test(arguments: [2, 3, 10, 12])
  func classesHaveAConfusionFigure(count: Int) {
    let figures = Figure.all(of: RecordFixture.classes(count))
    #expect(figures.map(\.kind) == [.confusion, .curves])
    #expect(figures.allSatisfy { isWellFormed($0.svg) && $0.svg.utf8.count < 60_000 })
  }

  @Test func manyClassesHaveATableInstead() throws {
    let record = RecordFixture.classes(20)
    #expect(Figure.all(of: record).map(\.kind) == [.curves])
    let page = try #require(Report(record).files(name: "x").last).text
    #expect(page.contains("most frequent confusions"))
  }

  /// No text leaves the drawing, and no two texts lie on each other.
  @Test func textsDoNotOverlap() throws {
    var wide = RecordFixture.record()
    wide.sizeBuckets = [1.0, 10, 100, 1000, 10_000].map {
      SizeBucket(lower: $0, upper: $0 == 10_000 ? 200_000 : 10 * $0, rows: 900, groups: 100)
    }
    for index in wide.trials.indices {
      wide.trials[index].sizeErrors = [21_000, 400, 30, 14, 13].map {
        SizeError(rootMeanSquaredPercent: $0 / Double(index + 1), meanAbsolutePercent: $0)
      }
    }
    for record in [
      RecordFixture.record(), wide, RecordFixture.classes(3), RecordFixture.classes(12),
    ] {
      for figure in Figure.all(of: record) {
        let drawing = try Drawing(figure.svg)
        for (index, text) in drawing.texts.enumerated() {
          #expect(
            text.left >= 0 && text.right <= drawing.width && text.top >= 0
              && text.bottom <= drawing.height, "'\(text.text)' leaves \(figure.kind)")
          for other in drawing.texts[..<index] {
            #expect(
              !text.overlaps(other), "'\(text.text)' and '\(other.text)' in \(figure.kind)")
          }
        }
      }
    }
  }

  /// Losses that are no numbers leave gaps, not broken files.
  @Test func divergedCurvesAreStillDrawn() {
    var record = RecordFixture.record()
    for index in record.trials.indices {
      record.trials[index].trainLosses = [.infinity, .nan, 1e308, -3, 0]
      record.trials[index].validationLosses = [.nan, .nan]
      record.trials[index].sizeErrors[0].rootMeanSquaredPercent = .nan
    }
    #expect(Figure.all(of: record).allSatisfy { isWellFormed($0.svg) })
  }

  @Test func namesAreEscaped() {
    var record = RecordFixture.record()
    for index in record.trials.indices {
      record.trials[index].combination.objective = "<a href=\"x\">&\u{1}"
    }
    let figures = Figure.all(of: record)
    #expect(!figures.isEmpty)
    #expect(figures.allSatisfy { isWellFormed($0.svg) && !$0.svg.contains("<a ") })
  }

  @Test func longCurvesAreThinned() throws {
    var record = RecordFixture.record()
    for index in record.trials.indices {
      record.trials[index].trainLosses = (1...5000).map { 1 / Double($0) }
      record.trials[index].validationLosses = record.trials[index].trainLosses
    }
    let curves = try #require(Figure.all(of: record).last)
    #expect(curves.svg.utf8.count < 60_000)
  }

  private func isWellFormed(_ svg: String) -> Bool {
    let parser = XMLParser(data: Data(svg.utf8))
    return parser.parse() && !svg.contains("nan") && !svg.contains("inf\"")
  }
}

/// The texts of an SVG file with about where they are.
private final class Drawing: NSObject, XMLParserDelegate {
  struct Text {
    var text = ""
    var x: Double
    var y: Double
    var size: Double
    var anchor: String
    var isTurned: Bool

    private var length: Double { SVG.width(of: text, size: size) * 0.93 }
    private var start: Double {
      anchor == "middle" ? -length / 2 : anchor == "end" ? -length : 0
    }
    var left: Double { isTurned ? x - 0.75 * size : x + start }
    var right: Double { isTurned ? x + 0.2 * size : x + start + length }
    var top: Double { isTurned ? y - start - length : y - 0.75 * size }
    var bottom: Double { isTurned ? y - start : y + 0.2 * size }

    func overlaps(_ other: Text) -> Bool {
      left < other.right && other.left < right && top < other.bottom && other.top < bottom
    }
  }

  private(set) var texts: [Text] = []
  private(set) var width = 0.0
  private(set) var height = 0.0
  private var isInText = false

  init(_ svg: String) throws {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    guard parser.parse() else { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    func number(_ key: String) -> Double { attributes[key].flatMap(Double.init) ?? 0 }
    if name == "svg" { (width, height) = (number("width"), number("height")) }
    guard name == "text" else { return }
    isInText = true
    texts.append(
      Text(
        x: number("x"), y: number("y"), size: number("font-size"),
        anchor: attributes["text-anchor"] ?? "start", isTurned: attributes["transform"] != nil))
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    if isInText { texts[texts.count - 1].text += string }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    if name == "text" { isInText = false }
  }
}
