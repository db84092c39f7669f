"""No two types of the programs have the same name. Where they do, the linker keeps the inline functions of one of them, and
a std::vector of the other is written with them: no compiler or linker says so."""

import collections
import pathlib
import re
import sys

FOLDERS = ["common", "server", "client", "cli"]
DEFINITION = re.compile(r"^(?:struct|class|enum class|union) (?:ABSL_\w+ |alignas\(\w+\) )?(\w+)\b(?!::)[^;{]*\{", re.MULTILINE)
ANONYMOUS = re.compile(r"^namespace \{$.*?^\}  // namespace$", re.MULTILINE | re.DOTALL)


def main():
    source = pathlib.Path(sys.argv[1])
    places = collections.defaultdict(list)
    for folder in FOLDERS:
        for path in sorted([*source.glob(f"{folder}/**/*.h"), *source.glob(f"{folder}/**/*.cc")]):
            for name in DEFINITION.findall(ANONYMOUS.sub("", path.read_text(encoding="utf-8"))):
                places[name].append(str(path.relative_to(source)))
    doubled = {name: files for name, files in places.items() if len(files) > 1}
    for name, files in doubled.items():
        print(f"{name} is defined in {' and '.join(files)}; expected a name of its own for each")
    print(f"{len(places)} types")
    return 1 if doubled or not places else 0


if __name__ == "__main__":
    sys.exit(main())
