"""
How far a model agrees with another one on real pictures that nobody has labelled.

    python3 agreement.py model.onnx yolox_nano.onnx coco80.names picture.jpg... [--json FILE]

The other one must be of the YOLOX family. What it sees with a score of at least 0.5 is taken as there; the model is asked at 0.3.
Agreement is no accuracy: both can be wrong.
"""
import argparse
import json
from pathlib import Path

import cv2
import numpy as np
import onnxruntime

from average_precision import overlaps
from letterbox import letterboxed
from model import CLASSES, cells
from predict import detections

SURE, ASKED, SAME = 0.5, 0.3, 0.5


class Finder:
    """Boxes of the six classes that an ONNX file of the YOLOX family finds."""

    def __init__(self, file, names):
        self.session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
        self.names = names
        self.input = self.session.get_inputs()[0]
        _, _, self.height, self.width = self.input.shape

    def found(self, picture, least):
        """Boxes [D, 4] in pixels and whether each is a person [D]."""
        image, scale = letterboxed(picture, (self.width, self.height))
        rows = self.session.run(None, {self.input.name: image[None]})[0][0]
        boxes, scores, classes = detections(rows, cells(self.width, self.height).numpy(), scale)
        names = np.array([self.names[one] for one in classes], object)
        kept = (scores >= least) & np.isin(names, CLASSES)
        return boxes[kept], names[kept] == "person"


def compared(mine, its, pictures):
    """For persons and for vehicles: how many it sees, how many of those the model finds, and what the model sees alone."""
    counts = {name: {"there": 0, "found": 0, "alone": 0} for name in ("person", "any vehicle")}
    for path in pictures:
        picture = cv2.imread(path, cv2.IMREAD_COLOR)
        (boxes, persons), (there, are_persons) = mine.found(picture, ASKED), its.found(picture, SURE)
        for name, own, other in (("person", boxes[persons], there[are_persons]), ("any vehicle", boxes[~persons], there[~are_persons])):
            table = overlaps(own, other) >= SAME
            counts[name]["there"] += len(other)
            counts[name]["found"] += int(table.any(0).sum()) if len(own) else 0
            counts[name]["alone"] += int((~table.any(1)).sum()) if len(other) else len(own)
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("other")
    parser.add_argument("names")
    parser.add_argument("pictures", nargs="+")
    parser.add_argument("--json")
    given = parser.parse_args()
    names = Path(given.names).read_text(encoding="utf8").split("\n")
    counts = compared(Finder(given.model, CLASSES), Finder(given.other, names), given.pictures)
    text = json.dumps({"other": Path(given.other).stem, "pictures": len(given.pictures), "counts": counts}, indent=2)
    print(text)
    if given.json:
        Path(given.json).write_text(text + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
