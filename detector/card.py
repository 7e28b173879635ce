"""
Writes MODEL_CARD.md from the figures that were measured.

    python3 card.py model.onnx evaluation.json agreement.json real.json training.json [ablation.json] > MODEL_CARD.md

evaluation.json, agreement.json and ablation.json are what `evaluate.py`, `agreement.py` and `ablation.py` write with --json, real.json what
`sentinel model evaluate --json` prints; training.json says by hand how it was trained (see `TRAINING`), and under `limits` what it is
not good for.
"""
import hashlib
import json
import sys
from pathlib import Path

import onnx

#: What training.json says, and how the card calls it.
TRAINING = {
    "pictures": "Pictures rendered for training",
    "seen": "Pictures seen",
    "moods": "Light in training",
    "trainSeeds": "Seeds of the city in training",
    "valSeeds": "Seeds of the city held out",
    "recipe": "Recipe",
    "machine": "Machine",
    "hours": "Time",
}
#: AP50 by day that the model is meant to reach, and that it must reach.
GOALS = {"any vehicle": (0.85, 0.70), "mean of vehicle classes": (0.85, 0.70), "person": (0.70, 0.55)}


def card(model, facts, agreement, real, training, ablation=None):
    content = Path(model).read_bytes()
    sections = [
        heading(content, facts),
        "## Accuracy\n" + accuracy_text(facts),
        *(mood_table(mood, entry) for mood, entry in facts["moods"].items()),
        "## Against the goals, by day\n" + goals_table(facts["moods"]["day"]["classes"]),
        "## On real pictures\n" + real_text(real, agreement),
        *(["## What the variety in training adds\n" + ablation_text(ablation)] if ablation else []),
        "## Training\n" + training_table(training),
        "## Limits\n" + training["limits"],
    ]
    return "\n\n".join(sections) + "\n"


def heading(content, facts):
    graph = onnx.load_from_string(content)
    weights = sum(len(tensor.raw_data) // 4 for tensor in graph.graph.initializer if tensor.data_type == 1)
    return f"""# Model card: the base detector

Detects person, bicycle, motorcycle, car (vans too), bus and truck in pictures of traffic cameras. It was trained from scratch by the
recipe in this folder, on pictures that this repository's own city renders; no weights and no pictures of others went in.

| | |
|---|---|
| File | `model.onnx`, {len(content) / 1e6:.2f} MB, {weights / 1e6:.2f} million weights |
| sha256 | `{hashlib.sha256(content).hexdigest()}` |
| Family | YOLOX: anchor-free, strides 8, 16 and 32, objectness; plain 3×3 convolutions, ReLU |
| Input | `images` [batch, 3, 256, 416], blue, green, red of 0–255, top left, filled with 114 |
| Output | `output` [batch, 2184, 11]: x, y, log width, log height on the grid, objectness, six classes |
| Cost | {facts["cpuMs"]["least"]} CPU ms a picture at least, {facts["cpuMs"]["median"]} median; one thread of onnxruntime on the machine below |"""


def accuracy_text(facts):
    return f"""Average precision as COCO defines it, on the visible boxes of seeds and camera positions that were never trained. Objects are
asked for when the longer side of what can be seen is at least {facts["floor"]} pixels of 640×360 and at least {facts["leastVisibility"]:.0%} of the object can be
seen; others are neither right nor wrong. `any vehicle` takes the five vehicle classes as one."""


def mood_table(mood, entry):
    rows = [f"| {name} | {row['ap50']:.3f} | {row['ap5095']:.3f} | {row['objects']} |" for name, row in entry["classes"].items()]
    head = [f"### {mood.capitalize()} ({entry['pictures']} pictures of {entry['cameras']} cameras)", "", "| | AP50 | AP50-95 | objects |", "|---|---|---|---|"]
    return "\n".join(head + rows)


def goals_table(classes):
    rows = ["| | AP50 | goal | least | |", "|---|---|---|---|---|"]
    for name, (goal, least) in GOALS.items():
        reached = classes[name]["ap50"]
        verdict = "goal reached" if reached >= goal else "usable, below the goal" if reached >= least else "**not enough yet**"
        rows.append(f"| {name} | {reached:.3f} | {goal:.2f} | {least:.2f} | {verdict} |")
    return "\n".join(rows)


def real_text(real, agreement):
    rows = ["| | there | found | seen by this model alone |", "|---|---|---|---|"]
    rows += [f"| {name} | {one['there']} | {one['found']} | {one['alone']} |" for name, one in agreement["counts"].items()]
    return f"""The {real['boxes']} cars of {real['pictures']} photographs from a car's windscreen are marked by hand (`tests/real/road.json`): AP50 {real['ap50']:.3f}. Such
pictures look like nothing in this city, and near cars are larger than any that its cameras see.

Of all classes on the same pictures, beside {agreement['other']}, which was trained on real ones: what that one sees with a score of
0.5 counts as there, and this one is asked at 0.3.

""" + "\n".join(rows)


def ablation_text(ablation):
    """The short trainings side by side: means over their seeds, and by how much the seeds of one variant lie apart."""
    base = averaged(ablation["variants"]["all of it"])
    columns = [(mood, name) for name in ("any vehicle", "person") for mood in ("day", "dusk", "night", "rain", "fog")]
    rows = ["| | " + " | ".join(f"{name}, {mood}" for mood, name in columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for title, seeds in ablation["variants"].items():
        mean = averaged(seeds)
        cells = [f"{mean[key]:.3f}" if title == "all of it" else f"{mean[key] - base[key]:+.3f}" for key in columns]
        rows.append(f"| {title} | " + " | ".join(cells) + " |")
    return f"""AP50 of short trainings ({ablation['images']:,} pictures seen, drawn from the same 12 cameras, {seeds_text(ablation)}) with all the variety, and
the difference when one part is left out: light, lens or colours of the ground and walls fixed while the city is rendered;
colour, wear (blur, noise, JPEG) or geometry (scale, place, mirror, collage) not changed in training. {chance_text(ablation)}

""" + "\n".join(rows)


def averaged(seeds):
    """(mood, class) → mean over the seeds."""
    runs = list(seeds.values())
    return {(mood, name): sum(run[mood][name] for run in runs) / len(runs) for mood in runs[0] for name in runs[0][mood]}


def seeds_text(ablation):
    numbers = sorted({len(seeds) for seeds in ablation["variants"].values()})
    return f"mean of {' or '.join(map(str, numbers))} seeds" if numbers != [1] else "one seed"


def chance_text(ablation):
    apart = spread(ablation)
    if not apart:
        return "With one seed nobody knows what chance alone does."
    return f"The seeds of one training lie {sum(apart) / len(apart):.3f} apart on average, {max(apart):.3f} at most: smaller differences say nothing."


def spread(ablation):
    """Highest minus lowest over the seeds, of each variant that has several, mood and class."""
    several = [list(seeds.values()) for seeds in ablation["variants"].values() if len(seeds) > 1]
    return [
        max(run[mood][name] for run in runs) - min(run[mood][name] for run in runs)
        for runs in several
        for mood in runs[0]
        for name in runs[0][mood]
    ]


def training_table(training):
    rows = [f"| {title} | {training[name]} |" for name, title in TRAINING.items() if name in training]
    return "\n".join(["| | |", "|---|---|", *rows])


if __name__ == "__main__":
    model, *texts = sys.argv[1:]
    print(card(model, *(json.loads(Path(text).read_text(encoding="utf8")) for text in texts)), end="")
