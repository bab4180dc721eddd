#!/usr/bin/env python3
"""The steps of PyTorch's optimizers under given gradients, which ours must make, too.

    python3 Scripts/make_optimizer_traces.py > Tests/Fixtures/optimizer-traces.txt

Needs torch. Everything is computed in double precision. A line per step:

    optimizer | its numbers | step | weight decay | parameters after the step

The first half of the parameters are weights, which decay; the others are biases, which do not.
Parameters start at, and gradients are, the numbers that TestSupport's `referenceNumbers` draws:
parameter k starts at draw k of seed 1, less 0.5, and its gradient in step s (from 1) is draw k of
seed s + 1, less 0.5, times 10 to the power of (k mod 5) - 3.
"""
import sys

import torch

WEIGHTS = BIASES = 11  # Neither is a multiple of a vector's width.
STEPS = 12


def draws(count, seed):
    state, numbers = seed, []
    for _ in range(count):
        state = (state * 1103515245 + 12345) % (1 << 31)
        numbers.append(state / (1 << 31))
    return numbers


def trace(name, numbers, decay, make):
    count = WEIGHTS + BIASES
    start = [x - 0.5 for x in draws(count, 1)]
    parts = [torch.tensor(p, dtype=torch.float64, requires_grad=True)
             for p in (start[:WEIGHTS], start[WEIGHTS:])]
    optimizer = make([{"params": [parts[0]], "weight_decay": decay},
                      {"params": [parts[1]], "weight_decay": 0.0}])
    for step in range(1, STEPS + 1):
        gradient = [(x - 0.5) * 10.0 ** (k % 5 - 3)
                    for k, x in enumerate(draws(count, step + 1))]
        parts[0].grad = torch.tensor(gradient[:WEIGHTS], dtype=torch.float64)
        parts[1].grad = torch.tensor(gradient[WEIGHTS:], dtype=torch.float64)
        optimizer.step()
        after = [repr(x) for part in parts for x in part.tolist()]
        print(f"{name} | {numbers} | {step} | {decay!r} | {' '.join(after)}")


def main():
    print("# Made by Scripts/make_optimizer_traces.py, which says what the fields are, with "
          f"PyTorch {torch.__version__.split('+')[0]}.")
    for rate, momentum, decay in [(0.1, 0.0, 0.0), (0.05, 0.9, 0.0), (0.05, 0.9, 0.02)]:
        trace("sgd", f"{rate!r} {momentum!r}", decay,
              lambda groups: torch.optim.SGD(groups, lr=rate, momentum=momentum))
    for name, kind in [("adam", torch.optim.Adam), ("adamW", torch.optim.AdamW)]:
        for rate, beta1, beta2, epsilon, decay in [
                (0.003, 0.9, 0.999, 1e-8, 0.0), (0.003, 0.9, 0.999, 1e-8, 0.5),
                (0.01, 0.8, 0.95, 1e-3, 0.1)]:
            trace(name, f"{rate!r} {beta1!r} {beta2!r} {epsilon!r}", decay,
                  lambda groups: kind(groups, lr=rate, betas=(beta1, beta2), eps=epsilon))


if __name__ == "__main__":
    sys.exit(main())
