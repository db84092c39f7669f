# Turns the help text of one program or subcommand (standard input) into a manual page (man(7)).
#
#   seedfed plan --help | awk -v name=seedfed-plan -v version=0.1.0 -v date=2026-11-24 -v see_also="seedfed(1)" -f help-to-man.awk
#
# A help text is: what it does; "Usage: ..."; groups "Options:", "[server]:" of entries whose descriptions begin in one
# column; then free text with headings like "Examples:" and "Exit status: ...".

# `text` with what roff would read as a command or change on the way made plain.
function plain(text) {
  gsub(/\\/, "\\e", text)
  gsub(/-/, "\\-", text)
  gsub(/\^/, "\\(ha", text)
  gsub(/~/, "\\(ti", text)
  gsub(/`/, "\\(ga", text)
  gsub(/'/, "\\(aq", text)
  if (text ~ /^\./) text = "\\&" text
  return text
}

# Paths of the source tree as the packages have them.
function installed(text,    place) {
  gsub(/deploy\/server\.toml/, "/etc/seedfed/server.toml", text)
  place = match(text, /(^| )docs\/[a-z-]+\.md/)
  if (!place) return text
  if (substr(text, place, 1) == " ") place++
  return substr(text, 1, place - 1) "/usr/share/doc/seedfed-tools/" substr(text, place + 5)
}

function heading(title) {
  print ".SH " toupper(plain(title))
  section = title
  fresh = 1
}

# What follows begins a paragraph of its own; after a heading it does anyway.
function new_paragraph() {
  if (!fresh) print ".PP"
  fresh = 0
}

# A line of running text; an empty one ends the paragraph.
function paragraph(text) {
  if (text == "") { filled = 0; return }
  if (fresh || !filled) new_paragraph()
  filled = 1
  print plain(installed(text))
}

# Begins and ends a block that is shown as it is.
function literal(on) {
  if (on == in_literal) return
  if (on) { new_paragraph(); print ".EX"; filled = 0 } else print ".EE"
  in_literal = on
}

# An entry's term: "-o,--output OUT REQUIRED" with flags in bold and values in italics; notes what is required or default.
function term(text,    count, words, i, line, at) {
  note = ""
  line = ""
  count = split(text, words, " ")
  for (i = 1; i <= count; i++) {
    if (words[i] == "REQUIRED") { note = " Required."; continue }
    if (words[i] ~ /^-/) {
      gsub(/,/, "\\fR, \\fB", words[i])
      gsub(/-/, "\\-", words[i])
      line = line (i > 1 ? " " : "") "\\fB" words[i] "\\fR"
      continue
    }
    at = index(words[i], "=")
    if (at && i > 1) { note = " Default: " plain(substr(words[i], at + 1)) "."; words[i] = substr(words[i], 1, at - 1) }
    line = line (i > 1 ? " " : "") (i == 1 ? "\\fB" : "\\fI") plain(words[i]) "\\fR"
  }
  print ".TP"
  print line
}

function end_entry() {
  if (pending != "" || note != "") {
    sub(/[ .]+$/, "", pending)
    print plain(installed(pending)) (pending == "" ? "" : ".") note
  }
  pending = note = ""
}

function entry(line,    head, tail) {
  if (column > 3 && length(line) >= column && substr(line, column - 1, 1) == " " && substr(line, column, 1) != " ") {
    head = substr(line, 3, column - 3)
    tail = substr(line, column)
    if (head ~ /^ *$/) { pending = pending (pending == "" ? "" : " ") tail; return }
  } else {
    head = line
    tail = ""
    if (match(line, /^ {20,}/)) { sub(/^ +/, "", line); pending = pending (pending == "" ? "" : " ") line; return }
  }
  end_entry()
  sub(/^ +/, "", head)
  sub(/ +$/, "", head)
  if (group == "Subcommands") {
    print ".TP"
    print ".BR " plain(name "-" head) " (1)"
    also = also (also == "" ? "" : ", ") name "-" head "(1)"
  } else {
    term(head)
  }
  pending = tail
}

{ line[NR] = $0; if (!column) column = index($0, "Print this help message") }

END {
  usage = 1
  while (usage <= NR && line[usage] !~ /^Usage: /) usage++
  if (usage > NR || !column) {
    print "help-to-man.awk: the help text of " name " has no line 'Usage: ...' or no option -h" > "/dev/stderr"
    exit 1
  }

  print ".\\\" Made from the program's help text."
  print ".TH " toupper(plain(name)) " 1 " date " \"seedfed " version "\" \"User Commands\""
  heading("Name")
  summary = line[1]
  sub(/[.:;] .*|[.:;]$/, "", summary)
  print plain(name) " \\- " plain(tolower(substr(summary, 1, 1)) substr(summary, 2))
  heading("Synopsis")
  synopsis = substr(line[usage], 8)
  command = synopsis
  sub(/ *\[OPTIONS\].*/, "", command)
  sub(/^.*\[OPTIONS\]/, "[OPTIONS]", synopsis)
  print ".B " plain(command)
  print ".RI " "\"" plain(synopsis) "\""
  heading("Description")
  for (i = 1; i < usage; i++) paragraph(line[i])

  group = ""
  for (i = usage + 1; i <= NR; i++) {
    text = line[i]
    if (text ~ /^(Options|Positionals|Subcommands|\[[^\]]*\][^:]*):$/) {
      end_entry()
      group = substr(text, 1, length(text) - 1)
      if (group ~ /^\[/) { print ".SS " plain(group) } else heading(group == "Positionals" ? "Arguments" : group)
    } else if (group != "" && text ~ /^  /) {
      entry(text)
    } else if (group != "" && text == "") {
      end_entry()
    } else {
      end_entry()
      group = ""
      if (text ~ /^  /) { literal(1); sub(/^  /, "", text); print plain(text); continue }
      if (text == "" && line[i + 1] ~ /^  /) { if (in_literal) print ""; continue }
      literal(0)
      if (match(text, /^(Exit status|Examples?|Experiments|Example): */)) {
        title = substr(text, 1, index(text, ":") - 1)
        text = substr(text, RLENGTH + 1)
        heading(title)
        text = toupper(substr(text, 1, 1)) substr(text, 2)
      } else if (text != "" && section ~ /^Ex.*s$/ && section != "Exit status") {
        heading("Notes")
      }
      paragraph(text)
    }
  }
  end_entry()
  literal(0)
  if (see_also != "" || also != "") {
    heading("See also")
    print plain(see_also (see_also != "" && also != "" ? ", " : "") also)
  }
}
