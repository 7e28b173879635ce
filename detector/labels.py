"""Pictures and their boxes as the city writes them: `images/*.jpg` and `labels.jsonl`, one line a picture."""
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model import CLASSES

#: An object whose longer side is shorter than this, or of which less can be seen, is not asked for (pixels of 640×360).
LEAST_SIDE, LEAST_VISIBILITY = 10, 0.3


@dataclass
class Picture:
    """One labelled picture. Boxes are left, top, right, bottom of what can be seen, in pixels."""

    path: Path
    mood: str
    camera: str
    boxes: np.ndarray
    classes: np.ndarray
    visibility: np.ndarray


def read_labels(folder, moods=None):
    """
    Every picture of a data set that is there already, in order. A last line that is still being written is left for later.

    Raises ValueError that names the line where one is not understood.
    """
    folder = Path(folder)
    pictures = []
    with open(folder / "labels.jsonl", encoding="utf8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.endswith("\n"):
                break
            pictures.append(parsed(line, f"{folder}/labels.jsonl:{number}", folder))
    return [picture for picture in pictures if moods is None or picture.mood in moods]


def parsed(line, place, folder):
    try:
        entry = json.loads(line)
        boxes = np.array([box["box"] for box in entry["boxes"]], np.float32).reshape(-1, 4)
        boxes[:, 2:] += boxes[:, :2]
        return Picture(
            folder / "images" / entry["image"],
            entry["mood"],
            entry["camera"],
            boxes,
            np.array([CLASSES.index(box["class"]) for box in entry["boxes"]], np.int64),
            np.array([box["visibility"] for box in entry["boxes"]], np.float32),
        )
    except (KeyError, ValueError) as error:
        raise ValueError(f"{place} is no labelled picture ({error!r}). Render it again, or remove the line.") from error


def asked_for(boxes, visibility, least_side=LEAST_SIDE):
    """[M] whether an object is large enough and seen well enough that a detector must find it."""
    sides = boxes[:, 2:] - boxes[:, :2]
    return (sides.max(1, initial=0) >= least_side) & (visibility >= LEAST_VISIBILITY)


def repeats(pictures):
    """
    How often each picture should be seen: pictures of rare classes more often, by the square root of rarity (repeat factor
    sampling, Gupta et al., arXiv:1908.03195) with the most frequent class as the measure, at most fourfold.
    """
    has = np.array([[(picture.classes == one).any() for one in range(len(CLASSES))] for picture in pictures])
    share = has.mean(0).clip(1 / len(pictures))
    factors = np.sqrt(share.max() / share).clip(1, 4)
    return np.where(has, factors, 1).max(1)


def rarity(pictures):
    """[classes] how much more often an object of each class should be looked at than one of the most frequent: root of the ratio."""
    counts = np.bincount(np.concatenate([picture.classes for picture in pictures]), minlength=len(CLASSES)).clip(1)
    return np.sqrt(counts.max() / counts)
