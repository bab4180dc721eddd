/// What other libraries call the objectives of this one.
///
/// The names are those of scikit-learn, PyTorch, Keras, LightGBM, XGBoost and CatBoost. They are
/// suggestions only: an alias that is close to an objective is not always the same loss.
package enum OtherNames {
  /// The shipped objective that `name` means elsewhere, as the end of a sentence; nil if it is no
  /// name known from elsewhere.
  package static func objective(_ name: String) -> String? {
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
        $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil)
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
}
