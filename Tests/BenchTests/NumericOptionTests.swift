import ArgumentParser
import Foundation
import Testing

@testable import bench

/// Numbers out of range: one sentence with the option, its value and what is allowed, whatever the
/// number looks like.
struct NumericOptionTests {
  /// An option with a value it does not take.
  struct Case: Sendable, CustomTestStringConvertible {
    var command: String
    var option: String
    var value: String
    var rule: String

    var testDescription: String { "\(command) \(option) \(value)" }

    init(_ command: String, _ option: String, _ value: String, _ rule: String) {
      (self.command, self.option, self.value, self.rule) = (command, option, value, rule)
    }
  }

  static let trees = "train trees"
  static let cases = [
    Case(trees, "--rounds", "-1", "a whole number from 0 to 1000000"),
    Case(trees, "--rounds", "ten", "a whole number from 0 to 1000000"),
    Case(trees, "--rounds", "99999999999999999999999", "a whole number from 0 to 1000000"),
    Case(trees, "--leaves", "1", "a whole number from 2 to 65536"),
    Case(trees, "--depth", "0", "a whole number from 1 to 1000"),
    Case(trees, "--bins", "1", "a whole number from 2 to 256"),
    Case(trees, "--learning-rate", "nan", "a positive number, usually between 0.01 and 0.3"),
    Case(trees, "--learning-rate", "-0.1", "a positive number"),
    Case(trees, "--learning-rate", "1e999", "a positive number"),
    Case(trees, "--l2", "-1", "0 or a positive number"),
    Case(trees, "--min-child-weight", "inf", "0 or a positive number"),
    Case(trees, "--min-child-rows", "0", "a whole number from 1"),
    Case(trees, "--threads", "0", "a whole number from 1 to 1024"),
    Case(trees, "--seed", "-1", "a whole number from 0 to 18446744073709551615"),
    Case(trees, "--early-stopping", "-5", "a whole number from 0"),
    Case(trees, "--test-fraction", "-0.5", "between 0 and 1"),
    Case(trees, "--test-fraction", "1.5", "between 0 and 1"),
    Case("train mlp", "--epochs", "0", "a whole number from 1 to 1000000"),
    Case("train mlp", "--batch", "-1", "a whole number from 1"),
    Case("train mlp", "--weight-decay", "-1", "0 or a positive number"),
    Case("train mlp", "--learning-rate", "0", "a positive number"),
    Case("train mlp", "--hidden", "-3", "whole numbers from 1 to 65536"),
    Case("train mlp", "--hidden", "65536,65536", "at most 134217728"),
    Case("compare", "--seeds", "0", "a whole number from 1 to 1000"),
    Case("compare", "--folds", "1", "a whole number from 2 to 1000"),
    Case("compare", "--mlp-learning-rate", "-1", "a positive number"),
    Case("compare", "--mlp-early-stopping", "-1", "a whole number from 0"),
    Case("predict --model m --output -", "--threads", "-2", "a whole number from 1 to 1024"),
    Case("check --objective softmax", "--classes", "-2", "a whole number from 2 to 1000"),
    Case("synth pv --output f.h5", "--systems", "-5", "a whole number from 1 to 100000"),
    Case("synth pv --output f.h5", "--days", "0", "a whole number from 1 to 10000"),
  ]

  @Test(arguments: cases)
  func isRefused(_ bad: Case) throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    let words = bad.command.split(separator: " ").map(String.init)
    let outcome = try bench.run(words + [bad.option, bad.value])
    #expect(outcome.code == 64)
    let sentence = try #require(outcome.errors.split(separator: "\n").first)
    #expect(sentence.contains("'\(bad.value)' is invalid for '\(bad.option) <"), "\(sentence)")
    #expect(sentence.contains(bad.rule), "\(sentence)")
    #expect(try bench.files.isEmpty)
  }

  /// The parser shows no defaults of these options, so that their help must: here against the
  /// values themselves.
  @Test func helpNamesDefaults() throws {
    let bench = try BenchProcess()
    defer { bench.clean() }
    func help(_ words: String) throws -> String {
      try bench.run(words.split(separator: " ").map(String.init) + ["--help"]).output
        .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    let train = try TrainTreesCommand.parse([])
    let trees = try help("train trees")
    #expect(trees.contains("leaves of a tree. (default: \(train.trees.leaves))"))
    #expect(trees.contains("multiplied by. (default: \(train.trees.learningRate))"))
    #expect(trees.contains("2 to 256. (default: \(train.trees.bins))"))
    #expect(trees.contains("rows of a leaf. (default: 20, or a tenth of fewer than 200"))
    #expect(train.trees.minChildRows == nil)
    #expect(train.trees.l2 == 0 && train.trees.minChildWeight == nil)
    #expect(trees.contains("average rows. (default: 0)"))
    #expect(trees.contains("Hessian at the start. (default: 0.0001 of what the leaf's own rows"))
    #expect(trees.contains("see --split-seed. (default: \(train.runOptions.seed))"))
    let network = try TrainNetworkCommand.parse([])
    let mlp = try help("train mlp")
    #expect(mlp.contains("linear model. (default: \(network.network.hidden))"))
    #expect(mlp.contains("step of Adam. (default: \(network.rate.learningRate))"))
    #expect(network.network.weightDecay == 2)
    #expect(mlp.contains("loss of a row. (default: 2)"))
    let comparison = try CompareCommand.parse([])
    let compare = try help("compare")
    #expect(compare.contains("seeds 1 to n. (default: \(comparison.seeds))"))
    #expect(compare.contains("Adam for the MLP. (default: \(comparison.mlpLearningRate))"))
    #expect(comparison.earlyStopping == nil && comparison.split.splitSeed == 1)
    #expect(compare.contains("by chance depends on. (default: \(comparison.split.splitSeed))"))
  }
}
