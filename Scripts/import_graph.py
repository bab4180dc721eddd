#!/usr/bin/env python3
"""Which room needs which: prints the import graph of Sources and fails where an arrow points up.

    python3 Scripts/import_graph.py            (or `make graph`; `make lint` runs it with --quiet)

Targets: an import may only name a target of a lower layer (LAYERS). Folders of a target: a folder needs
another where one of its files names a type, function or constant that is declared there at file level;
no two folders may need each other, directly or by way of others. The text of the sources is read, not
their meaning: a name that is declared in two folders is left out.

Options of the command line (`--rounds`) are named in `bench` alone: the libraries say what to set.
"""
import argparse
import collections
import os
import re
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "Sources"))

# From the ground up. Targets of one layer do not know each other.
LAYERS = [
    ["Wording"],
    ["Losses", "Tabular", "Parallel"],
    ["Formulas", "Checking", "HDF5"],
    ["Learning"],
    ["BoostedTrees", "MLP", "Baselines"],
    ["Harness"],
    ["Reports"],
    ["Curvature", "bench"],
]
LAYER = {target: number for number, layer in enumerate(LAYERS) for target in layer}

ATTRIBUTES = r"(?:@\w+(?:\([^)]*\))?\s+)*"
MODIFIERS = r"(?:(?:public|package|internal|final|indirect|nonisolated)\s+)*"
IMPORT = re.compile(
    r"^(?:@\w+ +)*(?:public +|package +)?import +"
    r"(?:(?:struct|class|enum|protocol|typealias|func|let|var) +)?(\w+)", re.M)
DECLARATION = re.compile(
    rf"^{ATTRIBUTES}{MODIFIERS}(?:struct|class|enum|protocol|typealias|actor|func|let|var)\s+"
    r"([A-Za-z_]\w*)", re.M)


def code(path):
    """A file without its comments and without the contents of its strings."""
    with open(path) as file:
        text = file.read()
    text = re.sub(r'"""(.|\n)*?"""', '""', text)
    text = re.sub(r"//[^\n]*", "", text)
    return re.sub(r'"(\\.|[^"\\\n])*"', '""', text)


def swift_files(folder):
    return sorted(
        os.path.join(place, name)
        for place, _, names in os.walk(folder) for name in names if name.endswith(".swift"))


def targets_graph(files):
    graph = collections.defaultdict(set)
    for target, paths in files.items():
        for text in paths.values():
            for name in IMPORT.findall(text):
                if name in LAYER and name != target:
                    graph[target].add(name)
    return graph


def folders_graph(target, paths):
    """folder -> folder -> the names that are needed, with the file that needs them."""
    places = collections.defaultdict(set)
    for path, text in paths.items():
        for name in DECLARATION.findall(text):
            places[name].add(os.path.dirname(path))
    graph = collections.defaultdict(lambda: collections.defaultdict(list))
    for path, text in paths.items():
        here = os.path.dirname(path)
        for name in sorted(set(re.findall(r"\b[A-Za-z_]\w*\b", text))):
            if len(places[name]) == 1 and here not in places[name]:
                graph[here][next(iter(places[name]))].append((os.path.basename(path), name))
    return graph


def flags(path):
    """Lines of a file with an option of the command line in a string."""
    with open(path) as file:
        for number, line in enumerate(file, start=1):
            if not line.lstrip().startswith("//") and re.search(r'"[^"]*(?<![\w-])--[a-z][a-z-]+', line):
                yield number


def circle(graph):
    """A way from a folder back to itself, or None."""
    done, way = set(), []

    def visit(node):
        if node in way:
            return way[way.index(node):] + [node]
        if node in done:
            return None
        way.append(node)
        for following in sorted(graph.get(node, ())):
            found = visit(following)
            if found:
                return found
        way.pop()
        done.add(node)
        return None

    for node in sorted(graph):
        found = visit(node)
        if found:
            return found
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quiet", action="store_true", help="only what is wrong")
    options = parser.parse_args()
    targets = sorted(name for name in os.listdir(ROOT) if re.match(r"(?!C[A-Z])\w+$", name))
    files = {
        target: {os.path.relpath(path, os.path.join(ROOT, target)): code(path)
                 for path in swift_files(os.path.join(ROOT, target))}
        for target in targets}
    wrong = [f"{target} stands in no layer of {os.path.basename(__file__)}" for target in targets if target not in LAYER]
    for target in targets:
        for path in swift_files(os.path.join(ROOT, target)) if target != "bench" else []:
            for number in flags(path):
                place = os.path.relpath(path, os.path.join(ROOT, ".."))
                wrong.append(f"{place}:{number} names an option of the command line")
    graph = targets_graph(files)
    for target in targets:
        for needed in sorted(graph[target]):
            if LAYER[needed] >= LAYER.get(target, 0):
                wrong.append(f"{target} imports {needed}, which stands no lower")
    lines = []
    for number, layer in reversed(list(enumerate(LAYERS))):
        for target in layer:
            lines.append(f"{number}  {target:13s} {' '.join(sorted(graph[target], key=lambda t: (-LAYER[t], t)))}".rstrip())
            folders = folders_graph(target, files[target])
            for folder in sorted(folders):
                lines.append(f"     {target}/{folder}".rstrip("/") + " -> "
                             + " ".join(name or "." for name in sorted(folders[folder])))
            way = circle(folders)
            if way:
                steps = []
                for here, there in zip(way, way[1:]):
                    file, name = folders[here][there][0]
                    steps.append(f"{here or '.'} needs {there or '.'} ({file}: {name})")
                wrong.append(f"folders of {target} stand in a circle: " + ", ".join(steps))
    if not options.quiet:
        print("\n".join(lines))
    for sentence in wrong:
        print(f"import graph: {sentence}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
