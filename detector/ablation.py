"""
What each part of the variety in training adds: the same short training with all of it, and without one part at a time.

    npm run city:dataset -- --out DIR/all --seeds 1 --views 12
    npm run city:dataset -- --out DIR/light --seeds 1 --views 12 --fixed light      (and so for lens and tints)
    python3 ablation.py --data DIR --val DIR --runs DIR [--images 4000] [--seeds 1,2] --json ablation.json

Trainings that --json holds already are not made again; one that was stopped goes on from its checkpoint.
"""
import argparse
import json
import subprocess
import sys
from pathlib import Path

from data import CHANGES
from evaluate import by_mood, found_in, runner
from labels import read_labels

#: What is held fixed while the city is rendered.
RENDERED = ("light", "lens", "tints")
#: What the card shows.
SHOWN = ("any vehicle", "person")


def variants():
    """Name → (folder of pictures, options of train.py)."""
    rendered = {f"{part} fixed": (part, []) for part in RENDERED}
    trained = {f"without {part}": ("all", ["--without", part]) for part in CHANGES}
    return {"all of it": ("all", [])} | rendered | trained


def train(given, folder, run, seed, extra):
    command = [sys.executable, str(Path(__file__).with_name("train.py")), "--data", str(Path(given.data) / folder), "--run", str(run)]
    command += ["--images", str(given.images), "--seed", str(seed), "--batch", "8", "--cache", "2000", *extra]
    if (run / "checkpoint.pt").exists():
        command.append("--resume")
    subprocess.run(command, check=True, stdout=sys.stderr)
    return run / "checkpoint.pt"


def measured(checkpoint, pictures):
    """AP50 of what the card shows, by mood."""
    figures = by_mood(pictures, list(found_in(pictures, runner(checkpoint, 1))))
    return {mood: {name: entry["classes"][name]["ap50"] for name in SHOWN} for mood, entry in figures.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--val", required=True)
    parser.add_argument("--runs", required=True)
    parser.add_argument("--images", type=int, default=4000)
    parser.add_argument("--seeds", default="1")
    parser.add_argument("--json", required=True)
    given = parser.parse_args()
    pictures = read_labels(given.val)
    file = Path(given.json)
    kept = json.loads(file.read_text(encoding="utf8")) if file.exists() else {"images": given.images, "variants": {}}
    for seed in given.seeds.split(","):
        for name, (folder, extra) in variants().items():
            known = kept["variants"].setdefault(name, {})
            if seed in known:
                continue
            run = Path(given.runs) / f"{name.replace(' ', '-')}-{seed}"
            known[seed] = measured(train(given, folder, run, int(seed), extra), pictures)
            file.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf8")
            print(name, seed, json.dumps(known[seed]), flush=True)


if __name__ == "__main__":
    main()
