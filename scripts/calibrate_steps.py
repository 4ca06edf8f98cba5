#!/usr/bin/env python3
"""Fits the `calibrated` constants of accelerators and software to a few published training steps.

The rows are `calibration_rows` of platforms/systems/training-steps.yaml: at most every third row of a suite. Gauss-Newton on
the logarithm of simulated over published time, rows far off counting less (Huber), suites weighing alike whatever their
number of rows, and every constant held near its uncalibrated value by a weak prior. Derivatives are differences: one run of
`traingrid validate steps` per constant. With --write the files get the fitted numbers; without, they are printed only.

usage: scripts/calibrate_steps.py GROUP [--traingrid build/traingrid] [--rounds 2] [--write]
       GROUP is a100, h100 or blackwell.
"""
import argparse
import csv
import io
import math
import re
import subprocess
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

import numpy
import yaml

ROOT = Path(__file__).resolve().parent.parent
SYSTEMS = "platforms/systems/training-steps.yaml"
STEP, PRIOR, NOISE, HUBER = 0.05, 0.3, 0.03, 1.5  # of a constant; spread of the prior; of a row; where a row counts less

A100, H100, GB200 = (f"platforms/accelerators/{name}.yaml" for name in ("a100-sxm4-80gb", "h100-sxm5-80gb", "gb200"))
SOFTWARE = "workloads/software/{}.yaml".format
GROUPS = {  # words of the accelerator; constants as file and keys
    "a100": (("A100",), [
        (A100, "efficiency gemm"), (A100, "efficiency gemm_depth"), (A100, "efficiency memory"),
        (A100, "efficiency straggling"), (A100, "flash-1 forward"), (A100, "flash-1 backward"),
        (SOFTWARE("megatron-deepspeed-2022"), "launch_interval"),
        (SOFTWARE("llm-foundry-2023"), "overlap_traffic"),
    ]),
    "h100": (("H100", "H200"), [
        (H100, "efficiency gemm"), (H100, "gemm_by_precision fp8"), (H100, "efficiency gemm_depth"),
        (H100, "efficiency memory"), (H100, "efficiency straggling"), (H100, "flash-1 forward"), (H100, "flash-1 backward"),
        (H100, "flash-3 forward"), (H100, "flash-3 backward"),
        (SOFTWARE("megatron-core-2024"), "step_overhead"),
    ]),
    "blackwell": (("B200", "B300"), [
        (GB200, "gemm_by_precision fp8"), (GB200, "gemm_by_precision mxfp8"), (GB200, "gemm_by_precision nvfp4"),
        (GB200, "efficiency memory"),
        (GB200, "flash-3 forward"), (GB200, "flash-3 backward"),
    ]),
}


def number_after(text, keys):
    """The match of the number behind `calibrated:` of the last of these keys."""
    at = 0
    for key in keys.split():
        at = re.compile(rf"(^|[\s{{]){re.escape(key)}:").search(text, at).end()
    return re.compile(r"calibrated: ([0-9.e+-]+)").search(text, at)


def with_number(text, keys, value):
    match = number_after(text, keys)
    return text[: match.start(1)] + f"{value:.4g}" + text[match.end(1) :]


def calibration_records(words):
    """Records of the calibration rows on these accelerators, from all files of measured steps."""
    chosen = set(yaml.safe_load((ROOT / SYSTEMS).read_text())["calibration_rows"])
    records = []
    for name in ("steps", "steps-vtrain"):
        for line in (ROOT / f"platforms/measurements/{name}.yaml").read_text().splitlines():
            match = re.match(r"- \{id: ([^,]+),", line)
            if match and match[1] in chosen and any(word in line for word in words):
                records.append(line)
    return records


class Bench:
    """Simulates rows with constants put into copies of the files."""

    def __init__(self, traingrid, records, constants):
        self.traingrid, self.constants = traingrid, constants
        self.texts = {file: (ROOT / file).read_text() for file, _ in constants}
        self.folder = tempfile.TemporaryDirectory()
        self.rows = Path(self.folder.name) / "rows.yaml"
        self.rows.write_text("records:\n" + "\n".join(records) + "\n")

    def start(self):
        return numpy.array([math.log(float(number_after(self.texts[file], keys)[1])) for file, keys in self.constants])

    def files(self, logs):
        texts = dict(self.texts)
        for (file, keys), value in zip(self.constants, logs):
            texts[file] = with_number(texts[file], keys, math.exp(value))
        return texts

    def errors(self, logs):
        """Logarithm of simulated over published time, by row that was simulated, and the suites of these rows."""
        for file, text in self.files(logs).items():
            path = Path(self.folder.name) / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        command = [self.traingrid, "validate", "steps", "--rows", str(self.rows), "--catalogue", self.folder.name, "--format", "csv"]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        rows = [row for row in csv.DictReader(io.StringIO(output.split("\n\n")[0])) if row.get("simulated")]
        sign = {row["id"]: -1 if row["quantity"].startswith("tokens") else 1 for row in rows}
        errors = numpy.array([sign[r["id"]] * math.log(float(r["simulated"]) / float(r["published"])) for r in rows])
        return errors, [row["suite"] for row in rows]


def weights_of(errors, suites):
    """Suites alike, rows far off less."""
    counts = Counter(suites)
    far = numpy.abs(errors) / NOISE
    robust = numpy.minimum(1, HUBER / numpy.maximum(far, 1e-9))
    return robust * numpy.array([1 / math.sqrt(counts[suite]) for suite in suites])


def fit(bench, rounds):
    prior = logs = bench.start()
    errors, suites = bench.errors(logs)
    report("before", errors, suites)
    for _ in range(rounds):
        slopes = []
        for i in range(len(logs)):
            moved = logs.copy()
            moved[i] += STEP
            slopes.append((bench.errors(moved)[0] - errors) / STEP)
        jacobian = numpy.array(slopes).T
        weight = weights_of(errors, suites)[:, None]
        left = jacobian.T @ (weight * jacobian) / NOISE**2 + numpy.eye(len(logs)) / PRIOR**2
        right = -jacobian.T @ (weight[:, 0] * errors) / NOISE**2 - (logs - prior) / PRIOR**2
        logs = logs + numpy.clip(numpy.linalg.solve(left, right), -0.5, 0.5)
        errors, _ = bench.errors(logs)
        report("after", errors, suites)
    return logs


def report(when, errors, suites):
    by_suite = defaultdict(list)
    for error, suite in zip(errors, suites):
        by_suite[suite].append(100 * abs(error))
    print(when, " ".join(f"{suite} {sum(e) / len(e):.1f} % ({len(e)})" for suite, e in by_suite.items()), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("group", choices=GROUPS)
    parser.add_argument("--traingrid", default=str(ROOT / "build/traingrid"))
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    words, constants = GROUPS[options.group]
    bench = Bench(options.traingrid, calibration_records(words), constants)
    logs = fit(bench, options.rounds)
    for (file, keys), value in zip(constants, logs):
        print(f"{file}: {keys}: {math.exp(value):.4g}")
    if options.write:
        for file, text in bench.files(logs).items():
            (ROOT / file).write_text(text)


if __name__ == "__main__":
    main()
