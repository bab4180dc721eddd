import Foundation
import Testing

@testable import bench

/// The portable functions against the C library's, which is right to the last bit or nearly so.
struct PortableMathTests {
  @Test func sineAndCosine() {
    for step in -400...400 {
      let x = Double(step) * 0.0371
      #expect(abs(PortableMath.sin(x) - sin(x)) < 1e-14)
      #expect(abs(PortableMath.cos(x) - cos(x)) < 1e-14)
    }
  }

  @Test func arcTangentInEveryQuadrant() {
    for step in 0..<720 {
      let angle = Double(step) * .pi / 360 - .pi + 1e-3
      for radius in [1e-3, 1.0, 40.0] {
        let (x, y) = (radius * cos(angle), radius * sin(angle))
        #expect(abs(PortableMath.atan2(y, x) - atan2(y, x)) < 1e-14)
      }
    }
    #expect(PortableMath.atan2(0, 0) == 0)
    #expect(abs(PortableMath.atan2(0, -1) - .pi) < 1e-15)
  }

  @Test func exponentialAndLogarithm() {
    for step in -600...600 {
      let x = Double(step) * 0.11
      #expect(abs(PortableMath.exp(x) / exp(x) - 1) < 1e-14)
      let y = exp(x)
      #expect(abs(PortableMath.log(y) - log(y)) <= 1e-14 * max(1, abs(log(y))))
    }
  }

  @Test func normalDistributionFunction() {
    // Bowling et al. (2009) give a largest error of 1.4e-4; the reference is erfc.
    for step in -40...40 {
      let z = Double(step) * 0.1
      #expect(abs(PortableMath.normalShare(below: z) - erfc(-z / 2.squareRoot()) / 2) < 2e-4)
    }
  }

  @Test func rounding() {
    #expect(0.123456.rounded(toStep: 0.01) == 0.12)
    #expect(17.26.rounded(toStep: 0.5) == 17.5)
    #expect(1234.567.rounded(toSignificantDigits: 4) == 1235)
    #expect(0.0123456.rounded(toSignificantDigits: 4) == 0.01235)
    #expect(987_654.rounded(toSignificantDigits: 3) == 988_000)
    #expect(0.0.rounded(toSignificantDigits: 3) == 0)
  }
}
