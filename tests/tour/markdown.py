"""The code blocks of a Markdown page."""

import re
from dataclasses import dataclass

FENCE = re.compile(r"^```(\w*)\s*$")
COMMENT = re.compile(r"^<!--\s*(.*?)\s*-->$")


@dataclass
class Block:
    line: int  # of its first line of code, from 1
    language: str  # "" for an indented block
    note: str  # the HTML comment on the line before, "" without one
    lines: list


def joined(lines):
    """The lines with those that end in a backslash continued."""
    return re.sub(r"\\\n\s*", "", "\n".join(lines)).split("\n")


def blocks(text):
    """All fenced and indented code blocks in order. An indented one follows an empty line, as in Markdown."""
    found = []
    fenced = None
    before = ""
    for number, line in enumerate(text.split("\n"), 1):
        fence = FENCE.match(line)
        if fenced is not None:
            if fence:
                fenced = None
            else:
                fenced.lines.append(line)
        elif fence:
            comment = COMMENT.match(before)
            fenced = Block(number + 1, fence[1], comment[1] if comment else "", [])
            found.append(fenced)
        elif line.startswith("    "):
            if before == "":
                found.append(Block(number, "", "", []))
            if before == "" or before.startswith("    "):
                found[-1].lines.append(line[4:])
        before = line
    return found
