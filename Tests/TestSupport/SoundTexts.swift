extension ObjectiveText {
  private static let p = "sigmoid(score)"
  private static let r = "(score - y)"
  private static let logistic = "softplus(score) - y * score; link=logit"
  private static let softmax = "logsumexp(score) - score[y]"
  private static let poisson = "exp(score) - y * score; link=log"

  /// Objectives in which nothing is wrong: losses alone, and losses with right derivatives by hand
  /// or with a Hessian that people put in the place of the exact one on purpose.
  public static let sound: [ObjectiveText] =
    squares + robust + asymmetric + counts + labels + classes + survival + spreads + withRowData

  private static let squares: [ObjectiveText] = [
    .init("squared", .numbers, "square(score - y)", gradient: "2 * \(r)", hessian: "2"),
    .init("half squared", .numbers, "square(score - y) / 2", gradient: r, hessian: "1"),
    .init(
      "sne", .positive, "square((score - y) / size)", gradient: "2 * \(r) / size^2",
      hessian: "2 / size^2"),
    .init(
      "sne of a wide range", .positive, "square((score - y) / wide)",
      gradient: "2 * \(r) / wide^2", hessian: "2 / wide^2"),
    .init(
      "per size once", .positive, "square(score - y) / size", gradient: "2 * \(r) / size",
      hessian: "2 / size"),
    .init(
      "weighted", .numbers, "w * square(score - y)", gradient: "2 * w * \(r)",
      hessian: "2 * w"),
    .init("huge", .numbers, "1e12 * square(score - y)", gradient: "2e12 * \(r)", hessian: "2e12"),
    .init(
      "tiny", .numbers, "1e-12 * square(score - y)", gradient: "2e-12 * \(r)",
      hessian: "2e-12"),
    .init(
      "far from 0", .numbers, "square(score - y - 1e6)", gradient: "2 * (score - y - 1e6)",
      hessian: "2"),
    .init(
      "constant added", .numbers, "square(score - y) + 1e4", gradient: "2 * \(r)",
      hessian: "2"),
    .init(
      "log space", .positive, "square(score - log(y)); link=log",
      gradient: "2 * (score - log(y))", hessian: "2"),
    .init(
      "power 4", .numbers, "(score - y)^4", gradient: "4 * (score - y)^3",
      hessian: "12 * (score - y)^2"),
    .init(
      "power 1.5", .numbers, "abs(score - y)^1.5",
      gradient: "1.5 * sqrt(abs(score - y)) * if(score > y, 1, -1)",
      hessian: "0.75 / sqrt(abs(score - y) + 0.0000001)"),
    .init(
      "penalised", .numbers, "square(score - y) + 0.1 * square(score)",
      gradient: "2 * \(r) + 0.2 * score", hessian: "2.2"),
    .init(
      "square of exp", .positive, "square(exp(score) - y); link=log",
      gradient: "2 * (exp(score) - y) * exp(score)",
      hessian: "2 * exp(2 * score) + 2 * (exp(score) - y) * exp(score)"),
    .init(
      "square of exp, Gauss-Newton", .positive, "square(exp(score) - y); link=log",
      gradient: "2 * (exp(score) - y) * exp(score)", hessian: "2 * exp(2 * score)"),
    .init(
      "softplus mean", .positive, "square(softplus(score) - y)",
      gradient: "2 * (softplus(score) - y) * \(p)", hessian: "2 * \(p)^2"),
    .init(
      "offset", .numbers, "square(score + offset - y)", gradient: "2 * (score + offset - y)",
      hessian: "2"),
    .init(
      "sides of a flag", .numbers, "if(flag == 1, 3, 1) * square(score - y)",
      gradient: "if(flag == 1, 6, 2) * \(r)", hessian: "if(flag == 1, 6, 2)"),
  ]

  private static let robust: [ObjectiveText] = [
    .init("absolute", .numbers, "abs(score - y)"),
    .init(
      "absolute by hand", .numbers, "abs(score - y)", gradient: "if(score > y, 1, -1)",
      hessian: "1"),
    .init("absolute per size", .positive, "abs(score - y) / size"),
    .init("epsilon insensitive", .numbers, "max(0, abs(score - y) - 0.5)"),
    .init(
      "epsilon insensitive by hand", .numbers, "max(0, abs(score - y) - 0.5)",
      gradient: "if(abs(score - y) < 0.5, 0, if(score > y, 1, -1))", hessian: "1"),
    .init("squared epsilon insensitive", .numbers, "square(max(0, abs(score - y) - 0.5))"),
    .init(
      "huber", .numbers, "let r = abs(score - y) in if(r < 2, r^2 / 2, 2 * r - 2)",
      gradient: "clamp(score - y, -2, 2)", hessian: "if(abs(score - y) < 2, 1, 0)"),
    .init(
      "huber with 1", .numbers, "let r = abs(score - y) in if(r < 2, r^2 / 2, 2 * r - 2)",
      gradient: "clamp(score - y, -2, 2)", hessian: "1"),
    .init(
      "huber of the relative error", .positive,
      "let r = abs(score - y) / size in if(r < 1, r^2 / 2, r - 0.5)"),
    .init(
      "pseudo-huber", .numbers, "sqrt(1 + square(score - y)) - 1",
      gradient: "\(r) / sqrt(1 + square(score - y))", hessian: "(1 + square(score - y))^-1.5"),
    .init(
      "pseudo-huber, reweighted", .numbers, "sqrt(1 + square(score - y)) - 1",
      gradient: "\(r) / sqrt(1 + square(score - y))", hessian: "1 / sqrt(1 + square(score - y))"),
    .init(
      "log-cosh", .numbers, "logcosh(score - y)", gradient: "tanh(score - y)",
      hessian: "1 - tanh(score - y)^2"),
    .init(
      "log-cosh with 1", .numbers, "logcosh(score - y)", gradient: "tanh(score - y)",
      hessian: "1"),
    .init(
      "fair", .numbers, "let r = abs(score - y) in r - log1p(r)",
      gradient: "\(r) / (1 + abs(score - y))", hessian: "1 / (1 + abs(score - y))^2"),
    .init(
      "cauchy", .numbers, "log1p(square(score - y))",
      gradient: "2 * \(r) / (1 + square(score - y))",
      hessian: "2 * (1 - square(score - y)) / (1 + square(score - y))^2"),
    .init(
      "cauchy, reweighted", .numbers, "log1p(square(score - y))",
      gradient: "2 * \(r) / (1 + square(score - y))", hessian: "2 / (1 + square(score - y))"),
    .init(
      "cauchy, positive part", .numbers, "log1p(square(score - y))",
      gradient: "2 * \(r) / (1 + square(score - y))",
      hessian: "max(0.001, 2 * (1 - square(score - y)) / (1 + square(score - y))^2)"),
    .init(
      "welsch", .numbers, "1 - exp(-square(score - y) / 2)",
      gradient: "\(r) * exp(-square(score - y) / 2)",
      hessian: "(1 - square(score - y)) * exp(-square(score - y) / 2)"),
    .init(
      "geman-mcclure", .numbers, "let q = square(score - y) in q / (1 + q)",
      gradient: "2 * \(r) / (1 + square(score - y))^2"),
    .init(
      "tukey", .numbers,
      "let u = (score - y) / 4.685 in if(abs(u) < 1, 1 - (1 - u^2)^3, 1)"),
    .init("truncated", .numbers, "min(square(score - y), 4)"),
    .init("smooth absolute", .numbers, "sqrt(square(score - y) + 0.01)"),
    .init("arctan", .numbers, "atan(square(score - y))"),
    .init(
      "circular", .numbers, "1 - cos(score - y)", gradient: "sin(score - y)",
      hessian: "cos(score - y)"),
    .init("barron", .numbers, "(square(score - y) / 3 + 1)^0.5 - 1"),
    .init(
      "mape", .positive, "abs(score - y) / abs(y)", gradient: "if(score > y, 1, -1) / abs(y)",
      hessian: "1 / y^2"),
    .init("smape", .positive, "2 * abs(score - y) / (abs(score) + abs(y))"),
    .init(
      "relative square", .positive, "square((score - y) / y)", gradient: "2 * \(r) / y^2",
      hessian: "2 / y^2"),
  ]

  private static let asymmetric: [ObjectiveText] = [
    .init("pinball", .numbers, "max(0.9 * (y - score), 0.1 * (score - y))"),
    .init(
      "pinball by hand", .numbers, "max(0.9 * (y - score), 0.1 * (score - y))",
      gradient: "if(score > y, 0.1, -0.9)", hessian: "1"),
    .init(
      "pinball of tau", .numbers, "max(tau * (y - score), (1 - tau) * (score - y))",
      gradient: "if(score > y, 1 - tau, -tau)", hessian: "1"),
    .init("smooth pinball", .numbers, "0.9 * (y - score) + softplus((score - y) * 4) / 4"),
    .init(
      "huber pinball", .numbers,
      "let r = score - y; let a = abs(r); if(r > 0, 0.1, 0.9) * if(a < 1, r^2 / 2, a - 0.5)",
      gradient: "if(score > y, 0.1, 0.9) * clamp(score - y, -1, 1)",
      hessian: "if(score > y, 0.1, 0.9)"),
    .init(
      "expectile", .numbers, "if(score > y, 0.2, 0.8) * square(score - y)",
      gradient: "2 * if(score > y, 0.2, 0.8) * \(r)", hessian: "2 * if(score > y, 0.2, 0.8)"),
    .init(
      "linex", .numbers, "exp(0.3 * (score - y)) - 0.3 * (score - y)",
      gradient: "0.3 * exp(0.3 * (score - y)) - 0.3", hessian: "0.09 * exp(0.3 * (score - y))"),
    .init("shortage costs more", .numbers, "if(score < y, 10, 1) * square(score - y)"),
    .init("newsvendor", .numbers, "2 * max(0, score - y) + 7 * max(0, y - score)"),
    .init(
      "gumbel", .numbers, "let z = y - score in z + exp(-z)", gradient: "exp(score - y) - 1",
      hessian: "exp(score - y)"),
    .init("logistic noise", .numbers, "let z = y - score in z + 2 * softplus(-z)"),
  ]

  private static let counts: [ObjectiveText] = [
    .init("poisson", .counts, poisson, gradient: "exp(score) - y", hessian: "exp(score)"),
    .init(
      "poisson, LightGBM's step", .counts, poisson, gradient: "exp(score) - y",
      hessian: "exp(score + 0.7)"),
    .init(
      "poisson exposure", .counts, "exposure * exp(score) - y * score; link=log",
      gradient: "exposure * exp(score) - y", hessian: "exposure * exp(score)"),
    .init(
      "poisson offset", .counts, "exp(score + offset) - y * (score + offset); link=log",
      gradient: "exp(score + offset) - y", hessian: "exp(score + offset)"),
    .init(
      "poisson softplus", .counts,
      "let m = softplus(score) + 1e-9 in m - y * log(m)"),
    .init("poisson square root", .counts, "square(sqrt(y) - exp(score / 2)); link=log"),
    .init(
      "gamma", .positive, "score + y * exp(-score); link=log",
      gradient: "1 - y * exp(-score)", hessian: "y * exp(-score)"),
    .init(
      "gamma, expected", .positive, "score + y * exp(-score); link=log",
      gradient: "1 - y * exp(-score)", hessian: "1"),
    .init("gamma of a ratio", .positive, "let z = y / exp(score) in z - log(z); link=log"),
    .init(
      "inverse gaussian", .positive,
      "y * exp(-2 * score) / 2 - exp(-score); link=log",
      gradient: "exp(-score) - y * exp(-2 * score)",
      hessian: "2 * y * exp(-2 * score) - exp(-score)"),
    .init(
      "tweedie", .counts, "2 * exp(0.5 * score) + 2 * y * exp(-0.5 * score); link=log",
      gradient: "exp(0.5 * score) - y * exp(-0.5 * score)",
      hessian: "0.5 * exp(0.5 * score) + 0.5 * y * exp(-0.5 * score)"),
    .init("tweedie 1.9", .counts, "10 * exp(0.1 * score) + y * exp(-0.9 * score) / 0.9; link=log"),
    .init(
      "negative binomial", .counts,
      "(y + 2) * softplus(score - log(2)) - y * score; link=log",
      gradient: "(y + 2) * sigmoid(score - log(2)) - y",
      hessian: "(y + 2) * sigmoid(score - log(2)) * (1 - sigmoid(score - log(2)))"),
    .init("squared log", .counts, "square(score - log1p(y))"),
    .init("log of softplus", .counts, "square(log1p(softplus(score)) - log1p(y))"),
    .init(
      "exponential waiting", .positive, "y * exp(score) - score",
      gradient: "y * exp(score) - 1", hessian: "y * exp(score)"),
  ]

  private static let labels: [ObjectiveText] = [
    .init("logistic", .labels, logistic, gradient: "\(p) - y", hessian: "\(p) * (1 - \(p))"),
    .init(
      "logistic on shares", .shares, logistic, gradient: "\(p) - y",
      hessian: "\(p) * (1 - \(p))"),
    .init("logistic, bound", .labels, logistic, gradient: "\(p) - y", hessian: "0.25"),
    .init("logistic with 1", .labels, logistic, gradient: "\(p) - y", hessian: "1"),
    .init(
      "logistic, floor", .labels, logistic, gradient: "\(p) - y",
      hessian: "max(\(p) * (1 - \(p)), 0.000001)"),
    .init(
      "logistic, damped", .labels, logistic, gradient: "\(p) - y",
      hessian: "\(p) * (1 - \(p)) + 0.01"),
    .init("logistic, |g|", .labels, logistic, gradient: "\(p) - y", hessian: "abs(\(p) - y)"),
    .init("logistic of -1 and 1", .labels, "softplus(-(2 * y - 1) * score); link=logit"),
    .init(
      "class weights", .labels, "if(y == 1, 5, 1) * (softplus(score) - y * score); link=logit",
      gradient: "if(y == 1, 5, 1) * (\(p) - y)", hessian: "if(y == 1, 5, 1) * \(p) * (1 - \(p))"),
    .init(
      "smoothed", .labels, "softplus(score) - (0.8 * y + 0.1) * score; link=logit",
      gradient: "\(p) - 0.8 * y - 0.1", hessian: "\(p) * (1 - \(p))"),
    .init(
      "focal", .labels,
      "let x = if(y == 1, score, -score); sigmoid(-x)^2 * softplus(-x); link=logit"),
    .init("brier", .labels, "square(\(p) - y); link=logit"),
    .init(
      "brier, Gauss-Newton", .labels, "square(\(p) - y); link=logit",
      gradient: "2 * (\(p) - y) * \(p) * (1 - \(p))", hessian: "2 * (\(p) * (1 - \(p)))^2"),
    .init(
      "hinge", .labels, "max(0, 1 - (2 * y - 1) * score); link=logit",
      gradient: "if((2 * y - 1) * score < 1, 1 - 2 * y, 0)", hessian: "1"),
    .init("squared hinge", .labels, "square(max(0, 1 - (2 * y - 1) * score)); link=logit"),
    .init(
      "exponential", .labels, "exp(-(2 * y - 1) * score); link=logit",
      gradient: "(1 - 2 * y) * exp(-(2 * y - 1) * score)", hessian: "exp(-(2 * y - 1) * score)"),
    .init(
      "temperature", .labels, "softplus(score / 4) - y * score / 4; link=logit",
      gradient: "(sigmoid(score / 4) - y) / 4",
      hessian: "sigmoid(score / 4) * (1 - sigmoid(score / 4)) / 16"),
    .init("probit-like", .labels, "-logsigmoid((2 * y - 1) * 1.702 * score); link=logit"),
    .init(
      "generalised cross-entropy", .labels,
      "(1 - exp(0.7 * logsigmoid((2 * y - 1) * score))) / 0.7; link=logit"),
  ]

  private static let classes: [ObjectiveText] = [
    .init(
      "softmax", .classes, softmax, gradient: "softmax(k) - if(k == y, 1, 0)",
      hessian: "softmax(k) * (1 - softmax(k))"),
    .init(
      "softmax, XGBoost's", .classes, softmax, gradient: "softmax(k) - if(k == y, 1, 0)",
      hessian: "max(2 * softmax(k) * (1 - softmax(k)), 1e-16)"),
    .init(
      "softmax, LightGBM's", .classes, softmax, gradient: "softmax(k) - if(k == y, 1, 0)",
      hessian: "1.5 * softmax(k) * (1 - softmax(k))"),
    .init(
      "softmax with 1", .classes, softmax, gradient: "softmax(k) - if(k == y, 1, 0)",
      hessian: "1"),
    .init(
      "one against all", .classes,
      "sum(k in classes: softplus(if(k == y, -score[k], score[k]))); link=logit"),
    .init(
      "weighted classes", .classes, "(1 + y) * (logsumexp(score) - score[y])",
      gradient: "(1 + y) * (softmax(k) - if(k == y, 1, 0))",
      hessian: "(1 + y) * softmax(k) * (1 - softmax(k))"),
    .init(
      "squared scores", .classes, "sum(k in classes: square(score[k] - if(k == y, 1, 0)))",
      gradient: "2 * (score[k] - if(k == y, 1, 0))", hessian: "2"),
  ]

  private static let survival: [ObjectiveText] = [
    .init("weibull", .positive, "let z = (log(y) - score) / 0.5 in exp(z) - event * z"),
    .init(
      "weibull of a ratio", .positive,
      "(y / exp(score))^1.5 - event * (1.5 * (log(y) - score)); link=log"),
    .init("exponential hazard", .positive, "y * exp(-score) + event * score; link=log"),
    .init(
      "log-logistic", .positive,
      "let z = log(y) - score in (1 + event) * softplus(z) - event * z; link=log"),
    .init("interval", .numbers, "square(max(0, low - score)) + square(max(0, score - high))"),
    .init(
      "tobit-like", .numbers,
      "if(event == 1, square(score - y), square(max(0, y - score)))"),
  ]

  private static let spreads: [ObjectiveText] = [
    .init(
      "gaussian", .numbers,
      "let z = (y - score[0]) * exp(-score[1]); score[1] + z^2 / 2; link=locationScale"),
    .init(
      "laplace", .numbers,
      "score[1] + abs(y - score[0]) * exp(-score[1]); link=locationScale"),
    .init(
      "student", .numbers,
      "let z = (y - score[0]) * exp(-score[1]); score[1] + 2.5 * log1p(z^2 / 4); "
        + "link=locationScale"),
    .init(
      "logistic scale", .numbers,
      "let z = (y - score[0]) * exp(-score[1]); score[1] + z + 2 * softplus(-z); "
        + "link=locationScale"),
    .init(
      "gumbel scale", .numbers,
      "let z = (y - score[0]) * exp(-score[1]); score[1] + z + exp(-z); link=locationScale"),
    .init(
      "log-normal", .positive,
      "let z = (log(y) - score[0]) * exp(-score[1]); score[1] + z^2 / 2; link=log"),
  ]

  private static let withRowData: [ObjectiveText] = [
    .init(
      "weights of 0", .labels, "w * (softplus(score) - y * score); link=logit",
      gradient: "w * (\(p) - y)", hessian: "w * \(p) * (1 - \(p))"),
    .init("price times error", .positive, "price * abs(score - y) / size"),
    .init(
      "discounted", .numbers, "exp(-0.05 * age) * square(score - y)",
      gradient: "2 * exp(-0.05 * age) * \(r)", hessian: "2 * exp(-0.05 * age)"),
    .init(
      "mean of shares", .shares, "size * (softplus(score) - y * score); link=logit",
      gradient: "size * (\(p) - y)", hessian: "size * \(p) * (1 - \(p))"),
    .init("capped by capacity", .positive, "square(min(score, size) - y)"),
    .init(
      "wide weights", .numbers, "wide * logcosh(score - y)",
      gradient: "wide * tanh(score - y)", hessian: "wide * (1 - tanh(score - y)^2)"),
    .init(
      "wide exposures", .counts, "wide * exp(score) - y * score; link=log",
      gradient: "wide * exp(score) - y", hessian: "wide * exp(score)"),
  ]
}
