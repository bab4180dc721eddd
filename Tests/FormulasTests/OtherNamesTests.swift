import Formulas
import Losses
import TestSupport
import Testing

/// Names that other libraries have for objectives, functions and variables.
@Suite("Names of other libraries")
struct OtherNamesTests {
  private func refusal(_ text: String) -> String {
    do {
      return "accepted as \(try parseObjective(text).name)"
    } catch {
      return error.message
    }
  }

  @Test(
    "objectives of scikit-learn, PyTorch, LightGBM, XGBoost and CatBoost",
    arguments: [
      ("mse", "squared"), ("l2", "squared"), ("RMSE", "squared"), ("squared_error", "squared"),
      ("reg:squarederror", "squared"), ("MSELoss", "squared"), ("regression", "squared"),
      ("mae", "absolute"), ("L1Loss", "absolute"), ("regression_l1", "absolute"),
      ("huber_loss", "huber"), ("SmoothL1Loss", "huber"), ("huber_loss(1.5)", "huber"),
      ("reg:pseudohubererror", "pseudo-huber"), ("pinball(0.9)", "quantile"),
      ("reg:quantileerror", "quantile"), ("count:poisson", "poisson"), ("reg:gamma", "gamma"),
      ("reg:tweedie", "tweedie"), ("msle", "squared-log"), ("binary", "logistic"),
      ("binary:logistic", "logistic"), ("log_loss", "logistic"), ("Logloss", "logistic"),
      ("BCEWithLogitsLoss", "logistic"), ("bce", "logistic"), ("cross_entropy", "softmax"),
      ("cross_entropy", "logistic"), ("CrossEntropyLoss", "softmax"), ("multiclass", "softmax"),
      ("multi:softprob", "softmax"), ("NLLLoss", "softmax"), ("multiclassova", "one-vs-rest"),
      ("sigmoid_focal_loss", "focal"), ("hinge", "squared-hinge"), ("rank:pairwise", "pairwise"),
      ("rank:ndcg", "lambdamart"), ("lambdarank", "lambdamart"), ("survival:cox", "cox"),
      ("survival:aft", "aft"), ("GaussianNLLLoss", "gaussian"),
    ])
  func objectives(_ name: String, _ meant: String) {
    let message = refusal(name)
    #expect(message.contains("there is no objective '"), "\(message)")
    #expect(message.contains("'\(meant)'"), "\(message)")
    #expect(Catalogue.entry(named: meant) != nil)
  }

  @Test("the catalogue suggests them, too")
  func catalogue() {
    do {
      _ = try Catalogue.objective("mse")
      Issue.record("accepted")
    } catch {
      #expect(error.description.contains("did you mean 'squared'?"))
    }
  }

  @Test(
    "functions of other languages",
    arguments: [
      ("log10(score) - y", "log(x) / log(10)"), ("ln(score) - y", "log(x)"),
      ("relu(score) - y", "max(x, 0)"), ("where(score > y, 1, 0) * score", "if(condition, a, b)"),
      ("np.log(score) - y", "log(x)"), ("np.abs(score - y)", "abs(x)"),
      ("math.exp(score) - y", "exp(x)"), ("torch.abs(score - y)", "without 'torch.': write abs(x)"),
      ("tf.math.log1p(score) - y", "log1p(x)"), ("np.maximum(score, y)", "max(a, b)"),
      ("np.mean(square(score - y))", "the loss of one row alone"),
      ("mean(square(score - y))", "the loss of one row alone"),
      ("expit(score) - y", "sigmoid(x)"), ("clip(score, 0, 1) - y", "clamp(x, low, high)"),
    ])
  func functions(_ text: String, _ words: String) {
    #expect(refusal(text).contains(words), "\(refusal(text))")
  }

  @Test("a star pair is a power, a dot within a name is told")
  func signs() throws {
    #expect(try parseObjective("(score - y)**2").name == "(score - y)^2")
    #expect(refusal("square(score - y) / row.size").contains("written in backquotes: `row.size`"))
  }

  @Test(
    "a target or score by another name",
    arguments: [
      "target", "label", "y_true", "truth", "Y", "actual", "ground_truth", "labels", "response",
    ])
  func targets(_ name: String) throws {
    let message = refusal("square(score - \(name))")
    #expect(message.contains("did you mean 'y' by '\(name)'?"), "\(message)")
    // In backquotes, or beside y, it is a column.
    #expect(try parseObjective("square(score - `\(name)`)").rowDataNames == [name])
    #expect(try parseObjective("square(score - y) * \(name)").rowDataNames == [name])
  }

  @Test(
    "scores by another name",
    arguments: ["pred", "y_pred", "logits", "yhat", "y_hat", "prediction", "output"])
  func scores(_ name: String) {
    let message = refusal("square(\(name) - y)")
    #expect(message.contains("did you mean 'score' by '\(name)'?"), "\(message)")
    #expect(refusal("square(y_true - \(name))").contains("and 'y' by 'y_true'?"))
  }
}
