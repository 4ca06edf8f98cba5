#!/usr/bin/env python3
"""Writes the typical years of platforms/climates, platforms/grids and platforms/profiles.

usage: scripts/typical_years.py FOLDER

FOLDER holds `weather/` and `carbon/` with the files that are named below, as their publishers offer them. Every hour of
a file falls into a month and an hour of the day; a typical year holds the means, 12 x 24 of them. The files themselves
are not part of this project: only these means are, with the source of each.
"""
import csv
import json
import math
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent / "platforms"

TMY3 = "NREL, Typical Meteorological Year 3 (public domain), EnergyPlus weather file {}; means by month and hour"
OPEN_METEO = "Open-Meteo archive (ERA5, CC BY 4.0), {}; means by month and hour"
CLIMATES = {
    "leesburg": ("Leesburg, Virginia", "USA_VA_Leesburg.Exec_TMYx.epw",
                 "Climate.OneBuilding.Org, TMYx of Leesburg Executive Airport (NCEI ISD and ERA5, 2007-2021); means by "
                 "month and hour"),
    "chicago": ("Chicago, Illinois", "USA_IL_Chicago-OHare.Intl.AP.725300_TMY3.epw", TMY3.format("725300")),
    "tucson": ("Tucson, Arizona", "USA_AZ_Davis-Monthan.AFB.722745_TMY3.epw", TMY3.format("722745")),
    "port-angeles": ("Port Angeles, Washington",
                     "USA_WA_Port.Angeles-William.R.Fairchild.Intl.AP.727885_TMY3.epw", TMY3.format("727885")),
    "philadelphia": ("Philadelphia, Pennsylvania, in 2023", "openmeteo_US-MIDA-PJM_2023.json",
                     OPEN_METEO.format("39.96 N 75.17 W, 2023")),
    "frankfurt": ("Frankfurt am Main, Germany, in 2023", "openmeteo_DE-LU_2023.json",
                  OPEN_METEO.format("50.09 N 8.65 E, 2023")),
    "singapore": ("Singapore in 2023", "openmeteo_SG_2023.json", OPEN_METEO.format("1.30 N 103.86 E, 2023")),
}
GRIDS = {
    "pjm": ("PJM, eastern United States, 2023", "US-MIDA-PJM"),
    "california": ("California (CAISO), 2023", "US-CAL-CISO"),
    "germany": ("Germany and Luxembourg, 2023", "DE-LU"),
    "singapore": ("Singapore, 2023", "SG"),
}
PROFILES = {
    "wind-texas": ("wind power of Texas (ERCOT), 2022", "ERCO", "WND"),
    "solar-texas": ("solar power of Texas (ERCOT), 2022", "ERCO", "SUN"),
    "wind-pjm": ("wind power of PJM, 2022", "PJM", "WND"),
    "solar-california": ("solar power of California (CAISO), 2022", "CISO", "SUN"),
}


def saturation_pressure(t):
    """Hyland and Wexler 1983, over ice below 0.01 C; Pa."""
    k = t + 273.15
    if t < 0.01:
        return math.exp(-5.6745359e3 / k + 6.3925247 - 9.677843e-3 * k + 6.2215701e-7 * k ** 2 + 2.0747825e-9 * k ** 3
                        - 9.484024e-13 * k ** 4 + 4.1635019 * math.log(k))
    return math.exp(-5.8002206e3 / k + 1.3914993 - 4.8640239e-2 * k + 4.1764768e-5 * k ** 2 - 1.4452093e-8 * k ** 3
                    + 6.5459673 * math.log(k))


def wet_bulb(t, relative, pressure):
    """ASHRAE Fundamentals 2017, chapter 1, equations 33 and 35, by bisection; C."""
    def ratio(vapour):
        return 0.621945 * vapour / (pressure - vapour)

    wanted = ratio(relative * saturation_pressure(t))
    low, high = -100.0, t
    for _ in range(50):
        w = (low + high) / 2
        saturated = ratio(saturation_pressure(w))
        if w < 0:
            got = ((2830 - 0.24 * w) * saturated - 1.006 * (t - w)) / (2830 + 1.86 * t - 2.1 * w)
        else:
            got = ((2501 - 2.326 * w) * saturated - 1.006 * (t - w)) / (2501 + 1.86 * t - 4.186 * w)
        low, high = (low, w) if got > wanted else (w, high)
    return low



def read_epw(path):
    lines = path.read_text(encoding="latin-1").splitlines()
    place = lines[0].split(",")
    hours = [row.split(",") for row in lines[8:] if row.strip()]
    rows = [(int(c[1]) - 1, int(c[3]) - 1, float(c[6]), float(c[8]) / 100, float(c[9])) for c in hours]
    return float(place[8]), float(place[9]), rows


def read_open_meteo(path):
    answer = json.loads(path.read_text())
    pressure = 101325 * (1 - 2.25577e-5 * answer["elevation"]) ** 5.25588
    hourly = answer["hourly"]
    rows = [(int(t[5:7]) - 1, int(t[11:13]), dry, relative / 100, pressure)
            for t, dry, relative in zip(hourly["time"], hourly["temperature_2m"], hourly["relative_humidity_2m"])]
    return answer["utc_offset_seconds"] / 3600, answer["elevation"], rows


def typical_days(rows):
    """Means of (month, hour, value): 12 lists of 24."""
    cells = [[[] for _ in range(24)] for _ in range(12)]
    for month, hour, value in rows:
        cells[month][hour].append(value)
    return [[sum(cell) / len(cell) for cell in day] for day in cells]


def table(key, days, digits):
    text = "%s:\n" % key
    for day in days:
        text += "  - [%s]\n" % ", ".join("%.*f" % (digits, value) for value in day)
    return text


def write(folder, name, heading, body):
    (HERE / folder / (name + ".yaml")).write_text("# %s\n# Written by scripts/typical_years.py.\n%s" % (heading, body))


def write_climate(folder, name, title, file, source):
    path = folder / "weather" / file
    offset, elevation, rows = (read_epw if path.suffix == ".epw" else read_open_meteo)(path)
    body = "name: %s\nsource: \"%s\"\nelevation_m: %g\nutc_offset: %g h\n" % (title, source, elevation, offset)
    body += table("dry_bulb_c", typical_days((m, h, dry) for m, h, dry, _, _ in rows), 2)
    body += table("wet_bulb_c", typical_days((m, h, wet_bulb(*air)) for m, h, *air in rows), 2)
    write("climates", name, "The air of %s: an average day of each month." % title, body)


def read_rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write_grid(folder, name, title, zone):
    rows = read_rows(folder / "carbon" / ("electricitymaps_%s_2023_hourly.csv" % zone))
    when = [(int(r["Datetime (UTC)"][5:7]) - 1, int(r["Datetime (UTC)"][11:13])) for r in rows]
    body = "zone: %s\nsource: \"Electricity Maps (ODbL), %s, hours of 2023; means by month and hour of UTC\"\n" % (
        title, zone)
    for key, column in (("lifecycle_g_per_kwh", "LCA"), ("direct_g_per_kwh", "direct")):
        values = [float(r["Carbon Intensity gCO₂eq/kWh (%s)" % column]) for r in rows]
        body += table(key, typical_days((m, h, v) for (m, h), v in zip(when, values)), 1)
    write("grids", name, "The grid of %s: an average day of each month." % title, body)


def write_profile(folder, name, title, area, fuel):
    rows = [r for r in read_rows(folder / "carbon" / ("eia930_%s_2022_fuelmix_avgCI.csv" % area)) if r[fuel]]
    best = max(float(r[fuel]) for r in rows)
    days = typical_days((int(r["timestamp"][5:7]) - 1, int(r["timestamp"][11:13]), float(r[fuel]) / best) for r in rows)
    body = "name: %s\nsource: \"US EIA, Form 930, %s, hours of 2022 over the highest; means by month and hour of UTC\"\n" % (
        title, area)
    write("profiles", name, "What the %s gave, as a share of its best hour." % title, body + table("share", days, 4))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    for name, about in CLIMATES.items():
        write_climate(folder, name, *about)
    for name, about in GRIDS.items():
        write_grid(folder, name, *about)
    for name, about in PROFILES.items():
        write_profile(folder, name, *about)


if __name__ == "__main__":
    main()
