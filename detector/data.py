"""Training pictures: read, put together, changed, and handed out in batches while the next ones are made."""
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np
import torch

from augment import mirrored, noise_bank, recoloured, worn
from labels import asked_for
from letterbox import PADDING, fitted
from model import INPUT_HEIGHT, INPUT_WIDTH

#: Share of the pictures that are put together of four crops around objects.
COLLAGE = 0.4
#: An object is still asked for if this share of its box is left after a cut.
LEFT_AFTER_CUT = 0.4
#: In the input, the longer side of what must be found, pixels: the object floor of 10 pixels in 640.
LEAST_INPUT_SIDE = 6.5


@dataclass
class Sample:
    """An image of bytes with its boxes in its own pixels; `asked` is false where nobody is asked about an object."""

    image: np.ndarray
    boxes: np.ndarray
    classes: np.ndarray
    asked: np.ndarray


def loaded(picture):
    image = cv2.imread(str(picture.path), cv2.IMREAD_COLOR)
    if image is None:
        raise ValueError(f"{picture.path} cannot be read as a picture. Render it again, or remove its line from the labels.")
    return Sample(image, picture.boxes, picture.classes, asked_for(picture.boxes, picture.visibility))


def scaled(sample, scale):
    """Fewer or more pixels; the filter varies as resizers in the field do."""
    height, width = sample.image.shape[:2]
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    image = cv2.resize(sample.image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    factors = np.array([size[0] / width, size[1] / height] * 2, np.float32)
    return Sample(image, sample.boxes * factors, sample.classes, sample.asked)


def cut(sample, left, top, width, height):
    """A crop; what lies outside the image stays out, so the result may be smaller than asked."""
    left, top = max(0, left), max(0, top)
    image = sample.image[top : top + height, left : left + width]
    bottom_right = [image.shape[1], image.shape[0]]
    whole = sample.boxes - [left, top, left, top]
    boxes = whole.clip(0, bottom_right * 2).astype(np.float32)
    area = np.maximum((whole[:, 2:] - whole[:, :2]).prod(1), 1e-6)
    share = (boxes[:, 2:] - boxes[:, :2]).prod(1) / area
    kept = share > 0.02
    asked = sample.asked & (share >= LEFT_AFTER_CUT)
    return Sample(image, boxes[kept], sample.classes[kept], asked[kept])


def pasted(parts):
    """Samples at their places (sample, left, top) on one filled input."""
    image = np.full((INPUT_HEIGHT, INPUT_WIDTH, 3), PADDING, np.uint8)
    for sample, left, top in parts:
        height, width = sample.image.shape[:2]
        image[top : top + height, left : left + width] = sample.image
    boxes = np.concatenate([sample.boxes + np.float32([left, top, left, top]) for sample, left, top in parts])
    classes = np.concatenate([sample.classes for sample, *_ in parts])
    return Sample(image, boxes, classes, np.concatenate([sample.asked for sample, *_ in parts]))


def whole(sample, rng):
    """The whole picture as it will come in later, or a little nearer or further, at any place."""
    height, width = sample.image.shape[:2]
    fit, across, down = fitted(width, height)
    zoom = 1.0 if rng.random() < 0.3 else rng.uniform(0.8, 1.5)
    sample = scaled(sample, fit * zoom)
    height, width = sample.image.shape[:2]
    sample = cut(sample, offset(width - across, rng), offset(height - down, rng), across, down)
    room_x, room_y = INPUT_WIDTH - sample.image.shape[1], INPUT_HEIGHT - sample.image.shape[0]
    if zoom == 1.0:
        return pasted([(sample, 0, 0)])
    return pasted([(sample, int(rng.integers(0, room_x + 1)), int(rng.integers(0, room_y + 1)))])


def offset(room, rng):
    return int(rng.integers(0, room + 1)) if room > 0 else 0


def collage(samples, rng):
    """Four crops around objects at their own scale, so that a picture holds few empty walls."""
    x = int(INPUT_WIDTH * rng.uniform(0.35, 0.65))
    y = int(INPUT_HEIGHT * rng.uniform(0.35, 0.65))
    places = [(0, 0, x, y), (x, 0, INPUT_WIDTH - x, y), (0, y, x, INPUT_HEIGHT - y), (x, y, INPUT_WIDTH - x, INPUT_HEIGHT - y)]
    return pasted([(around_object(sample, w, h, rng), left, top) for sample, (left, top, w, h) in zip(samples, places)])


def around_object(sample, width, height, rng):
    fit, *_ = fitted(sample.image.shape[1], sample.image.shape[0])
    sample = scaled(sample, fit * rng.uniform(0.75, 1.4))
    left, top = (sample.image.shape[1] - width) / 2, (sample.image.shape[0] - height) / 2
    if len(sample.boxes):
        box = sample.boxes[int(rng.integers(len(sample.boxes)))]
        left, top = (box[:2] + box[2:]) / 2 - [width, height] * rng.uniform(0.25, 0.75, 2)
    left = int(np.clip(left, 0, max(0, sample.image.shape[1] - width)))
    top = int(np.clip(top, 0, max(0, sample.image.shape[0] - height)))
    return cut(sample, left, top, width, height)


class Feed:
    """Batches of changed pictures. Picture number `n` is always the same one for a seed, however many threads make them."""

    def __init__(self, pictures, seed, threads=1):
        self.pictures, self.seed, self.threads = pictures, seed, threads
        self.bank = noise_bank(seed)

    def sample(self, number, index):
        """One training picture as [3, H, W] bytes, its target (see `loss.detection_loss`)."""
        rng = np.random.default_rng([self.seed, number])
        if rng.random() < COLLAGE:
            others = [index, *rng.integers(0, len(self.pictures), 3)]
            sample = collage([loaded(self.pictures[one]) for one in others], rng)
        else:
            sample = whole(loaded(self.pictures[index]), rng)
        image, boxes = sample.image, sample.boxes
        if rng.random() < 0.5:
            image, boxes = mirrored(image, boxes)
        image = worn(recoloured(image, rng), rng, self.bank)
        return torch.from_numpy(image.transpose(2, 0, 1).copy()), target_of(boxes, sample)

    def batches(self, order, first, size):
        """Pictures [B, 3, H, W] of bytes and their targets, for the indices in `order`, numbered from `first`; one is made ahead."""
        with ThreadPoolExecutor(self.threads) as pool:

            def begun(at):
                return [pool.submit(self.sample, first + n, order[n]) for n in range(at, min(at + size, len(order)))]

            upcoming = begun(0)
            for at in range(size, len(order) + size, size):
                now, upcoming = upcoming, begun(at)
                images, targets = zip(*(one.result() for one in now))
                yield torch.stack(images), list(targets)


def target_of(boxes, sample):
    """(truth [M, 4], classes [M], ignore [K, 4]) of what is asked for and what is not."""
    large = (boxes[:, 2:] - boxes[:, :2]).max(1, initial=0) >= LEAST_INPUT_SIDE
    asked = sample.asked & large
    tensor = lambda rows: torch.from_numpy(np.ascontiguousarray(rows, np.float32)).reshape(-1, 4)
    return tensor(boxes[asked]), torch.from_numpy(sample.classes[asked]), tensor(boxes[~asked])
