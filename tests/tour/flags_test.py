"""Every command of our programs in README.md and docs/*.md uses subcommands and flags that exist.

  flags_test.py --bin build/release/bin --source .
"""

import argparse
import functools
import pathlib
import re
import subprocess
import sys

import markdown

PROGRAMS = ("seedfed", "seedfed-server", "seedfed-client")
COMMAND = re.compile(r"^(?:\$ )?((?:seedfed|seedfed-server|seedfed-client)(?: .*)?)$")
SPAN = re.compile(r"`((?:seedfed|seedfed-server|seedfed-client) [^`]*)`")
# What comes after a command on its line: a comment, or the columns of an explanation.
EXPLANATION = re.compile(r"\s+#\s.*|\s{3,}.*")


@functools.cache
def help_of(bin_folder, *command):
    return subprocess.run([bin_folder / command[0], *command[1:], "--help"], capture_output=True, text=True, timeout=30,
                          check=True).stdout


def flags_of(text):
    flags = set()
    for line in text.split("\n"):
        option = re.match(r"^\s+((?:-\w,)?-[\w-]+(?:,-[\w-]+)*)", line)
        if option:
            flags.update(option[1].split(","))
    return flags


def subcommands_of(text):
    return set(re.findall(r"^  ([a-z]+) {2,}\S", text, re.MULTILINE))


def commands(page):
    """(line of the page, command) of the page's code blocks and code spans."""
    for block in markdown.blocks(page):
        for place, line in enumerate(block.lines):
            command = COMMAND.match(line)
            if command:
                yield block.line + place, EXPLANATION.sub("", markdown.joined(block.lines[place:])[0].removeprefix("$ "))
    for number, line in enumerate(page.split("\n"), 1):
        for span in SPAN.finditer(line):
            yield number, span[1]


def problem(bin_folder, command):
    """What is wrong with the command, or None."""
    words = command.split()
    asked = words[:1]
    if words[0] == "seedfed" and len(words) > 1 and not words[1].startswith("-"):
        asked = words[:2]
        if words[1] not in subcommands_of(help_of(bin_folder, "seedfed")):
            return f"there is no subcommand {words[1]}"
    known = flags_of(help_of(bin_folder, *asked))
    for word in words:
        flag = re.match(r"--?[a-zA-Z][\w-]*", word)
        if flag and flag[0] not in known:
            return f"{' '.join(asked)} has no flag {flag[0]}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--source", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    checked = 0
    problems = []
    for path in [arguments.source / "README.md", *sorted((arguments.source / "docs").glob("*.md"))]:
        for line, command in commands(path.read_text()):
            checked += 1
            found = problem(arguments.bin, command)
            if found:
                problems.append(f"{path.relative_to(arguments.source)}:{line}: {command}: {found}")
    print("\n".join(problems))
    print(f"{checked} commands, {len(problems)} wrong")
    if checked < 50:
        print("expected at least 50 commands: are the pages read rightly?")
    return 1 if problems or checked < 50 else 0


sys.exit(main())
