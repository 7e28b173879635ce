"""Random tracks of random objects, and what py-motmetrics says of them, as the numbers that `countTracking` must give.

    python3 tracking.py > tracking.json    (needs motmetrics 1.4.0)
"""
import json
import sys

import motmetrics
import numpy as np

FRAMES, OBJECTS = 60, 14


def walk(rng):
    """Left, top, width, height of one object in each frame that it is there."""
    start, length = rng.integers(0, 40), rng.integers(8, 50)
    place, speed, size = rng.uniform(0, 260, 2), rng.normal(0, 5, 2), rng.uniform(20, 60, 2)
    for frame in range(start, min(FRAMES, start + length)):
        place = place + speed + rng.normal(0, 1, 2)
        yield frame, [round(float(value), 1) for value in (*place, *size)]


def tracked(rng, box, amount):
    return [round(float(value + rng.normal(0, amount)), 1) for value in box]


def sequence(seed):
    """What happens to trackers: they miss, they change their mind, they swap two objects, they see what is not there."""
    rng = np.random.default_rng(seed)
    frames = [{"truth": [], "found": []} for _ in range(FRAMES)]
    number = 0
    for name in range(OBJECTS):
        number += 1
        for frame, box in walk(rng):
            frames[frame]["truth"].append({"id": f"o{name}", "box": box})
            number += rng.random() < 0.04
            if rng.random() < 0.85:
                frames[frame]["found"].append({"id": f"t{number}", "box": tracked(rng, box, 2.5)})
    for frame in frames:
        if len(frame["found"]) > 2 and rng.random() < 0.15:
            one, other = frame["found"][:2]
            one["id"], other["id"] = other["id"], one["id"]
        if rng.random() < 0.3:
            frame["found"].append({"id": f"g{rng.integers(0, 5)}", "box": tracked(rng, [100, 100, 40, 40], 40)})
        rng.shuffle(frame["found"])
    return frames


def number_of(each):
    """py-motmetrics wants numbers."""
    return int(each["id"][1:]) + 10_000 * "otg".index(each["id"][0])


def numbers(frames):
    count = motmetrics.MOTAccumulator(auto_id=True)
    for frame in frames:
        truth, found = ([each["box"] for each in frame[side]] for side in ("truth", "found"))
        distances = motmetrics.distances.iou_matrix(truth, found, max_iou=0.5)
        count.update(*([number_of(each) for each in frame[side]] for side in ("truth", "found")), distances)
    names = ["num_objects", "num_predictions", "num_misses", "num_false_positives", "num_switches", "idtp", "idf1", "mota"]
    row = motmetrics.metrics.create().compute(count, metrics=names).iloc[0]
    return {name: float(row[name]) for name in names}


if __name__ == "__main__":
    cases = [sequence(seed) for seed in (1, 2, 3)]
    json.dump([{"frames": frames, "expected": numbers(frames)} for frames in cases], sys.stdout, separators=(",", ":"))
