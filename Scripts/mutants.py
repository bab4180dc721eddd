#!/usr/bin/env python3
"""Do the tests notice when the program is changed?

    python3 Scripts/mutants.py --count 100 --seed 1          (or `make mutants`)

Changes single operators, constants and conditions of Sources, as many as asked for, chosen by chance from
the seed. All of them are compiled into one copy of the package, each behind a switch that an environment
variable turns on; so there is one build, and a mutant costs one run of its own module's tests. A mutant
is noticed if a test fails, the tests crash, or they take far longer than without it.

Survivors are listed by file and line. Those that change nothing that anybody could notice are explained
in Scripts/mutants-explained.txt, a line each: the change as it is printed here, a bar, the reason. They
do not count. The exit code is 1 if fewer than 90 % of the others were noticed.

Work is kept in .build/mutants: the same command goes on where it was stopped. --again tries survivors
once more, after tests were added.
"""
import argparse
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time

from mutations import SWITCH, all_mutants, write

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), ".."))
VARIABLE = "CURVATURE_MUTANT"
FLAGS = ["-c", "release", "-Xswiftc", "-enable-testing"]
SWITCH_SOURCE = f"""import Foundation

/// The number of the mutant that is on; 0 for none.
@usableFromInline
let {SWITCH} = Int(ProcessInfo.processInfo.environment["{VARIABLE}"] ?? "") ?? 0
"""


class Work:
    def __init__(self, options):
        self.options = options
        self.folder = os.path.join(ROOT, ".build", "mutants", f"seed-{options.seed}")
        self.tree = os.path.join(self.folder, "tree")
        self.state_path = os.path.join(self.folder, "state.json")
        os.makedirs(self.tree, exist_ok=True)
        self.sources = self.package_files()
        modules = options.modules.split(",") if options.modules else None
        swift = {path: text.decode() for path, text in self.sources.items()
                 if re.match(r"Sources/(?!C[A-Z])\w+/.*\.swift$", path)}
        # Numbers stay when others are dropped: then only the files of those are built again.
        pool = [(number, m) for number, m in enumerate(all_mutants(swift, options.seed), start=1)
                if not modules or m.module in modules]
        self.state = self.read_state()
        bad = set(self.state["uncompilable"])
        # Some more than asked for, because some will not compile.
        spare = options.count + max(8, options.count // 4)
        self.chosen = [(number, m) for number, m in pool if m.key not in bad][:spare]
        self.swift = swift

    def read_state(self):
        try:
            with open(self.state_path) as file:
                return json.load(file)
        except FileNotFoundError:
            return {"uncompilable": [], "results": {}}

    def save(self):
        with open(self.state_path + ".new", "w") as file:
            json.dump(self.state, file, indent=1)
        os.replace(self.state_path + ".new", self.state_path)

    @staticmethod
    def package_files():
        names = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True,
            capture_output=True, text=True).stdout.splitlines()
        files = {}
        for name in names + ["Package.resolved"]:
            path = os.path.join(ROOT, name)
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    files[name] = file.read()
        return files

    # The copy

    def write_tree(self):
        files = dict(self.sources)
        by_file = {}
        for number, mutant in self.chosen:
            by_file.setdefault(mutant.file, []).append((number, mutant))
        for path, mutants in by_file.items():
            files[path] = write(self.swift[path], mutants).encode()
        for module in {path.split("/")[1] for path in self.swift}:
            files[f"Sources/{module}/ActiveMutant.swift"] = SWITCH_SOURCE.encode()
        for name, data in files.items():
            path = os.path.join(self.tree, name)
            # Files that stay are not touched, so that little is built again.
            if not os.path.exists(path) or open(path, "rb").read() != data:
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "wb") as file:
                    file.write(data)
                os.chmod(path, os.stat(os.path.join(ROOT, name)).st_mode
                         if os.path.exists(os.path.join(ROOT, name)) else 0o644)
        for folder, _, names in os.walk(self.tree):
            for name in names:
                path = os.path.relpath(os.path.join(folder, name), self.tree)
                if path not in files and not path.startswith(".build"):
                    os.remove(os.path.join(folder, name))

    def build(self):
        """Builds the copy; mutants that do not compile are dropped until the rest does."""
        while True:
            self.write_tree()
            result = subprocess.run(
                [*self.options.build_with.split(), "build", *FLAGS, "--build-tests"], cwd=self.tree,
                capture_output=True, text=True)
            if result.returncode == 0:
                return
            output = result.stdout + result.stderr
            dropped = self.culprits(output)
            if not dropped:
                sys.exit(output[-4000:] + "\nmutants: the copy does not build, and no mutant is to blame")
            print(f"{len(dropped)} mutants do not compile and are replaced", flush=True)
            self.chosen = [(number, m) for number, m in self.chosen if m.key not in dropped]
            self.state["uncompilable"] += sorted(dropped)
            self.save()

    def culprits(self, output):
        dropped = set()
        numbered = dict(self.chosen)
        for path, line in set(re.findall(r"^(/\S+\.swift):(\d+):\d+: error", output, re.M)):
            with open(path) as file:
                lines = file.read().split("\n")[:int(line)]
            # The switch of a statement stands on its first line.
            for text in reversed(lines[-12:]):
                hit = re.search(rf"{SWITCH} == (\d+)", text)
                if hit:
                    dropped.add(numbered[int(hit.group(1))].key)
                    break
        return dropped

    # The tests

    def test(self, module, number, seconds=None):
        """None if the module's tests pass, else why not."""
        name = module[0].upper() + module[1:]
        bundle = os.path.join(self.tree, ".build", "release", "CurvaturePackageTests.xctest")
        # What `swift test` runs in the end, without a second of planning; on macOS it is a folder.
        command = ([bundle, "--testing-library", "swift-testing"] if os.path.isfile(bundle) else
                   ["swift", "test", *FLAGS, "--skip-build", "--disable-xctest"])
        environment = dict(os.environ, **{VARIABLE: str(number)})
        environment.pop("CURVATURE_THOROUGH_TESTS", None)
        process = subprocess.Popen(
            [*command, "--filter", f"^{name}Tests\\."], cwd=self.tree, env=environment,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
            start_new_session=True)
        late = threading.Event()

        def end():
            late.set()
            os.killpg(process.pid, signal.SIGKILL)

        timer = threading.Timer(seconds or 86_400, end)
        timer.start()
        ran, failed = False, None
        for line in process.stdout:
            ran = ran or re.search(r"Test run with [1-9]", line)
            failed = re.search(r"Test (.+?) (?:with .*?)?recorded an issue", line)
            if failed:
                # One is enough.
                os.killpg(process.pid, signal.SIGKILL)
                break
        process.wait()
        timer.cancel()
        if failed:
            return failed.group(1)
        if late.is_set():
            return f"the tests do not end in {seconds:.0f} s"
        if process.returncode != 0:
            return "the tests crash"
        if not ran:
            sys.exit(f"mutants: no test ran for {module}")
        return None

    def judge(self):
        end = time.monotonic() + self.options.seconds if self.options.seconds else None
        numbered = self.chosen[:self.options.count]
        seconds = {}
        for module in sorted({m.module for _, m in numbered}):
            start = time.monotonic()
            reason = self.test(module, 0)
            if reason:
                # Its mutants are not judged, which the last line tells.
                print(f"mutants: {module}'s tests fail without a mutant: {reason}", flush=True)
            else:
                seconds[module] = time.monotonic() - start
        sound = [pair for pair in numbered if pair[1].module in seconds]
        # Modules whose tests are quick come first: their survivors are soon known.
        for number, mutant in sorted(sound, key=lambda pair: seconds[pair[1].module]):
            known = self.state["results"].get(mutant.key)
            if known and (known["noticed"] or not self.options.again):
                continue
            if end and time.monotonic() > end:
                break
            reason = self.test(mutant.module, number, 30 + 5 * seconds[mutant.module])
            self.state["results"][mutant.key] = {"noticed": reason is not None, "by": reason}
            self.save()
            print(f"{'noticed ' if reason else 'SURVIVED'} {mutant.file}:{mutant.line}: {mutant.kind}"
                  f"{': ' + reason if reason else ''}", flush=True)
        return numbered


def explained():
    reasons = {}
    path = os.path.join(ROOT, "Scripts", "mutants-explained.txt")
    if os.path.exists(path):
        with open(path) as file:
            for line in file:
                if "|" in line and not line.startswith("#"):
                    key, reason = line.rsplit("|", 1)
                    reasons[key.strip()] = reason.strip()
    return reasons


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100, help="how many mutants")
    parser.add_argument("--seed", type=int, default=1, help="what the choice depends on")
    parser.add_argument("--seconds", type=float, help="stop judging after so long")
    parser.add_argument("--modules", help="only these, as Losses,MLP")
    parser.add_argument("--again", action="store_true", help="try survivors once more")
    parser.add_argument("--list", action="store_true", help="only print the mutants")
    parser.add_argument("--build-with", default="swift", help="what builds, instead of swift")
    options = parser.parse_args()
    work = Work(options)
    if options.list:
        for _, mutant in work.chosen[:options.count]:
            print(f"{mutant.file}:{mutant.line}: {mutant.before} -> {mutant.after}")
        return 0
    work.build()
    numbered = work.judge()
    reasons, results = explained(), work.state["results"]
    judged = [m for _, m in numbered if m.key in results]
    survivors = [m for m in judged if not results[m.key]["noticed"]]
    counted = [m for m in judged if m not in survivors or m.key not in reasons]
    noticed = len(judged) - len(survivors)
    print(f"\nmutants: {noticed} of {len(counted)} noticed"
          f" ({100 * noticed / max(1, len(counted)):.0f} %), "
          f"{len(judged) - len(counted)} explained, {options.count - len(judged)} not judged")
    for mutant in sorted(survivors, key=lambda m: (m.file, m.line)):
        reason = reasons.get(mutant.key)
        print(f"  {'explained' if reason else 'SURVIVED '} {mutant.file}:{mutant.line}: "
              f"{mutant.before} -> {mutant.after}{' | ' + reason if reason else ''}")
    return 0 if noticed >= 0.9 * len(counted) else 1


if __name__ == "__main__":
    sys.exit(main())
