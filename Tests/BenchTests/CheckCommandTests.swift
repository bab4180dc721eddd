import Foundation
import Testing

/// `bench check` with derivatives by hand, as a learner of derivatives types them.
struct CheckCommandTests {
  private func check(_ arguments: String...) throws -> BenchProcess.Outcome {
    let bench = try BenchProcess()
    defer { bench.clean() }
    return try bench.run(["check"] + arguments)
  }

  private static let sne = "square((score - y) / size)"
  private static let crossEntropy = "logsumexp(score) - score[y]"

  @Test func aRightDerivativeIsExactToTheLastPlaces() throws {
    let outcome = try check(
      "--objective", Self.sne, "--gradient", "2 * (score - y) / size^2", "--hessian", "2 / size^2")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("gradient  ok      jets: median relative error"))
    #expect(outcome.output.contains(" ulp)"))
  }

  @Test func mistakesAreFoundFromTheCommandLine() throws {
    let forgotten = try check(
      "--objective", Self.sne, "--gradient", "2*(score - y)/size", "--hessian", "2")
    #expect(forgotten.code == 65)
    #expect(forgotten.output.contains("error: gradient / size matches the loss"))
    #expect(forgotten.output.contains("error: Hessian lacks / size^2"))
    let flipped = try check(
      "--objective", Self.crossEntropy, "--classes", "3", "--gradient",
      "if(k == y, 1, 0) - softmax(k)")
    #expect(flipped.code == 65)
    #expect(flipped.output.contains("the sign is flipped (y - p instead of p - y?)"))
    let negative = try check("--objective", "square(score - y)", "--hessian", "-2")
    #expect(negative.code == 65)
    #expect(negative.output.contains("Hessian is -1.00 x the slope of the gradient"))
    let shipped = try check("--objective", "logistic", "--gradient", "-(sigmoid(score) - y)")
    #expect(shipped.code == 65)
    #expect(shipped.output.contains("the sign is flipped"))
  }

  @Test func onTheRowsOfAFile() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    try FileSketch().write("data.h5", for: bench)
    func run(_ gradient: String) throws -> BenchProcess.Outcome {
      try bench.run([
        "check", "--data", "data.h5", "--objective", Self.sne, "--gradient", gradient,
      ])
    }
    #expect(try run("2 * (score - y) / size^2").code == 0)
    let wrong = try run("2 * (score - y)")
    #expect(wrong.code == 65)
    #expect(wrong.output.contains("gradient / size^2 matches the loss"))
    let unread = try run("2 * (score - y) / sise")
    #expect(unread.code == 64)
    #expect(unread.errors.contains("--gradient: the loss does not read 'sise'"))
  }

  @Test func aBadTextNamesItsOptionAndItsPlace() throws {
    let gradient = try check("--objective", Self.sne, "--gradient", "2 * sqare(score)")
    #expect(gradient.code == 64)
    #expect(
      gradient.errors.contains(
        "bench: error: --gradient: there is no function 'sqare'; did you mean 'square'?"))
    #expect(gradient.errors.contains("\n  2 * sqare(score)\n      ^"))
    let hessian = try check("--objective", Self.sne, "--hessian", "2 *")
    #expect(hessian.code == 64)
    #expect(
      hessian.errors.contains("--hessian: expected a number, a name or '(', but the text ends"))
    let loss = try check("--objective", "sqare(score)", "--gradient", "1")
    #expect(loss.code == 64)
    #expect(loss.errors.contains("--objective: there is no function 'sqare'"))
    let ranking = try check("--objective", "lambdamart", "--gradient", "score - y")
    #expect(ranking.code == 64)
    #expect(ranking.errors.contains("--gradient: objective 'lambdamart' compares rows"))
  }

  @Test func jsonHoldsTheTable() throws {
    let outcome = try check(
      "--objective", Self.sne, "--gradient", "2 * (score - y) / size", "--json")
    #expect(outcome.code == 65)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let tests = try #require(object["tests"] as? [[String: String]])
    let gradient = try #require(tests.first { $0["name"] == "gradient" })
    #expect(gradient["outcome"] == "failed")
    #expect(gradient["figure"]?.hasPrefix("jets: ") == true)
    #expect(tests.contains { $0["name"] == "purity" && $0["outcome"] == "passed" })
  }
}
