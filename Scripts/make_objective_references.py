#!/usr/bin/env python3
"""Losses, gradients and Hessians of objectives from other implementations, for LossesTests.

    python3 Scripts/make_objective_references.py > Tests/Fixtures/objective-references.txt

Three kinds of lines:
  torch   PyTorch's own loss functions and torch.distributions, in float64; gradient and Hessian by
          its automatic differentiation.
  scipy   the negative log density of scipy.stats.
  mpmath  the textbook formula with 1500 digits at extreme scores, targets and parameters, where float
          arithmetic would cancel or overflow; derivatives by mpmath's differences.

A line is: source | objective | scores | target | row data | loss | gradient | diagonal Hessian |
full Hessian. An empty field was not computed. Terms of a likelihood that no score changes, and that the
objective documents as left out, are added to its loss.

Made with PyTorch 2.15.0, SciPy 1.17.1, mpmath 1.3.0.
"""

import math

import mpmath as mp
import numpy as np
import scipy
import scipy.stats as st
import torch
import torch.distributions as td
import torch.nn.functional as F

mp.mp.dps = 1500
LINES = []


def text(x):
    return repr(float(x)) if not isinstance(x, mp.mpf) else repr(float(x))


def add(source, objective, scores, target, data, loss, gradient=(), diagonal=(), full=()):
    def field(values):
        return " ".join(text(v) for v in values)

    LINES.append(
        " | ".join(
            [
                source, objective, field(scores), text(target), field(data),
                "" if loss is None else text(loss), field(gradient), field(diagonal), field(full),
            ]
        )
    )


# --- PyTorch -------------------------------------------------------------------------------------

SCORES = [-2.3, -0.4, 0.0625, 0.7, 3.1]


def torch_lines(objective, loss, cases, curved=True):
    """`loss(scores, target, data)`; curved: whether autograd's Hessian is the objective's."""
    for scores, target, data in cases:
        x = torch.tensor(scores, dtype=torch.float64, requires_grad=True)
        y = torch.tensor(target, dtype=torch.float64)
        d = torch.tensor(data, dtype=torch.float64)
        value = loss(x, y, d)
        (gradient,) = torch.autograd.grad(value, x, create_graph=True)
        diagonal, full = [], []
        if curved:
            matrix = torch.autograd.functional.hessian(lambda s: loss(s, y, d), x.detach())
            diagonal = torch.diagonal(matrix).tolist()
            full = matrix.flatten().tolist()
        add("torch", objective, scores, target, data, value.item(), gradient.tolist(), diagonal, full)


def single(targets):
    return [([s], t, []) for s, t in zip(SCORES, targets)]


def several(width, targets, spread=1.0):
    rng = np.random.default_rng(width)
    return [((spread * rng.normal(size=width)).tolist(), t, []) for t in targets]


def torch_all():
    numbers = [1.5, -3.0, 0.25, 0.2, 9.0]
    positive = [0.3, 1.0, 2.5, 7.0, 11.0]
    counts = [0.0, 1.0, 2.0, 5.0, 30.0]
    torch_lines("squared", lambda s, y, d: F.mse_loss(s[0], y), single(numbers))
    torch_lines("squared(half)", lambda s, y, d: F.mse_loss(s[0], y) / 2, single(numbers))
    torch_lines("sne", lambda s, y, d: F.mse_loss(s[0] / d[0], y / d[0]),
                [([s], t, [z]) for s, t, z in zip(SCORES, numbers, [0.5, 2.0, 7.0, 1e-3, 400.0])])
    torch_lines("absolute", lambda s, y, d: F.l1_loss(s[0], y), single(numbers), curved=False)
    for delta in [1.0, 0.3]:
        torch_lines(f"huber(delta={delta})",
                    lambda s, y, d, delta=delta: F.huber_loss(s[0], y, delta=delta), single(numbers))
    # SmoothL1Loss is Huber's loss divided by beta.
    torch_lines("huber(delta=0.5)",
                lambda s, y, d: 0.5 * F.smooth_l1_loss(s[0], y, beta=0.5), single(numbers))
    torch_lines("logistic", lambda s, y, d: F.binary_cross_entropy_with_logits(s[0], y),
                single([0.0, 1.0, 0.3, 1.0, 0.0]))
    # SoftMarginLoss with labels -1 and 1.
    torch_lines("logistic", lambda s, y, d: F.soft_margin_loss(s, (2 * y - 1).reshape(1)),
                single([0.0, 1.0, 0.0, 1.0, 0.0]))
    torch_lines("probability-cross-entropy(classes=2)",
                lambda s, y, d: F.binary_cross_entropy(s[0], y),
                [([s], t, []) for s, t in [(0.2, 0.0), (0.7, 1.0), (0.5, 0.25), (0.99, 0.0)]])
    torch_lines("squared-hinge",
                lambda s, y, d: torch.relu(F.margin_ranking_loss(
                    s[0], torch.zeros_like(s[0]), 2 * y - 1, margin=1.0)) ** 2,
                single([0.0, 1.0, 0.0, 1.0, 0.0]))
    torch_lines("one-vs-rest(classes=4)",
                lambda s, y, d: 4 * F.multilabel_soft_margin_loss(
                    s.unsqueeze(0), F.one_hot(y.long(), 4).double().unsqueeze(0)),
                several(4, [0.0, 2.0, 3.0]))
    for options, smoothing, weights in [
        ("classes=3", 0.0, None),
        ("classes=3, smoothing=0.1", 0.1, None),
        ("weights=[1, 2, 0.5]", 0.0, [1, 2, 0.5]),
        ("weights=[1, 2, 0.5], smoothing=0.2", 0.2, [1, 2, 0.5]),
    ]:
        w = None if weights is None else torch.tensor(weights, dtype=torch.float64)
        torch_lines(f"softmax({options})",
                    lambda s, y, d, w=w, e=smoothing: F.cross_entropy(
                        s.unsqueeze(0), y.long().unsqueeze(0), weight=w, label_smoothing=e,
                        reduction="sum"),
                    several(3, [0.0, 1.0, 2.0], 2.0))
    for options, weights in [("soft, classes=3", None),
                             ("soft, weights=[1, 2, 0.5]", [1, 2, 0.5])]:
        w = None if weights is None else torch.tensor(weights, dtype=torch.float64)
        torch_lines(f"softmax({options})",
                    lambda s, y, d, w=w: F.cross_entropy(
                        s.unsqueeze(0), d.unsqueeze(0), weight=w, reduction="sum"),
                    [(c[0], c[1], p) for c, p in zip(
                        several(3, [0.0, 1.0, 2.0], 2.0),
                        [[0.2, 0.3, 0.5], [0.0, 1.0, 0.0], [0.7, 0.2, 0.1]])])
    # KLDivLoss differs from cross-entropy with soft labels by the entropy of the labels.
    torch_lines("softmax(soft, classes=3)",
                lambda s, y, d: F.kl_div(F.log_softmax(s, 0), d, reduction="sum")
                - torch.xlogy(d, d).sum(),
                [(several(3, [0.0])[0][0], 0.0, [0.2, 0.3, 0.5])])
    torch_lines("poisson", lambda s, y, d: F.poisson_nll_loss(s[0], y, log_input=True),
                single(counts))
    torch_lines("gaussian",
                lambda s, y, d: F.gaussian_nll_loss(s[0], y, torch.exp(2 * s[1]), full=True, eps=0),
                several(2, numbers))
    pairs = several(2, numbers)
    scale = lambda s: torch.exp(s[1])
    torch_lines("laplace", lambda s, y, d: -td.Laplace(s[0], scale(s)).log_prob(y), pairs)
    for degrees in [1.0, 4.0, 30.0]:
        torch_lines(f"student-t(degrees={degrees})",
                    lambda s, y, d, v=degrees: -td.StudentT(v, s[0], scale(s)).log_prob(y), pairs)
    torch_lines("gumbel", lambda s, y, d: -td.Gumbel(s[0], scale(s)).log_prob(y), pairs)
    torch_lines("log-normal", lambda s, y, d: -td.LogNormal(s[0], scale(s)).log_prob(y),
                several(2, positive))
    # Torch's logistic distribution is a transformed uniform one.
    torch_lines("logistic-scale",
                lambda s, y, d: -td.TransformedDistribution(
                    td.Uniform(torch.zeros((), dtype=torch.float64), torch.ones((), dtype=torch.float64)),
                    [td.SigmoidTransform().inv, td.AffineTransform(s[0], scale(s))]).log_prob(y),
                pairs)
    torch_lines("gamma-shape",
                lambda s, y, d: -td.Gamma(scale(s), torch.exp(s[1] - s[0])).log_prob(y),
                several(2, positive))
    torch_lines("negative-binomial-dispersion",
                lambda s, y, d: -td.NegativeBinomial(torch.exp(-s[1]), logits=s[0] + s[1]).log_prob(y),
                several(2, counts))
    for a in [1.0, 0.1, 5.0]:
        def one_score(s, y, d, a=a):
            left_out = torch.lgamma(y + 1 / a) - math.lgamma(1 / a) - torch.lgamma(y + 1)
            return -td.NegativeBinomial(
                torch.tensor(1 / a, dtype=torch.float64), logits=s[0] + math.log(a)
            ).log_prob(y) + left_out

        torch_lines(f"negative-binomial(dispersion={a})", one_score, single(counts))


# --- SciPy ---------------------------------------------------------------------------------------


def scipy_all():
    rng = np.random.default_rng(11)
    for _ in range(4):
        m, s = rng.normal(), 0.7 * rng.normal()
        y, e = 3 * rng.normal(), math.exp(s)
        count, amount = float(rng.poisson(4)), float(rng.gamma(2))
        for name, density in [
            ("gaussian", st.norm), ("laplace", st.laplace), ("logistic-scale", st.logistic),
            ("gumbel", st.gumbel_r),
        ]:
            add("scipy", name, [m, s], y, [], -density.logpdf(y, loc=m, scale=e))
        add("scipy", "student-t(degrees=2.5)", [m, s], y, [], -st.t.logpdf(y, 2.5, loc=m, scale=e))
        add("scipy", "log-normal", [m, s], amount, [], -st.lognorm.logpdf(amount, e, scale=math.exp(m)))
        add("scipy", "gamma-shape", [m, s], amount, [],
            -st.gamma.logpdf(amount, e, scale=math.exp(m) / e))
        k, mean = math.exp(-s), math.exp(m)
        add("scipy", "negative-binomial-dispersion", [m, s], count, [],
            -st.nbinom.logpmf(count, k, k / (k + mean)))


# --- mpmath --------------------------------------------------------------------------------------


def exact(objective, loss, cases, kinks=False):
    """`loss(scores, target, data)` in mpmath; derivatives by differences of 1500 digits."""
    for scores, target, data in cases:
        x = [mp.mpf(s) for s in scores]
        y, d = mp.mpf(target), [mp.mpf(v) for v in data]

        def along(k, order):
            def moved(h):
                z = list(x)
                z[k] = x[k] + h
                return loss(z, y, d)

            # Steps far below the scale of the function, with digits to spare.
            with mp.workdps(1500):
                h = mp.mpf(10) ** -160
                if order == 1:
                    return (moved(h) - moved(-h)) / (2 * h)
                return (moved(h) - 2 * moved(mp.mpf(0)) + moved(-h)) / h**2

        with mp.workdps(1500):
            value = loss(x, y, d)
        add("mpmath", objective, scores, target, data, value,
            [along(k, 1) for k in range(len(x))],
            [] if kinks else [along(k, 2) for k in range(len(x))])


def sigmoid(x):
    return 1 / (1 + mp.exp(-x))


def softplus(x):
    return mp.log(1 + mp.exp(x))


def grid(scores, targets):
    return [([s], t, []) for s in scores for t in targets]


def pairs(locations, scales, targets):
    return [([m, s], t, []) for m in locations for s in scales for t in targets]


def mpmath_all():
    far = [0.0, 1e-9, -1e-9, 1e-4, -0.01, 0.3, -20.0, 40.0, -700.0, 700.0, -1e4, 1e4]
    exact("log-cosh", lambda s, y, d: mp.log(mp.cosh(s[0] - y)),
          grid([1e-12, 1e-5, 0.0099, 0.0101, 0.3, -19.0, 345.0, 1e4], [0.0]))
    for delta in [1.0, 1e-6, 1e6, 1e-150]:
        exact(f"pseudo-huber(delta={delta!r})",
              lambda s, y, d, a=mp.mpf(delta): a**2 * (mp.sqrt(1 + ((s[0] - y) / a) ** 2) - 1),
              grid([1e-9, 1e-3, 3.0, -1e4, 1e8], [0.0]))
    exact("squared-log", lambda s, y, d: (softplus(s[0]) - mp.log(1 + y)) ** 2,
          grid(far, [0.0, 1e-6, 3.0, 1e9]))
    for power in [1.000001, 1.5, 1.999999]:
        a = mp.mpf(power)
        exact(f"tweedie(power={power!r})",
              lambda s, y, d, a=a: mp.exp((2 - a) * s[0]) / (2 - a)
              - y * mp.exp((1 - a) * s[0]) / (1 - a),
              grid([-200.0, -20.0, 1e-4, 3.0, 200.0], [0.0, 1e-6, 2.5, 1e9]))
    exact("poisson", lambda s, y, d: mp.exp(s[0]) - y * s[0],
          grid([-1e4, -700.0, -20.0, 1e-9, 3.0, 290.0], [0.0, 1.0, 1e9]))
    exact("gamma", lambda s, y, d: s[0] + y * mp.exp(-s[0]),
          grid([-290.0, -20.0, 1e-9, 3.0, 700.0], [1e-6, 1.0, 1e9]))
    exact("logistic", lambda s, y, d: y * softplus(-s[0]) + (1 - y) * softplus(s[0]),
          grid(far, [0.0, 1.0, 0.25]))
    for gamma in [0.5, 2.0, 5.0]:
        g = mp.mpf(gamma)

        def focal(s, y, d, g=g):
            x = s[0] if y > 0.5 else -s[0]
            return sigmoid(-x) ** g * softplus(-x)

        exact(f"focal(gamma={gamma!r})", focal,
              grid([0.0, 1e-4, -3.0, 3.0, -37.0, 37.0, 60.0, 100.0, -60.0, -100.0], [1.0]))

    def cross_entropy(s, y, d):
        return mp.log(mp.fsum(mp.exp(v) for v in s)) - s[int(y)]

    exact("softmax(classes=3)", cross_entropy,
          [(s, float(y), []) for y in range(3) for s in [
              [0.1, 0.2, 0.3], [30.0, 0.0, -5.0], [50.0, 0.0, 1.0], [700.0, -700.0, 690.0],
              [1e4, 1e4, -1e4], [1000.0, 1000.0, 1000.0]]])
    exact("one-vs-rest(classes=2)",
          lambda s, y, d: softplus(s[0] if y != 0 else -s[0]) + softplus(s[1] if y != 1 else -s[1]),
          [([a, b], t, []) for a in [-50.0, 0.5, 700.0] for b in [-1e4, 40.0] for t in [0.0, 1.0]])

    def ordinal(s, y, d):
        classes, own = len(s), int(y)
        thresholds = [s[1]]
        for gap in s[2:]:
            thresholds.append(thresholds[-1] + softplus(gap))
        upper = mp.mpf(1) if own == classes - 1 else sigmoid(thresholds[own] - s[0])
        lower = mp.mpf(0) if own == 0 else sigmoid(thresholds[own - 1] - s[0])
        return -mp.log(upper - lower)

    exact("ordinal(classes=4)", ordinal,
          [(s, float(y), []) for y in range(4) for s in [
              [0.0, -1.0, 0.5, 0.5], [0.0, 0.0, -40.0, -40.0], [3.0, 0.0, -100.0, 2.0],
              [60.0, -1.0, 0.5, -30.0], [-300.0, 0.0, 1.0, 300.0], [0.0, -100.0, 200.0, -9.0]]])
    exact("smape", lambda s, y, d: 2 * abs(s[0] - y) / (abs(s[0]) + abs(y)),
          grid([1e-9, 0.9999999, 1.0000001, 7.0, 1e9], [1.0, 3e6]))

    # Time is log-normal, log-logistic or Weibull; event 1, lower bound 0.
    def failure(noise, scale):
        def loss(s, y, d):
            lower, upper = d
            z = lambda t: (mp.log(t) - s[0]) / scale

            def log_density(v):
                return {"normal": lambda: -v * v / 2 - mp.log(2 * mp.pi) / 2,
                        "logistic": lambda: -v - 2 * mp.log(1 + mp.exp(-v)),
                        "extreme-value": lambda: v - mp.exp(v)}[noise]()

            def below(v):
                return {"normal": lambda: mp.erfc(-v / mp.sqrt(2)) / 2,
                        "logistic": lambda: sigmoid(v),
                        "extreme-value": lambda: -mp.expm1(-mp.exp(v))}[noise]()

            def above(v):
                return {"normal": lambda: mp.erfc(v / mp.sqrt(2)) / 2,
                        "logistic": lambda: sigmoid(-v),
                        "extreme-value": lambda: mp.exp(-mp.exp(v))}[noise]()

            if lower == upper:
                return mp.log(scale * lower) - log_density(z(lower))
            if mp.isinf(upper):
                return -mp.log(above(z(lower)))
            if lower == 0:
                return -mp.log(below(z(upper)))
            return -mp.log(above(z(lower)) - above(z(upper)))

        return loss

    for noise in ["normal", "logistic", "extreme-value"]:
        for scale in [1.0, 0.2]:
            # Far above its time an extreme-value survival is exp(-exp(...)), beyond any digits.
            scores = [-2.0, 0.0, 1.5, 4.0, 8.0] + ([12.0, -6.0] if noise != "extreme-value" else [])
            exact(f"aft({noise}, interval, scale={scale!r})", failure(noise, mp.mpf(scale)),
                  [([s], 1.0, list(b)) for s in scores
                   for b in [(1.0, 1.0), (1.0, math.inf), (0.0, 2.0), (1.0, 3.0), (1.0, 1.0 + 2**-10),
                             (1.0, 1.0 + 2**-30)]])

    # Location and scale.
    def located(rho):
        return lambda s, y, d: s[1] + rho((y - s[0]) * mp.exp(-s[1]))

    half_log = mp.log(2 * mp.pi) / 2
    places = pairs([0.0, 1e4], [-20.0, -0.5, 30.0], [1e-6, 2.0, -1e9]) + pairs(
        [-1e4, 1e4], [250.0], [0.0])
    exact("gaussian", located(lambda z: z * z / 2 + half_log), places)
    exact("laplace", located(lambda z: abs(z) + mp.log(2)), places)
    exact("logistic-scale", located(lambda z: z + 2 * softplus(-z) if z > 0 else -z + 2 * softplus(z)),
          places + pairs([0.0], [0.0], [1e-8, -0.01, 30.0, -800.0]))
    exact("gumbel", located(lambda z: z + mp.exp(-z)),
          pairs([0.0], [-1.0, 0.0, 3.0], [1e-9, -1e-9, 0.7, -5.0, 90.0, -90.0, 1e9]))
    for degrees in [0.5, 4.0, 1e6]:
        v = mp.mpf(degrees)
        constant = mp.loggamma(v / 2) - mp.loggamma((v + 1) / 2) + mp.log(v * mp.pi) / 2
        exact(f"student-t(degrees={degrees!r})",
              located(lambda z, v=v, c=constant: (v + 1) / 2 * mp.log(1 + z * z / v) + c), places)
    exact("log-normal",
          lambda s, y, d: mp.log(y) + s[1] + ((mp.log(y) - s[0]) * mp.exp(-s[1])) ** 2 / 2 + half_log,
          pairs([0.0, -13.0, 20.0], [-5.0, 0.3, 20.0], [1e-6, 1.0, 1e9]))
    exact("gamma-shape",
          lambda s, y, d: mp.loggamma(mp.exp(s[1])) - mp.exp(s[1]) * s[1]
          + mp.exp(s[1]) * (s[0] + y * mp.exp(-s[0])) - (mp.exp(s[1]) - 1) * mp.log(y),
          pairs([-3.0, 0.5, 5.0], [-45.0, -8.0, 0.0, 3.0, 11.9, 12.1, 20.0], [1e-3, 2.0, 1e4]))
    for a in [1e-9, 0.3, 1e9]:
        exact(f"negative-binomial(dispersion={a!r})",
              lambda s, y, d, a=mp.mpf(a): softplus(s[0] + mp.log(a)) / a
              + y * softplus(-s[0] - mp.log(a)),
              grid([-1e4, -30.0, 0.4, 12.0, 700.0], [0.0, 1.0, 1e6]))

    def dispersed(s, y, d):
        k, t = mp.exp(-s[1]), s[0] + s[1]
        return (k * softplus(t) + y * softplus(-t) - mp.loggamma(y + k) + mp.loggamma(k)
                + mp.loggamma(y + 1))

    exact("negative-binomial-dispersion", dispersed,
          pairs([-8.0, 0.7, 5.0], [-35.0, -14.0, -3.0, -2.2, 0.0, 1.3, 40.0],
                [0.0, 1.0, 3.0, 0.5, 250.0, 1e4]))


def main():
    torch_all()
    scipy_all()
    mpmath_all()
    print("# Made by Scripts/make_objective_references.py, which says what the fields are, with")
    print(f"# PyTorch {torch.__version__.split('+')[0]}, SciPy {scipy.__version__}, mpmath {mp.__version__}.")
    for line in LINES:
        print(line)


main()
