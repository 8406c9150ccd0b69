"""What the machine is (without its name), and what the processes of a site take of it."""

import os
import platform
import re
import sqlite3
from pathlib import Path

from bench.results import Memory


def describe(folder: Path) -> dict[str, str]:
    """Processor, cores, memory, kernel, versions, the file system that holds the data, and how loaded it was at the start."""
    model = re.search(r"^model name\s*: (.+)$", _text("/proc/cpuinfo"), re.MULTILINE)
    memory = re.search(r"^MemTotal:\s+(\d+) kB", _text("/proc/meminfo"), re.MULTILINE)
    return {
        "processor": model[1].strip() if model else platform.machine(),
        "cores": str(os.cpu_count()),
        "memory": f"{int(memory[1]) / 1024**2:.1f} GiB" if memory else "",
        "kernel": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "file system": _file_system(folder),
        "load before": load(),
    }


def load() -> str:
    """The load averages of 1, 5 and 15 minutes."""
    return " ".join(_text("/proc/loadavg").split()[:3])


def memory_of(processes: list[int]) -> Memory:
    totals = {"Rss": 0, "Pss": 0, "Pss_Anon": 0, "Pss_Shmem": 0}
    for pid in processes:
        for name, kilobytes in re.findall(r"^(\w+):\s+(\d+) kB", _text(f"/proc/{pid}/smaps_rollup"), re.MULTILINE):
            if name in totals:
                totals[name] += int(kilobytes)
    own = totals["Pss_Anon"] + totals["Pss_Shmem"]
    return Memory(len(processes), totals["Rss"] / 1024, totals["Pss"] / 1024, own / 1024)


TICKS = os.sysconf("SC_CLK_TCK")


def spent(processes: list[int]) -> float:
    """Seconds of processor time that these processes have taken so far: what a busy machine cannot falsify."""
    ticks = 0
    for pid in processes:
        fields = _text(f"/proc/{pid}/stat").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12]) if fields else 0
    return ticks / TICKS


def idle() -> float:
    """Seconds that the processors have had nothing to do so far, all together."""
    fields = _text("/proc/stat").split(maxsplit=9)
    return (int(fields[4]) + int(fields[5])) / TICKS


def _file_system(folder: Path) -> str:
    mounts = [line.split()[1:3] for line in _text("/proc/mounts").splitlines()]
    inside = [(point, kind) for point, kind in mounts if folder.resolve().is_relative_to(point)]
    return max(inside, key=lambda mount: len(mount[0]))[1] if inside else ""


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
