import Wording
import Losses

/// What other libraries call the functions and variables of formulas: suggestions only.
enum OtherWords {
  // MARK: - Functions

  /// How a function that is called `name` elsewhere is written here; nil if that is not known.
  static func function(_ name: String) -> String? {
    functions[name.lowercased()]
  }

  private static let functions: [String: String] = [
    "ln": "log(x)", "log10": "log(x) / log(10)", "log2": "log(x) / log(2)",
    "fabs": "abs(x)", "absolute": "abs(x)", "power": "x^a", "maximum": "max(a, b)",
    "minimum": "min(a, b)", "fmax": "max(a, b)", "fmin": "min(a, b)", "relu": "max(x, 0)",
    "where": "if(condition, a, b)", "ifelse": "if(condition, a, b)", "iif": "if(condition, a, b)",
    "select": "if(condition, a, b)", "clip": "clamp(x, low, high)", "expit": "sigmoid(x)",
    "logistic": "sigmoid(x)", "logit": "log(x / (1 - x))", "sqr": "square(x)", "sq": "square(x)",
    "squared": "square(x)", "log_sigmoid": "logsigmoid(x)", "logsig": "logsigmoid(x)",
    "logaddexp": "logsumexp(a, b)", "log_sum_exp": "logsumexp(score)",
    "reduce_logsumexp": "logsumexp(score)", "log_softmax": "score[k] - logsumexp(score)",
    "log_cosh": "logcosh(x)", "sign": "if(x > 0, 1, if(x < 0, -1, 0))",
    "sgn": "if(x > 0, 1, if(x < 0, -1, 0))", "heaviside": "if(x > 0, 1, 0)",
    "indicator": "if(condition, 1, 0)", "exp2": "2^x", "exp10": "10^x", "cbrt": "x^(1 / 3)",
    "reciprocal": "1 / x", "hypot": "sqrt(a^2 + b^2)", "mod": "no whole numbers are counted here",
    "mean": onePerRow, "average": onePerRow, "reduce_mean": onePerRow, "reduce_sum": onePerRow,
    "norm": onePerRow, "std": onePerRow, "var": onePerRow,
  ]

  private static let onePerRow =
    "the loss of one row alone; learners add up the rows"

  /// The end of a sentence about an unknown function.
  static func suggestion(forFunction name: String) -> String {
    if let here = function(name) { return "; write \(here)" }
    return Spelling.suggestion(for: name, in: ExpressionWord.functions)
  }

  /// What to say of `module.function`, as in `np.log`.
  static func suggestion(module: String, function name: String) -> String {
    let short = name.split(separator: ".").last.map(String.init) ?? name
    let here =
      function(short)
      ?? ExpressionFunction(rawValue: short.lowercased()).map(\.usage)
      ?? Spelling.nearest(to: short, in: ExpressionWord.functions)
      .flatMap { ExpressionFunction(rawValue: $0)?.usage }
    return "functions stand alone here, without '\(module).'"
      + (here.map { ": write \($0)" } ?? "")
  }

  // MARK: - Variables

  /// Names for what is `y` here.
  static func isTarget(_ name: String) -> Bool { targets.contains(name.lowercased()) }

  /// Names for what is `score` here.
  static func isScore(_ name: String) -> Bool { scores.contains(name.lowercased()) }

  private static let targets: Set<String> = [
    "y", "target", "targets", "label", "labels", "y_true", "ytrue", "y_t", "yt", "true", "truth",
    "y_actual", "actual", "actuals", "observed", "obs", "observation", "ground_truth", "gt",
    "response", "outcome", "true_y", "y_train", "y_test", "true_value", "true_label",
  ]

  private static let scores: Set<String> = [
    "pred", "preds", "y_pred", "ypred", "y_preds", "prediction", "predictions", "predicted",
    "predict", "logit", "logits", "yhat", "y_hat", "y_score", "y_scores", "scores", "output",
    "outputs", "out", "raw", "raw_score", "raw_scores", "margin", "margins", "forecast", "estimate",
    "estimated", "fx", "f", "z", "mu", "eta", "y_p", "yp", "p", "phat", "p_hat",
  ]
}
