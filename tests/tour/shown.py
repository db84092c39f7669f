"""Compares what a program wrote with what the README shows: the same words, any figures, but no 0 for a whole number."""

import re

# An ellipsis stands for anything; after it come figures: hexadecimal numbers of at least eight digits, and decimal ones.
FIGURE = re.compile(r"…|\b[0-9a-f]{8,}\b|\d[\d.,:]*")
TABLE = re.compile(r"^\s*round\s+test accuracy")
ACCURACY_TOLERANCE = 0.01  # between kinds of processors the clients' floating-point training may differ


def like(figure):
    """A regular expression for the figures that may stand in its place."""
    if re.fullmatch("[0-9a-f]{8,}", figure):
        return "[0-9a-f]+"
    # Rounds, clients and updates that are counted: none is not some.
    some = r"(?=[\d.,:]*[1-9])" if re.fullmatch(r"[1-9]\d*", figure) else ""
    return some + r"\d[\d.,:]*"


def pattern(line):
    """A regular expression for the lines that are like this one."""
    words = []
    for word in line.split():
        place = 0
        parts = []
        for figure in FIGURE.finditer(word):
            parts.append(re.escape(word[place:figure.start()]))
            if figure[0] == "…":
                parts.append(".*")
            else:
                parts.append(like(figure[0]))
            place = figure.end()
        words.append("".join(parts) + re.escape(word[place:]))
    return re.compile(r"\s+".join(words).replace(r"\s+.*", r"(\s.*)?"))


def missing(shown, output):
    """The first line of `shown` that `output` has no like of, in order; None when all are there."""
    rest = iter(output.split("\n"))
    for line in shown:
        if line.strip() in ("", "..."):
            continue
        wanted = pattern(line)
        if not any(wanted.fullmatch(written.strip()) for written in rest):
            return line
    return None


def table(lines):
    """{round: (accuracy, bytes up, bytes down)} of the rows under the heading of a table of rounds."""
    rows = {}
    inside = False
    for line in lines:
        words = line.split()
        inside = inside or bool(TABLE.match(line))
        if inside and len(words) == 6 and words[0].isdigit():
            rows[int(words[0])] = (float(words[1]), words[3], words[4])
    return rows


def wrong_figures(shown, output):
    """What is wrong in a table of rounds of a federation with a fixed key, or None."""
    written = table(output.split("\n"))
    for number, (accuracy, up, down) in table(shown).items():
        if number not in written:
            return f"no row of round {number}"
        got, *sizes = written[number]
        if sizes != [up, down]:
            return f"bytes of round {number} are {sizes}, not {[up, down]}"
        if abs(got - accuracy) > ACCURACY_TOLERANCE:
            return f"test accuracy of round {number} is {got}, not {accuracy} +- {ACCURACY_TOLERANCE}"
    return None
