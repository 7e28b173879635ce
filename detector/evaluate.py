"""
Average precision of a checkpoint or an ONNX file on labelled pictures, by class and mood.

    python3 evaluate.py checkpoint.pt|model.onnx --data DIR [DIR...] [--moods day,night] [--json FILE]
"""
import argparse
import json
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import torch

from average_precision import average_precision, judge
from checkpoint import load
from labels import LEAST_VISIBILITY, asked_for, read_labels
from letterbox import letterboxed
from model import CLASSES, Detector, cells
from predict import detections

#: Objects whose longer side is shorter are not asked for, pixels of the picture.
FLOOR = 12


def runner(file, threads):
    """A function from input [3, H, W] to rows [N, 5 + C] of probabilities."""
    if not str(file).endswith(".onnx"):
        torch.set_num_threads(threads)
        model = Detector().eval()
        model.load_state_dict(load(file)["average"])
        return lambda image: torch_rows(model, image)
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda image: session.run(None, {name: image[None]})[0][0]


def torch_rows(model, image):
    with torch.no_grad():
        return model(torch.from_numpy(image)[None])[0].numpy()


def timed(run, spent):
    """The same function, that appends the CPU milliseconds of each call to `spent`: of this thread, because numpy's go on spinning."""

    def measured(image):
        start = time.thread_time()
        rows = run(image)
        spent.append((time.thread_time() - start) * 1000)
        return rows

    return measured


def found_in(pictures, run):
    """Detections (boxes, scores, classes) of each picture, in its pixels."""
    grid = cells().numpy()
    for number, picture in enumerate(pictures, 1):
        image, scale = letterboxed(cv2.imread(str(picture.path), cv2.IMREAD_COLOR))
        yield detections(run(image), grid, scale)
        if number % 50 == 0:
            print(f"{number}/{len(pictures)}", end="\r", file=sys.stderr, flush=True)


def figures(pictures, found, floor=FLOOR):
    """AP50 and AP50-95 of each class, of all vehicles taken as one class, and the mean over the five vehicle classes."""
    groups = {name: [index] for index, name in enumerate(CLASSES)}
    groups["any vehicle"] = list(range(1, len(CLASSES)))
    table = {name: group_figures(pictures, found, group, floor) for name, group in groups.items()}
    return {name: row for name, row in table.items() if row} | means(table)


def group_figures(pictures, found, group, floor):
    judged = [judged_picture(picture, one, group, floor) for picture, one in zip(pictures, found)]
    precision = average_precision(judged)
    if precision is None:
        return None
    truths = sum(one.truths for one in judged)
    return {"ap50": round(float(precision[0]), 4), "ap5095": round(float(precision.mean()), 4), "objects": truths}


def judged_picture(picture, found, group, floor):
    boxes, scores, classes = found
    mine, its = np.isin(classes, group), np.isin(picture.classes, group)
    asked = asked_for(picture.boxes, picture.visibility, floor)[its]
    is_small = lambda rows: (rows[:, 2:] - rows[:, :2]).max(1, initial=0) < floor
    return judge(boxes[mine], scores[mine], picture.boxes[its], asked, is_small)


def means(table):
    rows = [table[name] for name in CLASSES[1:] if table[name]]
    if not rows:
        return {}
    mean = {key: round(sum(row[key] for row in rows) / len(rows), 4) for key in ("ap50", "ap5095")}
    return {"mean of vehicle classes": mean | {"objects": sum(row["objects"] for row in rows)}}


def by_mood(pictures, found, floor=FLOOR):
    """Figures of each mood."""
    result = {}
    for mood in dict.fromkeys(picture.mood for picture in pictures):
        chosen = [at for at, picture in enumerate(pictures) if picture.mood == mood]
        of_mood = figures([pictures[at] for at in chosen], [found[at] for at in chosen], floor)
        cameras = len({(pictures[at].path.parent, pictures[at].path.name.rpartition("-")[0]) for at in chosen})
        result[mood] = {"pictures": len(chosen), "cameras": cameras, "classes": of_mood}
    return result


def printed(result):
    for mood, entry in result.items():
        print(f"{mood}: {entry['pictures']} pictures")
        for name, row in entry["classes"].items():
            print(f"  {name:24} AP50 {row['ap50']:.3f}  AP50-95 {row['ap5095']:.3f}  {row['objects']:6} objects")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--data", required=True, nargs="+")
    parser.add_argument("--moods")
    parser.add_argument("--most", type=int, help="pictures a mood")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json")
    given = parser.parse_args()
    moods = given.moods and given.moods.split(",")
    pictures = first_of_each([picture for folder in given.data for picture in read_labels(folder, moods)], given.most)
    spent = []
    found = list(found_in(pictures, timed(runner(given.model, given.threads), spent)))
    result = by_mood(pictures, found)
    cost = {"least": round(min(spent), 1), "median": round(float(np.median(spent)), 1)}
    printed(result)
    print(f"CPU ms a picture: {cost['least']} at least, {cost['median']} median")
    if given.json:
        facts = {"floor": FLOOR, "leastVisibility": LEAST_VISIBILITY, "cpuMs": cost, "moods": result}
        Path(given.json).write_text(json.dumps(facts, indent=2) + "\n", encoding="utf8")


def first_of_each(pictures, most):
    """At most `most` pictures of each mood, spread over the whole set."""
    if most is None:
        return pictures
    moods = {}
    for picture in pictures:
        moods.setdefault(picture.mood, []).append(picture)
    return [same[at] for same in moods.values() for at in sorted({int(i) for i in np.linspace(0, len(same) - 1, most)})]


if __name__ == "__main__":
    main()
