/// How a Hessian is made usable; a Newton step needs positive curvature.
///
/// A policy never works in silence: ``apply(gradients:hessians:unit:)`` returns how many entries it
/// changed, and learners report the number. Which policy suits an objective, and why, is said by
/// its ``Objective/curvature``.
public enum CurvaturePolicy: Sendable, Hashable, Codable {
  /// The Hessian as the objective gives it; negative ones count as 0.
  case exact
  /// The expected Hessian under the model's own distribution, of objectives that offer it: never
  /// negative (Amari, "Natural Gradient Works Efficiently in Learning", Neural Computation 10,
  /// 1998).
  case fisher
  /// A curvature that bounds the loss's own from above, of objectives that offer it: its parabola
  /// lies above the loss, so that a full step never raises it; with several scores, its diagonal
  /// lies above the full Hessian (Hunter & Lange, "A Tutorial on MM Algorithms", The American
  /// Statistician 58, 2004).
  case upperBound
  /// The magnitude of the Hessian.
  case absolute
  /// The magnitude of the gradient. A step is then at most one unit of score long.
  case absoluteGradient
  /// At least this multiple of the unit, which is the mean magnitude of the Hessians at the initial
  /// scores.
  case floor(Double)
  /// This multiple of the unit for every row: plain gradient descent in the space of functions.
  case constant(Double)
  /// The curvature of this name that the objective offers (``Curvature/offers``).
  case named(String)

  /// The name of the offer that the policy asks of the objective; nil if it needs none.
  public var offerName: String? {
    switch self {
    case .fisher: "fisher"
    case .upperBound: "upper-bound"
    case .named(let name): name
    case .exact, .absolute, .absoluteGradient, .floor, .constant: nil
    }
  }

  /// Whether the policy needs the unit, the mean magnitude of the Hessians at the initial scores.
  public var needsUnit: Bool {
    switch self {
    case .floor, .constant: true
    default: false
    }
  }

  /// Makes `hessians` usable in place, all not yet multiplied by weights; O(count).
  ///
  /// A Hessian that is not a finite number is left alone, for the learner to find and to name its
  /// row.
  /// The policies that an objective must offer do nothing here but count negative values as 0;
  /// ``Objective/derivatives(at:_:policy:unit:gradients:hessians:)`` has put theirs in place.
  ///
  /// - Parameters:
  ///   - gradients: the gradients that belong to the Hessians, as many.
  ///   - unit: the mean magnitude of the Hessians at the initial scores; see ``unit(of:)``.
  /// - Returns: how many entries were changed.
  @discardableResult
  public func apply(
    gradients: Span<Double>, hessians: inout MutableSpan<Double>, unit: Double
  ) -> Int {
    precondition(gradients.count == hessians.count, "one gradient per Hessian")
    var changed = 0
    switch self {
    case .exact, .fisher, .upperBound, .named:
      for index in hessians.indices where hessians[index] < 0 && hessians[index] > -.infinity {
        hessians[index] = 0
        changed += 1
      }
    case .absolute:
      for index in hessians.indices where hessians[index] < 0 && hessians[index] > -.infinity {
        hessians[index] = -hessians[index]
        changed += 1
      }
    case .absoluteGradient:
      for index in hessians.indices {
        changed += Self.replace(&hessians[index], by: gradients[index].magnitude)
      }
    case .floor(let multiple):
      let floor = multiple * unit
      for index in hessians.indices where hessians[index] < floor && hessians[index] > -.infinity {
        hessians[index] = floor
        changed += 1
      }
    case .constant(let multiple):
      for index in hessians.indices {
        changed += Self.replace(&hessians[index], by: multiple * unit)
      }
    }
    return changed
  }

  /// Replaces a number, but never one that is not finite; 1 if it changed.
  private static func replace(_ hessian: inout Double, by value: Double) -> Int {
    guard hessian.isFinite, hessian != value else { return 0 }
    hessian = value
    return 1
  }

  /// The unit of ``floor(_:)`` and ``constant(_:)``: the mean magnitude of `hessians`, which an
  /// objective gave at the initial scores; 1 if that is 0. O(count).
  public static func unit(of hessians: Span<Double>) -> Double {
    var sum = 0.0
    for index in hessians.indices { sum += hessians[index].magnitude }
    let mean = sum / Double(hessians.count)
    return mean > 0 && mean.isFinite ? mean : 1
  }

  /// Refuses a policy that `objective` does not offer, or whose number is out of range.
  ///
  /// - Throws: ``CatalogueError`` with the names that the objective does offer.
  public func check(for objective: some Objective) throws(CatalogueError) {
    switch self {
    case .floor(let number), .constant(let number):
      guard number > 0, number.isFinite else {
        throw CatalogueError(
          .badParameter,
          "the curvature policy '\(self)' needs a positive multiple of the mean curvature")
      }
    default: break
    }
    guard let name = offerName else { return }
    let offers = objective.curvature.offers.map(\.name)
    guard offers.contains(name) else {
      let instead =
        offers.isEmpty
        ? "it offers none of its own; use exact, absolute, absolute-gradient, floor(0.01) or "
          + "constant(1)"
        : "it offers " + offers.map { "'\($0)'" }.joined(separator: ", ")
      throw CatalogueError(
        .unknownName, "objective '\(objective.name)' has no curvature '\(name)'; \(instead)")
    }
  }
}

extension CurvaturePolicy: CustomStringConvertible {
  /// A policy from its text on a command line: `exact`, `fisher`, `upper-bound`, `absolute`,
  /// `absolute-gradient`, `floor(0.01)`, `constant(1)`, or the name of a curvature that the
  /// objective offers.
  ///
  /// - Throws: ``CatalogueError`` if the text is not of the form `name` or `name(number)`.
  public init(_ text: String) throws(CatalogueError) {
    let call = try CallText(text)
    var numbers: [Double] = []
    for argument in call.arguments { numbers.append(try argument.number(of: call.name)) }
    switch (call.name, numbers.count) {
    case ("exact", 0): self = .exact
    case ("fisher", 0): self = .fisher
    case ("upper-bound", 0): self = .upperBound
    case ("absolute", 0): self = .absolute
    case ("absolute-gradient", 0): self = .absoluteGradient
    case ("floor", 1): self = .floor(numbers[0])
    case ("constant", 0): self = .constant(1)
    case ("constant", 1): self = .constant(numbers[0])
    case ("floor", _):
      throw CatalogueError(
        .badParameter, "'floor' needs one number, as in 'floor(0.01)', but it is '\(text)'")
    case (_, 0): self = .named(call.name)
    default:
      throw CatalogueError(
        .badParameter, "the curvature policy '\(call.name)' has no parameters, but it is '\(text)'")
    }
  }

  public var description: String {
    switch self {
    case .exact: "exact"
    case .fisher, .upperBound, .named: offerName ?? ""
    case .absolute: "absolute"
    case .absoluteGradient: "absolute-gradient"
    case .floor(let multiple): "floor(\(multiple))"
    case .constant(let multiple): "constant(\(multiple))"
    }
  }
}
