#!/usr/bin/env python3
"""Fits the `calibrated` constants of accelerators and software to a few published training steps.

The rows are `calibration_rows` of platforms/systems/training-steps.yaml; --choose picks them: of every suite, accelerator,
precision and family of experts every fourth row in the order of the file (of vTrain's 720 on one node every twentieth), so no
more than a third of any suite and none by its error. Gauss-Newton on the logarithm of simulated over published time, rows
far off counting less (Huber), groups of rows weighing alike whatever their number, and every constant held near what its
source says by a weak prior. Derivatives are differences: one run of `traingrid validate steps` per constant.
With --write the files get the fitted numbers; without, they are printed only.

usage: scripts/calibrate_steps.py --choose [GROUP]      (from the rows of results/validation/rows.csv; of a GROUP, rows of
                                                         models with, or without, experts only)
       scripts/calibrate_steps.py GROUP [--traingrid build/release/traingrid] [--rounds 2] [--jobs 2] [--write]
       GROUP is a100, h100, gb200, gb300 or experts.
"""
import argparse
import csv
import io
import math
import re
import subprocess
import tempfile
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy

ROOT = Path(__file__).resolve().parent.parent
SYSTEMS = ROOT / "platforms/systems/training-steps.yaml"
STEP, PRIOR, NOISE, HUBER = 0.03, 0.3, 0.03, 1.5  # of a constant; spread of the prior; of a row; where a row counts less

EXPERTS = r"Grok|Qwen3|DeepSeek|GPT OSS|Kimi|Mixtral 8|Maverick|Scout"


def accelerator(name):
    return f"platforms/accelerators/{name}.yaml"


def software(name):
    return f"workloads/software/{name}.yaml"


A100, H100, GB200, GB300, B200, B300 = map(
    accelerator, ("a100-sxm4-80gb", "h100-sxm5-80gb", "gb200", "gb300", "b200", "b300"))
GROUPS = {  # accelerators, whether models have experts; constants as file and keys
    "a100": ("A100", False, [
        (A100, "efficiency gemm"), (A100, "efficiency gemm_depth"), (A100, "efficiency wave_weight"),
        (A100, "gemm_unaligned"), (A100, "efficiency memory"), (A100, "efficiency straggling"), (A100, "flash-1 forward"), (A100, "flash-1 backward"),
        (software("megatron-deepspeed-2022"), "launch_interval"), (software("megatron-deepspeed-2022"), "micro_batch_overhead"),
        (software("llm-foundry-2023"), "overlap_traffic"),
    ]),
    "h100": ("H100|H200", False, [
        (H100, "efficiency gemm"), (H100, "gemm_by_precision fp8"), (H100, "efficiency gemm_depth"),
        (H100, "efficiency wave_weight"), (H100, "gemm_by_library cuda-12.1 bf16"), (H100, "gemm_by_library cuda-12.1 fp8"),
        (H100, "efficiency straggling"),
        (H100, "flash-1 forward"), (H100, "flash-1 backward"), (H100, "flash-3 forward"), (H100, "flash-3 backward"),
        (software("megatron-core-2024"), "step_overhead"), (software("nemo-24.03"), "step_overhead"),
    ]),
    "gb200": (r"GB200|\bB200", False, [
        (GB200, "gemm_by_precision fp8"), (GB200, "gemm_by_precision mxfp8"),
        (GB200, "gemm_by_precision nvfp4"), (GB200, "efficiency memory"), (GB200, "flash-3 forward"), (GB200, "flash-3 backward"),
    ]),
    "gb300": (r"GB300|\bB300", False, [
        (GB300, "gemm_by_precision fp8"), (GB300, "gemm_by_precision mxfp8"), (GB300, "gemm_by_precision nvfp4"),
    ]),
    "experts": ("H100|B[23]00", True, [
        (software("megatron-core-2024"), "expert_overhead"), (software("nemo-25.11-alltoall"), "expert_overhead"),
        (software("nemo-25.11-alltoall-overlap"), "expert_overhead"),
    ]),
}


def all_records():
    """Identity and line of every published step, in the order of the files."""
    for name in ("steps", "steps-vtrain"):
        for line in (ROOT / f"platforms/measurements/{name}.yaml").read_text().splitlines():
            if match := re.match(r"- \{id: ([^,]+),", line):
                yield match[1], line


def stratum(line):
    """Suite, accelerator, precision and, of models with experts, the family."""
    suite = re.search(r"suite: ([\w-]+)", line)[1]
    gpu = re.search(r"gpu: ([^,}]+)", line)
    precision = re.search(r"precision: [^,}]*?(fp4|mx|fp8|bf16|fp16)", line)
    suite = re.sub(r"^(megatron-bridge|mlperf-\w+).*", r"\1", suite)
    family = re.search(rf"model: [^,]*({EXPERTS})", line)
    return suite, gpu and gpu[1], precision and precision[1], family and family[1]


def calibration_rows():
    text = SYSTEMS.read_text()
    return set(re.findall(r"[\w.-]+", text[text.index("calibration_rows: ["):]))


def has_experts(line):
    return bool(re.search(EXPERTS, line))


def choose(group):
    """Writes the names of the calibration rows: a systematic sample of those that results/validation has simulated."""
    anew = {experts for name, (_, experts, _) in GROUPS.items() if group in (None, name)}
    before = calibration_rows()
    with open(ROOT / "results/validation/rows.csv") as table:
        known = {row["id"] for row in csv.DictReader(table) if row["calibrated"]}
    strata = defaultdict(list)
    chosen = set()
    for identity, line in all_records():
        if has_experts(line) not in anew:
            chosen |= {identity} & before
        elif identity in known:
            strata[stratum(line)].append(identity)
    for (suite, *_), names in strata.items():
        every = 20 if suite == "vtrain-single" else 4
        chosen |= set(names[1::every] if len(names) > 2 else [])
    chosen = [identity for identity, _ in all_records() if identity in chosen]
    text = SYSTEMS.read_text()
    start = text.index("calibration_rows: [")
    lines, line = [], " "
    for name in chosen:
        if len(line) + len(name) > 122:
            lines.append(line)
            line = " "
        line += f" {name},"
    SYSTEMS.write_text(text[:start] + "calibration_rows: [\n" + "\n".join(lines + [line.rstrip(",")]) + "]\n")
    print(f"{len(chosen)} rows")


def simulate(traingrid, records, catalogue, jobs):
    """Logarithm of simulated over published time by row, and the rows' suites."""
    def part(number):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as rows:
            rows.write("records:\n" + "\n".join(records[number::jobs]) + "\n")
            rows.flush()
            command = [traingrid, "validate", "steps", "--rows", rows.name, "--format", "csv"]
            command += ["--catalogue", catalogue] if catalogue else []
            return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout.split("\n\n")[0]

    errors, suites = {}, {}
    with ThreadPoolExecutor(jobs) as pool:
        for output in pool.map(part, range(jobs)):
            for row in csv.DictReader(io.StringIO(output)):
                if row.get("simulated"):
                    sign = 1 if re.search("time|days|_ms", row["quantity"]) else -1  # else a rate
                    errors[row["id"]] = sign * math.log(float(row["simulated"]) / float(row["published"]))
                    suites[row["id"]] = row["suite"]
    return errors, suites


NUMBER = r"([0-9.]+(?:e[+-]?\d+)?)"


def constant(text, keys):
    """Matches of the numbers behind `value:` and `calibrated:` of the last of these keys."""
    at = 0
    for key in keys.split():
        at = re.compile(rf"(^|[\s{{]){re.escape(key)}:").search(text, at).end()
    return re.compile(rf"value: {NUMBER}").search(text, at), re.compile(rf"calibrated: {NUMBER}").search(text, at)


def with_number(text, keys, value):
    match = constant(text, keys)[1]
    return text[: match.start(1)] + f"{value:.4g}" + text[match.end(1):]


class Bench:
    """Simulates rows with constants put into copies of the files."""

    def __init__(self, traingrid, records, constants, jobs):
        self.traingrid, self.constants, self.jobs = traingrid, constants, jobs
        self.texts = {file: (ROOT / file).read_text() for file, _ in constants}
        self.folder = tempfile.TemporaryDirectory()
        self.records = [line for _, line in records]
        self.groups = {identity: stratum(line) for identity, line in records}

    def logs(self, which):
        """Of the uncalibrated (0) or calibrated (1) numbers."""
        return numpy.array([math.log(float(constant(self.texts[file], keys)[which][1])) for file, keys in self.constants])

    def greatest(self):
        """Shares end at 1."""
        return numpy.array([0 if re.search(r"efficiency|gemm|flash", keys) and "depth" not in keys else math.inf
                            for _, keys in self.constants])

    def files(self, logs):
        texts = dict(self.texts)
        for (file, keys), value in zip(self.constants, logs):
            texts[file] = with_number(texts[file], keys, math.exp(value))
        return texts

    def errors(self, logs):
        for file, text in self.files(logs).items():
            path = Path(self.folder.name) / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        by_row, _ = simulate(self.traingrid, self.records, self.folder.name, self.jobs)
        return numpy.array(list(by_row.values())), [self.groups[identity] for identity in by_row]


def weights_of(errors, groups):
    """Groups alike, but for small ones, rows far off less."""
    counts = Counter(groups)
    far = numpy.abs(errors) / NOISE
    robust = numpy.minimum(1, HUBER / numpy.maximum(far, 1e-9))
    return robust * numpy.array([1 / math.sqrt(counts[group]) for group in groups])


def fit(bench, rounds):
    prior, logs = bench.logs(0), bench.logs(1)
    errors, groups = bench.errors(logs)
    report("before", errors, groups)
    for _ in range(rounds):
        slopes = []
        for i in range(len(logs)):
            moved = logs.copy()
            moved[i] -= STEP
            slopes.append((errors - bench.errors(moved)[0]) / STEP)
        jacobian = numpy.array(slopes).T
        weight = weights_of(errors, groups)[:, None]
        left = jacobian.T @ (weight * jacobian) / NOISE**2 + numpy.eye(len(logs)) / PRIOR**2
        right = -jacobian.T @ (weight[:, 0] * errors) / NOISE**2 - (logs - prior) / PRIOR**2
        logs = logs + numpy.clip(numpy.linalg.solve(left, right), -0.3, 0.3)
        logs = numpy.minimum(logs, bench.greatest())
        errors, _ = bench.errors(logs)
        report("after", errors, groups)
    return logs


def report(when, errors, groups):
    by_group = defaultdict(list)
    for error, group in zip(errors, groups):
        by_group[" ".join(str(part) for part in group if part)].append(100 * abs(error))
    print(when, ", ".join(f"{group} {sum(e) / len(e):.1f} % ({len(e)})" for group, e in by_group.items()), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("group", choices=GROUPS, nargs="?")
    parser.add_argument("--choose", action="store_true")
    parser.add_argument("--traingrid", default=str(ROOT / "build/release/traingrid"))
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if options.choose:
        return choose(options.group)
    words, experts, constants = GROUPS[options.group]
    chosen = calibration_rows()
    records = [(identity, line) for identity, line in all_records()
               if identity in chosen and re.search(rf"gpu: [^,}}]*({words})", line)
               and has_experts(line) == experts]
    bench = Bench(options.traingrid, records, constants, options.jobs)
    logs = fit(bench, options.rounds)
    for (file, keys), value in zip(constants, logs):
        print(f"{file}: {keys}: {math.exp(value):.4g}")
    if options.write:
        for file, content in bench.files(logs).items():
            (ROOT / file).write_text(content)


if __name__ == "__main__":
    main()
