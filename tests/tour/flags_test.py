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
# What comes after a command on its line: another command, a comment, or the columns of an explanation.
REST = re.compile(r"\s*[|;&>].*|\s+#\s.*|\s{3,}.*")


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
                yield block.line + place, REST.sub("", markdown.joined(block.lines[place:])[0].removeprefix("$ "))
    for number, line in enumerate(page.split("\n"), 1):
        for span in SPAN.finditer(line):
            yield number, REST.sub("", span[1])


def problem(bin_folder, command):
    """What is wrong with the command, or None."""
    words = command.split()
    asked = words[:1]
    for word in words[1:]:
        text = help_of(bin_folder, *asked)
        if word.startswith("-") or not re.search("^Usage: .* SUBCOMMAND$", text, re.MULTILINE):
            break
        if word not in subcommands_of(text):
            return f"{' '.join(asked)} has no subcommand {word}"
        asked = [*asked, word]
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
