extension ObjectiveText {
  private static let logistic = "softplus(score) - y * score; link=logit"
  private static let softmax = "logsumexp(score) - score[y]"
  private static let poisson = "exp(score) - y * score; link=log"
  private static let sne = "square((score - y) / size)"
  private static let p = "sigmoid(score)"

  /// Objectives with a mistake that makes training senseless: those of the textbook, the size
  /// forgotten in all its forms, and others. `words` are of the sentence that names the mistake.
  public static let wrong: [ObjectiveText] = sizes + textbook + gradients + hessians + losses

  private static let sizes: [ObjectiveText] = [
    .init(
      "founding", .positive, sne, gradient: "2 * (score - y) / size", hessian: "2",
      words: "gradient / size matches the loss"),
    .init(
      "size in the gradient only", .positive, sne, gradient: "2 * (score - y) / size^2",
      hessian: "2", words: "Hessian lacks / size^2"),
    .init(
      "no size", .positive, sne, gradient: "2 * (score - y)", hessian: "2",
      words: "gradient / size^2 matches the loss"),
    .init(
      "size once in both", .positive, sne, gradient: "2 * (score - y) / size",
      hessian: "2 / size", words: "gradient / size matches the loss"),
    .init(
      "size once in the Hessian", .positive, sne, gradient: "2 * (score - y) / size^2",
      hessian: "2 / size", words: "Hessian lacks / size"),
    .init(
      "times size", .positive, sne, gradient: "2 * (score - y) * size", hessian: "2 * size",
      words: "gradient / size^3 matches the loss"),
    .init(
      "size cubed", .positive, sne, gradient: "2 * (score - y) / size^3",
      hessian: "2 / size^3", words: "gradient x size matches the loss"),
    .init(
      "size + 1", .positive, sne, gradient: "2 * (score - y) / (size + 1)^2",
      hessian: "2 / (size + 1)^2", words: "the ratio of both depends on 'size' alone"),
    .init(
      "log size", .positive, sne, gradient: "2 * (score - y) / log(size)^2",
      hessian: "2 / log(size)^2", words: "the gradient does not fit the loss"),
    .init(
      "root of size", .positive, "square(score - y) / size",
      gradient: "2 * (score - y) / sqrt(size)", hessian: "2 / sqrt(size)",
      words: "gradient / sqrt(size) matches the loss"),
    .init(
      "2 forgotten", .positive, sne, gradient: "(score - y) / size^2", hessian: "2 / size^2",
      words: "the factor 2 of a square is missing"),
    .init(
      "2 forgotten in the Hessian", .positive, sne, gradient: "2 * (score - y) / size^2",
      hessian: "1 / size^2", words: "Newton steps are 2.00 x too long"),
    .init(
      "2 in the Hessian only", .positive, "square((score - y) / size) / 2",
      gradient: "(score - y) / size^2", hessian: "2 / size^2",
      words: "the factor 2 of a square stand in one of both only"),
    .init(
      "founding, flipped", .positive, sne, gradient: "2 * (y - score) / size", hessian: "2",
      words: "the sign is flipped"),
    .init(
      "exposure forgotten", .counts, "exposure * exp(score) - y * score; link=log",
      gradient: "exp(score) - y", hessian: "exp(score)",
      words: "the loss reads 'exposure', the gradient does not"),
    .init(
      "weight in the gradient", .numbers, "square(score - y)",
      gradient: "2 * (score - y) * 3", hessian: "2", words: "gradient is 3.00 x"),
    .init(
      "weight forgotten", .numbers, "rate * square(score - y)", gradient: "2 * (score - y)",
      hessian: "2", words: "gradient x rate matches the loss"),
    .init(
      "weight in the gradient, not in the Hessian", .numbers, "rate * square(score - y)",
      gradient: "2 * rate * (score - y)", hessian: "2", words: "Hessian lacks x rate"),
  ]

  private static let textbook: [ObjectiveText] = [
    .init(
      "y - p", .labels, logistic, gradient: "y - \(p)", hessian: "\(p) * (1 - \(p))",
      words: "the sign is flipped"),
    .init(
      "y - p, softmax", .classes, softmax, gradient: "if(k == y, 1, 0) - softmax(k)",
      hessian: "softmax(k) * (1 - softmax(k))", words: "the sign is flipped"),
    .init(
      "ReLU for its derivative", .positive, "square(max(score, 0) - y)",
      gradient: "2 * (max(score, 0) - y) * max(score, 0)", hessian: "if(score > 0, 2, 0)",
      words: "an activation (ReLU) is passed where its derivative is due"),
    .init(
      "elementwise Jacobian", .classes, softmax,
      gradient: "(softmax(k) - if(k == y, 1, 0)) * softmax(k) * (1 - softmax(k))",
      hessian: "softmax(k) * (1 - softmax(k))", words: "the softmax Jacobian is diag(p) - p p^T"),
    .init(
      "Jacobian summed", .classes, softmax,
      gradient: "-if(k == y, 1 / softmax(k), 0) "
        + "* sum(j in classes: if(j == k, softmax(j), 0) - softmax(j) * softmax(k))",
      hessian: "softmax(k) * (1 - softmax(k))", words: "gradient is zero"),
    .init(
      "mean over scores", .classes, softmax, gradient: "(softmax(k) - if(k == y, 1, 0)) / classes",
      hessian: "softmax(k) * (1 - softmax(k)) / classes", words: "1 / 3, the number of scores"),
    .init(
      "log base 2", .labels, "(softplus(score) - y * score) / log(2); link=logit",
      gradient: "\(p) - y", hessian: "\(p) * (1 - \(p))", words: "the logarithm to base 2"),
    .init(
      "log base 10", .labels, "(softplus(score) - y * score) / log(10); link=logit",
      gradient: "\(p) - y", hessian: "\(p) * (1 - \(p))", words: "the logarithm to base 10"),
    .init(
      "probabilities expected", .labels, "-y * log(score) - (1 - y) * log(1 - score); link=logit",
      gradient: "(score - y) / (score * (1 - score))", words: "it expects probabilities"),
    .init(
      "sigmoid twice", .labels, "softplus(\(p)) - y * \(p); link=logit",
      words: "sigmoid is applied twice"),
    .init(
      "Hessian of minus the loss", .numbers, "square(score - y)", gradient: "2 * (score - y)",
      hessian: "-2", words: "the sign is wrong"),
    .init(
      "softmax Hessian flipped", .classes, softmax, gradient: "softmax(k) - if(k == y, 1, 0)",
      hessian: "softmax(k) * (softmax(k) - 1)", words: "the sign is wrong"),
    .init(
      "log-likelihood", .labels, "y * score - softplus(score); link=logit",
      words: "log p instead of -log p"),
  ]

  private static let gradients: [ObjectiveText] = [
    .init(
      "p", .labels, logistic, gradient: p, hessian: "\(p) * (1 - \(p))",
      words: "the target is not subtracted"),
    .init(
      "score", .numbers, "square(score - y)", gradient: "2 * score", hessian: "2",
      words: "the target is not subtracted"),
    .init(
      "score + y", .numbers, "square(score - y)", gradient: "2 * (score + y)", hessian: "2",
      words: "the target's sign flipped"),
    .init(
      "score - y under a sigmoid", .labels, logistic, gradient: "score - y", hessian: "1",
      words: "the sigmoid (the inverse of the link) is missing"),
    .init(
      "score - y under exp", .counts, poisson, gradient: "score - y", hessian: "1",
      words: "the exp (the inverse of the link) is missing"),
    .init(
      "score[k] - y", .classes, softmax, gradient: "score[k] - if(k == y, 1, 0)", hessian: "1",
      words: "softmax(k) - y is due, not score[k] - y"),
    .init(
      "p (1 - p) once too often", .labels, logistic, gradient: "(\(p) - y) * \(p) * (1 - \(p))",
      hessian: "\(p) * (1 - \(p))", words: "is multiplied in once too often"),
    .init(
      "Brier without the link", .labels, "square(\(p) - y); link=logit",
      gradient: "2 * (\(p) - y)", hessian: "2 * \(p) * (1 - \(p))",
      words: "gradient lacks the factor p (1 - p)"),
    .init(
      "by the mean", .counts, poisson, gradient: "1 - y / exp(score)", hessian: "exp(score)",
      words: "gradient lacks the factor exp(score)"),
    .init(
      "log link without its derivative", .positive, "square(exp(score) - y); link=log",
      gradient: "2 * (exp(score) - y)", hessian: "2 * exp(2 * score)",
      words: "gradient lacks the factor exp(score)"),
    .init(
      "1 - y", .labels, logistic, gradient: "\(p) - (1 - y)", hessian: "\(p) * (1 - \(p))",
      words: "1 - y stands in the place of y"),
    .init(
      "the class's number", .classes, softmax, gradient: "softmax(k) - y",
      hessian: "softmax(k) * (1 - softmax(k))", words: "the number of the class is subtracted"),
    .init(
      "classes from 1", .classes, softmax, gradient: "softmax(k) - if(k == y + 1, 1, 0)",
      hessian: "softmax(k) * (1 - softmax(k))", words: "the class index is off by one"),
    .init(
      "no 1 at the true class", .classes, softmax, gradient: "softmax(k)",
      hessian: "softmax(k) * (1 - softmax(k))", words: "the 1 is not subtracted"),
    .init(
      "true class only", .classes, softmax, gradient: "if(k == y, softmax(k) - 1, 0)",
      hessian: "softmax(k) * (1 - softmax(k))", words: "those of the other classes are missing"),
    .init(
      "-y / p", .classes, softmax, gradient: "if(k == y, -1 / softmax(k), 0)",
      hessian: "softmax(k) * (1 - softmax(k))", words: "the softmax Jacobian is missing"),
    .init(
      "tau exchanged", .numbers, "max(0.9 * (y - score), 0.1 * (score - y))",
      gradient: "if(score > y, 0.9, -0.1)", hessian: "1",
      words: "the weights of the two sides (tau and 1 - tau) are exchanged"),
    .init(
      "expectile sides exchanged", .numbers, "if(score > y, 0.2, 0.8) * square(score - y)",
      gradient: "2 * if(score > y, 0.8, 0.2) * (score - y)", hessian: "2 * if(score > y, 0.8, 0.2)",
      words: "the weights of the two sides (tau and 1 - tau) are exchanged"),
    .init(
      "one side only", .numbers, "square(score - y)",
      gradient: "if(score > y, 2 * (score - y), 0)", hessian: "2",
      words: "where the score is below the target, and only there"),
    .init(
      "size of the error", .numbers, "square(score - y)", gradient: "2 * abs(score - y)",
      hessian: "2", words: "where the score is below the target, and only there; there it is -1.00"),
    .init(
      "Huber without its clip", .numbers,
      "let r = abs(score - y) in if(r < 2, r^2 / 2, 2 * r - 2)", gradient: "score - y",
      hessian: "1", words: "the clip at 2.00 is missing"),
    .init(
      "Huber without delta", .numbers,
      "let r = abs(score - y) in if(r < 2, r^2 / 2, 2 * r - 2)",
      gradient: "if(abs(score - y) < 2, score - y, if(score > y, 1, -1))",
      hessian: "if(abs(score - y) < 2, 1, 0)", words: "there it is 0.500 x the slope"),
    .init(
      "Huber with another delta", .numbers,
      "let r = abs(score - y) in if(r < 2, r^2 / 2, 2 * r - 2)",
      gradient: "clamp(score - y, -1, 1)", hessian: "if(abs(score - y) < 1, 1, 0)",
      words: "different thresholds"),
    .init(
      "constant added", .numbers, "square(score - y)", gradient: "2 * (score - y) + 1",
      hessian: "2", words: "plus 1.00 in every place"),
    .init(
      "penalty", .numbers, "square(score - y)", gradient: "2 * (score - y) + 0.2 * score",
      hessian: "2.2", words: "a penalty on the score"),
    .init(
      "smoothing in the loss only", .labels,
      "softplus(score) - (0.8 * y + 0.1) * score; link=logit", gradient: "\(p) - y",
      hessian: "\(p) * (1 - \(p))", words: "is the label smoothed in one"),
    .init(
      "degrees", .numbers, "square(score - y)", gradient: "2 * (score - y) * 57.29577951",
      hessian: "2", words: "degrees and radians"),
    .init(
      "temperature", .labels, "softplus(score / 4) - y * score / 4; link=logit",
      gradient: "sigmoid(score / 4) - y", hessian: "sigmoid(score / 4) * (1 - sigmoid(score / 4))",
      words: "gradient is 4.00 x"),
    .init(
      "class weight", .labels, logistic, gradient: "if(y == 1, 5, 1) * (\(p) - y)",
      hessian: "if(y == 1, 5, 1) * \(p) * (1 - \(p))",
      words: "where the target is 1, and only there"),
    .init(
      "label instead of probability", .labels, logistic, gradient: "if(score > 0, 1, 0) - y",
      hessian: "0.25", words: "takes only 3 different values"),
    .init(
      "focal without its second term", .labels,
      "let x = if(y == 1, score, -score); sigmoid(-x)^2 * softplus(-x); link=logit",
      gradient: "let x = if(y == 1, score, -score) in sigmoid(-x)^2 * (\(p) - y)",
      hessian: "let x = if(y == 1, score, -score) in sigmoid(-x)^2 * \(p) * (1 - \(p))",
      words: "is held constant: its own derivative is missing"),
    .init(
      "gamma, y and mu exchanged", .positive, "score + y * exp(-score); link=log",
      gradient: "1 - exp(score) / y", hessian: "exp(score) / y",
      words: "y and mu = exp(score) are exchanged"),
    .init(
      "gamma without y", .positive, "score + y * exp(-score); link=log",
      gradient: "1 - exp(-score)", hessian: "exp(-score)", words: "the target is left out"),
    .init(
      "Poisson, y and mu exchanged", .counts, poisson, gradient: "y - exp(score)",
      hessian: "exp(score)", words: "the sign is flipped"),
    .init(
      "Tweedie, one term", .counts,
      "2 * exp(0.5 * score) + 2 * y * exp(-0.5 * score); link=log", gradient: "exp(0.5 * score)",
      hessian: "0.5 * exp(0.5 * score)", words: "the target is left out"),
    .init(
      "Tweedie, another power", .positive,
      "2 * exp(0.5 * score) + 2 * y * exp(-0.5 * score); link=log",
      gradient: "exp(0.7 * score) - y * exp(-0.3 * score)",
      hessian: "0.7 * exp(0.7 * score) + 0.3 * y * exp(-0.3 * score)",
      words: "the gradient does not fit the loss"),
    .init(
      "power's factor", .numbers, "abs(score - y)^3",
      gradient: "abs(score - y) * (score - y)", hessian: "2 * abs(score - y)",
      words: "gradient is 0.333 x"),
    .init(
      "power's exponent", .numbers, "(score - y)^4", gradient: "4 * (score - y)^2",
      hessian: "12 * (score - y)^2", words: "the exponent of the error is 2.00, 3.00 is due"),
    .init(
      "squared for absolute", .numbers, "abs(score - y)", gradient: "score - y", hessian: "1",
      words: "the exponent of the error is 1.00, 0 is due"),
    .init(
      "normalised gradient", .numbers, "square(score - y)",
      gradient: "if(score > y, 1, -1)", hessian: "1",
      words: "the exponent of the error is 0, 1.00 is due"),
    .init(
      "flat side", .positive, "square(max(score, 0) - y)",
      gradient: "if(score > 0, 2 * (score - y), 1000)", hessian: "2",
      words: "the gradient is not zero there"),
    .init(
      "columns exchanged", .numbers, "price * square((score - y) / size)",
      gradient: "2 * size * (score - y) / price^2", hessian: "2 * size / price^2",
      words: "exchanged"),
    .init(
      "epsilon forgotten", .numbers, "max(0, abs(score - y) - 3)",
      gradient: "if(score > y, 1, -1)", hessian: "1", words: "where |score - target| is below 3"),
    .init(
      "hinge by labels of 0 and 1", .labels, "max(0, 1 - (2 * y - 1) * score); link=logit",
      gradient: "if(y * score < 1, -y, 0)", hessian: "1", words: "the gradient does not fit"),
    .init(
      "sum of scores", .classes, softmax, gradient: "sum(score)", hessian: "1",
      words: "the gradient does not fit"),
  ]

  private static let hessians: [ObjectiveText] = [
    .init(
      "H p", .labels, logistic, gradient: "\(p) - y", hessian: p,
      words: "Hessian lacks the factor 1 - p"),
    .init(
      "H 1 - p", .labels, logistic, gradient: "\(p) - y", hessian: "1 - \(p)",
      words: "Hessian lacks the factor p,"),
    .init(
      "H p squared", .labels, logistic, gradient: "\(p) - y", hessian: "\(p)^2",
      words: "Hessian is p^2"),
    .init(
      "H squared", .labels, logistic, gradient: "\(p) - y", hessian: "(\(p) * (1 - \(p)))^2",
      words: "Hessian has an extra factor p (1 - p)"),
    .init(
      "H root", .labels, logistic, gradient: "\(p) - y", hessian: "sqrt(\(p) * (1 - \(p)))",
      words: "Hessian is the square root"),
    .init(
      "H gradient", .labels, logistic, gradient: "\(p) - y", hessian: "\(p) - y",
      words: "Hessian equals the gradient"),
    .init(
      "H negative", .labels, logistic, gradient: "\(p) - y", hessian: "-\(p) * (1 - \(p))",
      words: "the sign is wrong"),
    .init(
      "H halved", .labels, logistic, gradient: "\(p) - y", hessian: "\(p) * (1 - \(p)) / 2",
      words: "2.00 x too long"),
    .init(
      "H doubled", .labels, logistic, gradient: "\(p) - y", hessian: "2 * \(p) * (1 - \(p))",
      words: "Hessian is 2.00 x"),
    .init(
      "H of the whole batch", .numbers, "square(score - y)", gradient: "2 * (score - y)",
      hessian: "128", words: "steps are 64.0 x too short"),
    .init(
      "H of a softmax p", .classes, softmax, gradient: "softmax(k) - if(k == y, 1, 0)",
      hessian: "softmax(k)", words: "Hessian lacks the factor 1 - p"),
    .init(
      "H of a softmax 1 - p", .classes, softmax, gradient: "softmax(k) - if(k == y, 1, 0)",
      hessian: "1 - softmax(k)", words: "Hessian lacks the factor p,"),
    .init(
      "H without its class weight", .labels,
      "if(y == 1, 20, 1) * (softplus(score) - y * score); link=logit",
      gradient: "if(y == 1, 20, 1) * (\(p) - y)", hessian: "\(p) * (1 - \(p))",
      words: "0.05000 x in rows with target 1"),
    .init(
      "H with a class weight", .labels, logistic, gradient: "\(p) - y",
      hessian: "if(y == 1, 20, 1) * \(p) * (1 - \(p))", words: "20.0 x in rows with target 1"),
    .init(
      "H by the mean", .counts, poisson, gradient: "exp(score) - y", hessian: "1 / exp(score)",
      words: "Hessian does not fit"),
    .init(
      "H without exp", .positive, "score + y * exp(-score); link=log",
      gradient: "1 - y * exp(-score)", hessian: "y", words: "Hessian has an extra factor exp(score)"
    ),
    .init(
      "H of the exponent", .numbers, "(score - y)^4", gradient: "4 * (score - y)^3",
      hessian: "4 * (score - y)^2", words: "too long"),
    .init(
      "H zero", .numbers, "square(score - y)", gradient: "2 * (score - y)", hessian: "0",
      words: "Hessian is zero in every row"),
  ]

  private static let losses: [ObjectiveText] = [
    .init("no target", .numbers, "square(score)", words: "does not depend on the target"),
    .init(
      "another column for the target", .numbers, "square(score - price)",
      words: "compares the score with row data 'price'"),
    .init("cubic", .numbers, "(score - y)^3", words: "there is no minimum"),
    .init("no absolute value", .numbers, "score - y", words: "falls without end"),
    .init("maximised", .numbers, "-square(score - y)", words: "the loss falls without end"),
  ]
}
