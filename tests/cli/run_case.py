#!/usr/bin/env python3
"""Runs one command-line test: run_case.py TRAINGRID CASE.test

A case is text. Its first line is a sentence that says what holds. Then, in any number:

    file PATH           makes a file; the lines after it that start with "| " are its text
    $ COMMAND           runs a shell command in a folder of its own, where `traingrid` is the program
    exit N              what the command before it ends with (0 if not said)
    out| TEXT           a line of its standard output; all of them, in order, are the whole output
    err| TEXT           the same for standard error
    out has TEXT        a part of its standard output, anywhere
    err has TEXT        the same for standard error
    out lacks TEXT      what its standard output must not contain

Lines that start with '#' are comments. A command without out and err lines must print nothing.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

TIMEOUT_S = 240


class Step:
    def __init__(self, command, line):
        self.command, self.line, self.exit = command, line, 0
        self.whole = {"out": [], "err": []}
        self.parts = {"out": [], "err": []}
        self.lacking = {"out": [], "err": []}

    def differences(self, code, printed):
        """Everything that is not as the case says, as text."""
        found = []
        if code != self.exit:
            found.append(f"exit code {code}, expected {self.exit}")
        for stream, text in printed.items():
            whole = "".join(line + "\n" for line in self.whole[stream])
            if text != whole and not (self.parts[stream] or self.lacking[stream]):
                found.append(f"std{stream}, expected:\n{whole}")
            found += [f"std{stream} does not have: {part}" for part in self.parts[stream] if part not in text]
            found += [f"std{stream} has: {part}" for part in self.lacking[stream] if part in text]
        return found


def parse(path):
    """The steps of a case, and the files it starts from."""
    files, steps, current = {}, [], None
    lines = pathlib.Path(path).read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines[1:], 2):
        word, _, rest = line.partition(" ")
        stream = word[:3]
        if not line.strip() or line.startswith("#"):
            continue
        if word == "file":
            current = rest
            files[current] = ""
        elif word == "|":
            files[current] += rest + "\n"
        elif word == "$":
            steps.append(Step(rest, number))
        elif word == "exit":
            steps[-1].exit = int(rest)
        elif word in ("out|", "err|"):
            steps[-1].whole[stream].append(rest)
        elif word in ("out", "err") and rest.startswith("has "):
            steps[-1].parts[stream].append(rest.removeprefix("has "))
        elif word in ("out", "err") and rest.startswith("lacks "):
            steps[-1].lacking[stream].append(rest.removeprefix("lacks "))
        else:
            sys.exit(f"{path}:{number}: cannot read: {line}")
    return files, steps


def run(program, path):
    files, steps = parse(path)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="traingrid_cli_"))
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TRAINGRID_")}
    environment.update(LC_ALL="C.UTF-8", PATH=f"{pathlib.Path(program).resolve().parent}:{os.environ['PATH']}")
    failed = False
    try:
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        for step in steps:
            done = subprocess.run(["sh", "-c", step.command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                                  capture_output=True, timeout=TIMEOUT_S, check=False)
            printed = {"out": done.stdout.decode(errors="replace"), "err": done.stderr.decode(errors="replace")}
            differences = step.differences(done.returncode, printed)
            if differences:
                failed = True
                print(f"{path}:{step.line}: $ {step.command}", *differences, sep="\n")
                print(f"--- stdout:\n{printed['out']}--- stderr:\n{printed['err']}---")
    finally:
        shutil.rmtree(folder)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1], sys.argv[2]))
