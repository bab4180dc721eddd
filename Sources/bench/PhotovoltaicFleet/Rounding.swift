extension Double {
  /// The multiple of `step` nearest to this number.
  func rounded(toStep step: Double) -> Double {
    // Dividing by a whole number gives the double nearest to the decimal; multiplying may not.
    let inverse = (1 / step).rounded()
    return inverse >= 1 ? (self * inverse).rounded() / inverse : (self / step).rounded() * step
  }

  /// This number with so many significant decimal digits, as a meter's display would show it.
  func rounded(toSignificantDigits digits: Int) -> Double {
    guard self != 0, isFinite else { return self }
    var unit = 1.0
    while unit * 10 <= magnitude { unit *= 10 }
    while unit > magnitude { unit /= 10 }
    for _ in 1..<digits { unit /= 10 }
    return rounded(toStep: unit)
  }
}
