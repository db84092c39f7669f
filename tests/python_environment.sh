# For sourcing: make_python_environment VENV REQUIREMENTS makes a Python environment with the packages of the
# file, unless it is there already with the same list. Status 1: they could not be installed.
make_python_environment() {
  local venv=$1 requirements=$2
  # The copy of the list is written last, so a half-made environment is made again.
  if cmp -s "$requirements" "$venv/installed.txt"; then return 0; fi
  echo "making $venv"
  rm -rf "$venv"
  python3 -m venv "$venv" || return 1
  "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements" || return 1
  cp "$requirements" "$venv/installed.txt"
}
