/// What other libraries call the objectives, functions and variables of this one.
///
/// The names are those of scikit-learn, PyTorch, Keras, LightGBM, XGBoost and CatBoost. They are
/// suggestions only: an alias that is close to an objective is not always the same loss.
enum OtherNames {
  // MARK: - Objectives

  /// The shipped objective that `name` means elsewhere, as the end of a sentence; nil if it is no
  /// name known from elsewhere.
  static func objective(_ name: String) -> String? {
    let key = plain(name)
    guard let meant = objectives[key] else { return nil }
    let choices = meant.split(separator: "|").map { "'\($0)'" }
    return "; did you mean \(choices.joined(separator: " or "))?" + (remarks[key] ?? "")
  }

  /// Small letters and digits alone: `reg:squarederror`, `BCEWithLogitsLoss` and `log_loss` are
  /// written in many ways.
  private static func plain(_ name: String) -> String {
    var plain = ""
    plain.unicodeScalars.append(
      contentsOf: name.lowercased().unicodeScalars.filter {
        $0.isASCII && ($0.isLetter || $0.isDigit)
      })
    return plain
  }

  private static let remarks = [
    "rmse": " (the root is the metric's: it does not move the minimum)",
    "rmseloss": " (the root is the metric's: it does not move the minimum)",
    "crossentropy": " (softmax for classes, logistic for two)",
    "crossentropyloss": " (softmax for classes, logistic for two)",
    "nll": " (softmax for classes, gaussian for a mean with its spread)",
  ]

  /// Ours, with those that it is called elsewhere.
  private static let aliases: [String: String] = [
    "squared": """
    mse l2 l2loss l2norm mseloss meansquarederror squarederror squaredloss squarederrorloss
    regression regressionl2 regsquarederror reglinear rmse rmseloss rootmeansquarederror l2root
    leastsquares ls ols sse quadratic
    """,
    "absolute": """
    mae l1 l1loss l1norm maeloss meanabsoluteerror absoluteerror absoluteloss regressionl1
    regabsoluteerror lad leastabsolutedeviation median abserror
    """,
    "huber": "huberloss smoothl1 smoothl1loss",
    "pseudo-huber": "regpseudohubererror pseudohuber pseudohuberloss fair fairloss charbonnier",
    "log-cosh": "logcosh logcoshloss",
    "quantile": "pinball pinballloss quantileloss regquantileerror quantileerror multiquantile",
    "mape": "meanabsolutepercentageerror mapeloss regmape percentageerror",
    "smape": "symmetricmeanabsolutepercentageerror smapeloss",
    "sne": "rmsne nrmse",
    "squared-log": "msle rmsle msleloss meansquaredlogerror meansquaredlogarithmicerror "
      + "regsquaredlogerror squaredlogerror",
    "poisson": "countpoisson poissonloss poissonnllloss poissonnll poissonregression",
    "gamma": "reggamma gammaloss gammadeviance",
    "tweedie": "regtweedie tweedieloss tweediedeviance",
    "negative-binomial": "negativebinomial negbin negbinomial nbinom",
    "logistic": """
    binary binarylogistic binarylogitraw reglogistic logloss binarylogloss bce bceloss
    bcewithlogits bcewithlogitsloss binarycrossentropy binarycrossentropywithlogits
    sigmoidcrossentropy binomialdeviance deviance logisticregression logisticloss logit sigmoid
    bernoulli
    """,
    "softmax|logistic": "crossentropy crossentropyloss xentropy xent",
    "softmax": """
    multiclass multisoftmax multisoftprob softprob nllloss categoricalcrossentropy
    sparsecategoricalcrossentropy softmaxcrossentropy softmaxcrossentropywithlogits multilogloss
    multinomial multinomialdeviance categorical mlogloss
    """,
    "softmax|gaussian": "nll",
    "one-vs-rest": "multiclassova onevsrest ova ovr multilabelsoftmarginloss",
    "focal": "focalloss sigmoidfocalloss binaryfocalcrossentropy",
    "squared-hinge":
      "hinge hingeloss binaryhinge squaredhinge squaredhingeloss hingeembeddingloss svm",
    "ordinal": "coral corn ordinalregression proportionalodds cumulativelink ordinallogistic",
    "cox": "survivalcox coxph partiallikelihood coxloss coxphloss",
    "aft": "survivalaft weibull acceleratedfailuretime",
    "pairwise":
      "rankpairwise ranknet yetirankpairwise pairlogit pairlogitpairwise marginrankingloss",
    "lambdamart": "rankndcg rankmap lambdarank lambdaloss rankxendcg yetirank xendcg ndcg",
    "gaussian": "gaussiannllloss gaussiannll normal rmsewithuncertainty meanvariance",
    "laplace": "laplacenll",
    "student-t": "studentt tdist",
    "log-normal": "lognormal",
  ]

  private static let objectives: [String: String] = {
    var names: [String: String] = [:]
    for (ours, others) in aliases {
      for other in others.split(whereSeparator: \.isWhitespace) { names[String(other)] = ours }
    }
    return names
  }()

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
