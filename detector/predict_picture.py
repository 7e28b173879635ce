"""
Boxes of an ONNX file on one picture, as JSON: [{"class": …, "score": …, "box": [x, y, width, height] in shares of the picture}].

    python3 predict_picture.py model.onnx picture.jpg
"""
import json
import sys

import cv2

from evaluate import runner
from letterbox import letterboxed
from model import CLASSES, cells
from predict import detections


def boxes_of(model, path):
    picture = cv2.imread(path, cv2.IMREAD_COLOR)
    height, width = picture.shape[:2]
    image, scale = letterboxed(picture)
    for box, score, name in zip(*detections(runner(model, 1)(image), cells().numpy(), scale)):
        left, top, right, bottom = box.clip(0, [width, height] * 2) / ([width, height] * 2)
        yield {"class": CLASSES[name], "score": float(score), "box": [left, top, right - left, bottom - top]}


if __name__ == "__main__":
    print(json.dumps(list(boxes_of(*sys.argv[1:3]))))
