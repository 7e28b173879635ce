"""Random truth and boxes, and what pycocotools says of them, as the numbers that `evaluate` must give.

    python3 detections.py > detections.json    (needs pycocotools 2.0.11)
"""
import contextlib
import io
import json
import sys

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

CLASSES = ["bicycle", "bus", "car", "person", "tram"]
WIDTH, HEIGHT, PICTURES = 640, 360, 24


def random_box(rng):
    side = float(np.exp(rng.uniform(np.log(6), np.log(220))))
    shape = float(np.exp(rng.normal(0, 0.4)))
    width, height = side * shape, side / shape
    x, y = rng.uniform(0, WIDTH - width / 2), rng.uniform(0, HEIGHT - height / 2)
    return [round(value, 1) for value in (x, y, width, height)]


def nudged(rng, box, amount):
    x, y, width, height = box
    moved = [x + rng.normal(0, amount) * width, y + rng.normal(0, amount) * height]
    sized = [width * np.exp(rng.normal(0, amount)), height * np.exp(rng.normal(0, amount))]
    return [round(float(value), 1) for value in moved + sized]


def truth_of(rng):
    """"tram" is never there, though it is found."""
    for _ in range(rng.integers(0, 14)):
        box = random_box(rng)
        yield {
            "class": CLASSES[rng.integers(0, 4)],
            "box": box,
            "area": round(box[2] * box[3] * rng.uniform(0.6, 1), 1),
            "isCrowd": bool(rng.random() < 0.08),
        }


def found_of(rng, truth, crowded):
    for each in truth:
        for _ in range(rng.integers(0, 3)):
            wrong = rng.random() < 0.1
            name = CLASSES[rng.integers(0, 5)] if wrong else each["class"]
            yield {"class": name, "score": round(rng.uniform(0.2, 1), 2), "box": nudged(rng, each["box"], 0.08)}
    for _ in range(150 if crowded else rng.integers(0, 5)):
        name = "car" if crowded else CLASSES[rng.integers(0, 5)]
        yield {"class": name, "score": round(rng.uniform(0, 0.7), 2), "box": random_box(rng)}


def coco_of(pictures):
    ids = {name: at + 1 for at, name in enumerate(CLASSES)}
    annotations, results = [], []
    for picture, (truth, found) in enumerate(pictures, 1):
        for each in truth:
            annotations.append({
                "id": len(annotations) + 1, "image_id": picture, "category_id": ids[each["class"]],
                "bbox": each["box"], "area": each["area"], "iscrowd": int(each["isCrowd"]),
            })
        for each in found:
            results.append({
                "image_id": picture, "category_id": ids[each["class"]], "bbox": each["box"], "score": each["score"],
            })
    dataset = COCO()
    dataset.dataset = {
        "info": {},
        "images": [{"id": at + 1, "width": WIDTH, "height": HEIGHT} for at in range(len(pictures))],
        "annotations": annotations,
        "categories": [{"id": at, "name": name} for name, at in ids.items()],
    }
    dataset.createIndex()
    return dataset, dataset.loadRes(results), ids


def mean(values):
    values = values[values > -1]
    return float(values.mean()) if values.size else None


def numbers(truth, results, ids):
    judge = COCOeval(truth, results, "bbox")
    judge.evaluate()
    judge.accumulate()
    precision, recall = judge.eval["precision"], judge.eval["recall"]  # [T, R, K, A, M], [T, K, A, M]
    accuracy = lambda k, a: {
        "ap": mean(precision[:, :, k, a, 2]),
        "ap50": mean(precision[0, :, k, a, 2]),
        "ap75": mean(precision[5, :, k, a, 2]),
        "recall": mean(recall[:, k, a, 2]),
    }
    everything = slice(None)
    return {
        **accuracy(everything, 0),
        "byClass": {name: accuracy(at - 1, 0) for name, at in ids.items()},
        "bySize": {size: accuracy(everything, at) for at, size in enumerate(("small", "medium", "large"), 1)},
    }


def case(seed):
    rng = np.random.default_rng(seed)
    pictures = []
    for at in range(PICTURES):
        truth = list(truth_of(rng))
        pictures.append((truth, list(found_of(rng, truth, crowded=at == 3))))
    with contextlib.redirect_stdout(io.StringIO()):
        expected = numbers(*coco_of(pictures))
    return {"pictures": [{"truth": truth, "found": found} for truth, found in pictures], "expected": expected}


if __name__ == "__main__":
    json.dump([case(seed) for seed in (1, 2)], sys.stdout, separators=(",", ":"))
