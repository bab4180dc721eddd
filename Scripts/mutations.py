"""Finds small changes that could be made to Swift sources, and writes sources that hold many of them.

Only as much of Swift is understood as that takes: statements that stand on lines of their own, and the
conditions of `if`, `guard` and `while`. What does not compile is dropped by the caller.
"""
import random
import re
from dataclasses import dataclass

# The name of the switch in the generated sources.
SWITCH = "activeMutant"


@dataclass
class Mutant:
    """One change of one statement."""

    file: str       # path below the package
    line: int       # counted from 1, where the statement begins
    last: int       # its last line
    kind: str       # such as "< to <="
    before: str     # the part that changes, with what stands around it
    after: str
    statement: str  # the statement changed
    form: str       # how it is switched: "value", "statement", "condition"

    @property
    def module(self):
        return self.file.split("/")[1]

    @property
    def key(self):
        return f"{self.file}: {self.before} -> {self.after}"


def masked(text):
    """The text with strings and comments as blanks of the same length."""
    out, i, depth = list(text), 0, 0
    while i < len(text):
        if text.startswith("//", i):
            end = text.find("\n", i)
            end = len(text) if end < 0 else end
        elif text.startswith("/*", i):
            end = text.find("*/", i) + 2
        elif text.startswith('"""', i):
            end = text.find('"""', i + 3) + 3
        elif text[i] == '"':
            end, depth = i + 1, 0
            while end < len(text) and (text[end] != '"' or depth):
                if text.startswith("\\(", end):
                    depth += 1
                    end += 1
                elif text[end] == "\\":
                    end += 1
                elif depth and text[end] == "(":
                    depth += 1
                elif depth and text[end] == ")":
                    depth -= 1
                end += 1
            end += 1
        else:
            i += 1
            continue
        for k in range(i, min(end, len(text))):
            if text[k] != "\n":
                out[k] = "\u00a7"
        i = end
    return "".join(out)


def balance(code):
    return sum(code.count(c) for c in "([{") - sum(code.count(c) for c in ")]}")


SKIPPED = re.compile(
    r"^\s*(@|#|//|func |init|case |default|import |public import|struct |enum |class |extension |"
    r"protocol |typealias|subscript|associatedtype|precondition|assert|preconditionFailure|throw |"
    r"defer|do\b|switch |repeat|break|continue|fallthrough|\}|\)|\]|get\b|set\b|willSet|didSet|"
    r"(public |private |fileprivate |internal |package |static |mutating |nonmutating |final |"
    r"override |@\w+ )*(func|init|struct|enum|class|extension|protocol|typealias|subscript|"
    r"convenience|required|import)\b)")
HINTS = re.compile(r"reserveCapacity|precondition|assert|fatalError|FailureKind|swiftlint")


def statements(code):
    """Yields (first, last, form, start, end) of statements in masked code: lines from 0, and the
    columns of the part that may change within the joined lines."""
    lines = code.split("\n")
    i = 0
    while i < len(lines):
        line = lines[i]
        if not line.strip() or line.strip().startswith("\u00a7") or SKIPPED.match(line):
            i += 1
            continue
        head = re.match(r"^\s*(\} else if|if|guard|while|for) ", line)
        if head:
            yield from condition(lines, i)
            i += 1
            continue
        indent = len(line) - len(line.lstrip())
        last, open_brackets = i, balance(line)
        while last + 1 < len(lines) and last - i < 8:
            following = lines[last + 1]
            deeper = len(following) - len(following.lstrip()) > indent
            if open_brackets <= 0 and not (following.strip() and deeper):
                break
            last += 1
            open_brackets += balance(following)
        text = "\n".join(lines[i:last + 1])
        if balance(text) != 0 or text.rstrip().endswith(("{", ",", " in")) or "\u00a7\u00a7\u00a7\n" in text:
            i += 1
            continue
        declared = re.match(
            r"^\s*((public|private|fileprivate|internal|package|static|lazy|final|weak)(\(set\))? )*"
            r"(let|var) [^={]*?=\s", text)
        if declared:
            yield i, last, "value", declared.end(), len(text)
        elif re.match(r"^\s*return\s", text):
            yield i, last, "statement", text.index("return") + 6, len(text)
        elif re.match(r"^\s*(let|var|public|private|fileprivate|static|internal)\b", text):
            inner = re.search(r"\{ (?!get|set)([^{}]+) \}$", text)
            if inner:
                yield i, last, "value", inner.start(1), inner.end(1)
        else:
            yield i, last, "statement", indent, len(text)
        i = last + 1


def condition(lines, i):
    """The conditions of a line such as `if a, let b = c, d {`."""
    line = lines[i]
    found = re.match(r"^\s*(?:\} else if|if|guard|while) (.*?)( else)? \{", line)
    if not found or balance(found.group(1)) != 0:
        loop = re.match(r"^\s*for .* in (.*?)( where (.*))? \{$", line)
        if loop and not loop.group(2):
            yield i, i, "condition", loop.start(1), loop.end(1)
        return
    start, depth, text = found.start(1), 0, line
    for k in range(found.start(1), found.end(1) + 1):
        c = text[k] if k < found.end(1) else ","
        if c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
        elif c == "," and depth == 0:
            part = text[start:k].strip()
            if part and not re.match(r"(let|var|case|#)\b|#", part):
                begin = start + len(text[start:k]) - len(text[start:k].lstrip())
                yield i, i, "condition", begin, k
            start = k + 1


SWAPS = [
    (r" < ", " <= "), (r" <= ", " < "), (r" > ", " >= "), (r" >= ", " > "), (r" == ", " != "),
    (r" != ", " == "), (r" \+ ", " - "), (r" - ", " + "), (r" \* ", " / "), (r" / ", " * "),
    (r" &\+ ", " &- "), (r" &- ", " &+ "), (r" \+= ", " -= "), (r" -= ", " += "),
    (r" && ", " || "), (r" \|\| ", " && "), (r"(?<=[ (\[])!(?=[\w(])", ""),
    (r"(?<=[=(,?:] )-(?=[\w.(])|(?<=\()-(?=[\w.(])|(?<=return )-(?=[\w.(])", ""),
    (r"\bmin\(", "max("), (r"\bmax\(", "min("), (r"\btrue\b", "false"), (r"\bfalse\b", "true"),
    (r"\.first\b(?! ?\()", ".last"), (r"\.last\b(?! ?\()", ".first"), (r"\.\.<", "..."),
    (r"(?<=[\w)])\.\.\.(?=[\w(])", "..<"), (r"\.up\b", ".down"), (r"\.down\b", ".up"),
    (r"\.min\(\)", ".max()"), (r"\.max\(\)", ".min()"), (r" \?\? 0\b", " ?? 1"),
]
NUMBER = re.compile(r"(?<![\w.$#])(\d[\d_]*\.\d[\d_]*(?:e[-+]?\d+)?|\d[\d_]*e[-+]?\d+|\d[\d_]*)(?![\w.]*[\w])")


def changes(code):
    """Yields (start, end, new, kind) of changes of one piece of masked code."""
    for pattern, new in SWAPS:
        for hit in re.finditer(pattern, code):
            # Texts are joined and cannot be subtracted.
            if "\u00a7" in code[max(0, hit.start() - 1):hit.end() + 1]:
                continue
            kind = f"{hit.group().strip()} to {new.strip()}" if new else f"{hit.group()} dropped"
            yield hit.start(), hit.end(), new, kind
    for hit in NUMBER.finditer(code):
        text = hit.group().replace("_", "")
        if re.fullmatch(r"\d+", text):
            new = str(int(text) + 1)
        else:
            value = float(text)
            new = repr(value * 2 if value else 1.0)
        yield hit.start(), hit.end(), new, f"{hit.group()} to {new}"
    for hit in re.finditer(r" \? ", code):
        middle, depth = None, 0
        for k in range(hit.end(), len(code)):
            if code[k] in "([{":
                depth += 1
            elif code[k] in ")]}":
                depth -= 1
            if depth == 0 and middle is None and re.match(r"\s: ", code[k:k + 3]):
                middle = k
            if depth < 0 or (depth == 0 and code[k] == "," and middle) or k == len(code) - 1:
                end = k if depth < 0 or code[k] == "," else k + 1
                if middle:
                    yield hit.end(), end, ("swap", middle), "branches swapped"
                break


def find(path, text, rng):
    """One mutant per statement of a file, which of several chosen by chance."""
    code = masked(text)
    lines, plain = code.split("\n"), text.split("\n")
    mutants = []
    for first, last, form, start, end in statements(code):
        joined, source = "\n".join(lines[first:last + 1]), "\n".join(plain[first:last + 1])
        if HINTS.search(joined):
            continue
        options = [c for c in changes(joined[start:end])]
        if re.match(r"\s*for ", joined):
            # Another type of range, which the other branch does not have.
            options = [c for c in options if c[3] != "..< to ..."]
        elif form == "condition":
            options.append((0, end - start, "negated", "condition negated"))
        if not options:
            continue
        a, b, new, kind = rng.choice(options)
        a, b = a + start, b + start
        old = source[a:b]
        if new == "negated":
            new = f"!({old})"
        elif isinstance(new, tuple):
            middle = new[1] + start
            new = f"{source[middle + 3:b]} : {source[a:middle]}"
        changed = source[start:a] + new + source[b:end]
        around = slice(max(0, a - 30), min(len(source), b + 30))
        before = " ".join(source[around].split())
        after = " ".join((source[around.start:a] + new + source[b:around.stop]).split())
        mutants.append(
            Mutant(path, first + 1, last + 1, kind, before, after,
                   f"{start}\0{end}\0{changed}", form))
    return mutants


def write(text, mutants):
    """The text with every mutant of `mutants` (number, mutant) behind the switch."""
    lines = text.split("\n")
    for number, mutant in sorted(mutants, key=lambda pair: -pair[1].line):
        first, last = mutant.line - 1, mutant.last
        source = "\n".join(lines[first:last])
        start, end, changed = mutant.statement.split("\0")
        start, end = int(start), int(end)
        old = source[start:end]
        if mutant.form == "condition":
            new = f"({SWITCH} == {number} ? ({changed}) : ({old}))"
        elif mutant.form == "value":
            new = f"if {SWITCH} == {number} {{ {changed.strip()} }} else {{ {old.strip()} }}"
        else:
            word = "return " if source[:start].strip() == "return" else ""
            start = len(source) - len(source.lstrip())
            new = (f"if {SWITCH} == {number} {{ {word}{changed.strip()} }} "
                   f"else {{ {word}{old.strip()} }}")
        lines[first:last] = (source[:start] + new + source[end:]).split("\n")
        # Line numbers of errors stay those of the source: joined lines are not wanted.
    return "\n".join(lines)


def all_mutants(sources, seed):
    """One mutant per statement of every file (path, text), in an order that chance decides."""
    mutants = []
    for path, text in sorted(sources.items()):
        mutants += find(path, text, random.Random(f"{seed} {path}"))
    random.Random(seed).shuffle(mutants)
    return mutants
