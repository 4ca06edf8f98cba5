#!/usr/bin/env python3
"""Runs every `$ traingrid …` of the console blocks of a page and compares the output; a line `...` stands for any lines.

Usage: readme_test.py TRAINGRID PAGE CATALOGUE
"""
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile


def commands(page):
    """Pairs of command and expected lines, in the order of the page."""
    for block in re.findall(r"^```console\n(.*?)^```", page, re.M | re.S):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, *expected = part.rstrip("\n").split("\n")
            yield command, expected


def matches(expected, actual):
    """Whether the lines agree, `...` standing for any number of lines."""
    if not expected:
        return not actual
    if expected[0] == "...":
        return any(matches(expected[1:], actual[i:]) for i in range(len(actual) + 1))
    return bool(actual) and expected[0].rstrip() == actual[0].rstrip() and matches(expected[1:], actual[1:])


def main():
    traingrid, page, catalogue = map(os.path.abspath, sys.argv[1:4])
    failed = ran = 0
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(os.path.join(catalogue, "workloads/runs/gpt3-175b.yaml"), os.path.join(folder, "my-run.yaml"))
        for command, expected in commands(open(page, encoding="utf-8").read()):
            words = [traingrid, *shlex.split(command)[1:]]
            done = subprocess.run(words, cwd=folder, env={**os.environ, "TRAINGRID_CATALOGUE": catalogue},
                                  capture_output=True, text=True, timeout=120)
            ran += 1
            actual = done.stdout.rstrip("\n").split("\n") if done.stdout else []
            if done.returncode != 0 or not matches(expected, actual):
                failed += 1
                print(f"$ {command}\nexit code {done.returncode}\n{done.stderr}{done.stdout}")
    print(f"{ran} commands, {failed} failed")
    return 1 if failed or ran == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
