import Wording
import Losses

/// The (diagonal) Hessian against exact second derivatives, or the differences of the gradient.
struct HessianTest {
  private(set) var findings: [Finding] = []
  /// The median of Hessian / slope of the gradient.
  private(set) var medianRatio = 1.0
  /// Whether the Hessian is the exact one.
  private(set) var isExact = false

  private let entries: CheckEntries
  private let objective: any Objective
  /// Distances from exact second derivatives in units in the last place.
  private var lastPlaces = LastPlaces([])
  private var medianError = 0.0
  /// Whether the Hessian is wrong as the gradient is, and follows from it.
  private var fitsWrongGradient = false

  init(_ entries: CheckEntries, gradientIsExact: Bool, random: inout CheckRandom) {
    self.entries = entries
    objective = entries.samples[0].objective
    // Without a sound gradient the loss itself says what the curvature is.
    let fromLoss = objective.hasLoss && !gradientIsExact
    let places = HessianPlaces(entries, fromLoss: fromLoss)
    if entries.all.allSatisfy({ $0.hessian == 0 }) {
      medianRatio = 0
      findings.append(
        ZeroHessian(entries).everywhere(
          isRight: gradientIsExact && places.moving.count * 50 <= entries.all.count))
      return
    }
    guard places.all.count >= 2 else { return }
    let floor = places.floor
    let moving = places.moving
    let ratios = places.ratios
    if !ratios.isEmpty { medianRatio = median(ratios) }
    medianError = median(
      moving.map {
        ($0.given - $0.due.value).magnitude / max($0.given.magnitude, $0.due.value.magnitude)
      })
    lastPlaces = LastPlaces(
      moving.filter { $0.due.isNear($0.given, floor: floor) }.map {
        LastPlaces.distance(
          $0.given, $0.due.value, sensitivity: 0x1p-20 * places.typical.ulp, floor: floor)
      })
    if places.wrong.count * 50 <= places.all.count {
      isExact = true
      findings += usable(places.all)
      return
    }
    if fromLoss, fitsGivenGradient() {
      fitsWrongGradient = true
      return
    }
    if let finding = HessianMistakes(places).finding(&random) { findings.append(finding) }
    if !findings.contains(where: { $0.severity == .error }) { findings += usable(places.all) }
  }

  /// The line of the table.
  var figure: String {
    if fitsWrongGradient { return "the slope of the gradient as it is given" }
    guard entries.reference == .jets else {
      return "median ratio to the gradient's slope \(medianRatio.short)"
    }
    guard isExact else { return "jets: median ratio to the exact one \(medianRatio.short)" }
    return "jets: median relative error \(medianError.short) "
      + "(\(LastPlaces.text(lastPlaces.median))), largest \(LastPlaces.text(lastPlaces.largest))"
  }

  /// Whether the Hessian is at least the slope of the wrong gradient; one finding is enough then.
  private func fitsGivenGradient() -> Bool {
    let places = entries.all.filter {
      $0.hessian.isFinite && $0.gradientSlope.isResolved(beside: $0.hessian.magnitude)
    }
    let floor = 1e-9 * median(places.map(\.gradientSlope.value.magnitude))
    let fitting = places.filter { $0.gradientSlope.agrees(with: $0.hessian, floor: floor) }
    return !places.isEmpty && fitting.count * 50 >= places.count * 49
      && places.contains { $0.hessian != 0 }
  }

  /// Zero and negative values of a Hessian that is otherwise right.
  private func usable(_ places: [HessianPlace]) -> [Finding] {
    let count = Double(places.count)
    let zero = places.filter { $0.given == 0 }
    let negative = places.filter { $0.given < 0 }
    var findings: [Finding] = []
    let (zeroShare, negativeShare) = (Double(zero.count) / count, Double(negative.count) / count)
    if zeroShare > 0.98 {
      findings.append(
        ZeroHessian(entries).nearlyEverywhere(
          zero.map(\.entry), of: places.count, isRight: isExact))
    } else if zeroShare > 0.05 {
      findings.append(
        Finding(
          .note, .hessianZero,
          "Hessian is zero in \(zeroShare.percent) of the places, which then count for nothing "
            + "in a Newton step; the policy floor counts them in",
          rows: rowNumbers(zero.map(\.entry)), figures: ["share": zeroShare]))
    }
    if negativeShare > 0.02 {
      findings.append(
        Finding(
          negativeShare > 0.98 ? .warning : .note, .hessianNegative,
          "Hessian is negative in \(negativeShare.percent) of the places, as the loss is concave "
            + "there: a Newton step would go uphill; a curvature policy (absolute, floor) makes it "
            + "usable",
          rows: rowNumbers(negative.map(\.entry)), figures: ["share": negativeShare]))
    }
    return findings
  }
}
