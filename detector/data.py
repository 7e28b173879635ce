"""Training pictures: read, put together, changed, and handed out in batches while the next ones are made."""
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import torch

from augment import mirrored, noise_bank, recoloured, worn
from labels import asked_for, rarity
from letterbox import PADDING, fitted
from model import INPUT_HEIGHT, INPUT_WIDTH

#: Share of the pictures that are put together of four crops around objects.
COLLAGE = 0.4
#: Share of the others that go in just as they will later.
AS_IT_IS = 0.3
#: An object is still asked for if this share of its box is left after a cut.
LEFT_AFTER_CUT = 0.4
#: Changes that a training can go without, to measure what they add.
CHANGES = ("colour", "wear", "geometry")
#: In the input, the longer side of what must be found, pixels: the object floor of 10 pixels in 640.
LEAST_INPUT_SIDE = 6.5


@dataclass
class Sample:
    """An image of bytes with its boxes in its own pixels; `asked` is false where nobody is asked about an object."""

    image: np.ndarray
    boxes: np.ndarray
    classes: np.ndarray
    asked: np.ndarray


def read_image(path):
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise ValueError(f"{path} cannot be read as a picture. Render it again, or remove its line from the labels.")
    return image


def scaled(sample, scale):
    """Fewer or more pixels."""
    height, width = sample.image.shape[:2]
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    image = cv2.resize(sample.image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    factors = np.array([size[0] / width, size[1] / height] * 2, np.float32)
    return Sample(image, sample.boxes * factors, sample.classes, sample.asked)


def cut(sample, left, top, width, height):
    """The part of the image that starts at (left, top), in its pixels; smaller where the image ends."""
    image = sample.image[top : top + height, left : left + width]
    whole = sample.boxes - np.float32([left, top, left, top])
    boxes = whole.clip(0, [image.shape[1], image.shape[0]] * 2).astype(np.float32)
    share = (boxes[:, 2:] - boxes[:, :2]).prod(1) / np.maximum((whole[:, 2:] - whole[:, :2]).prod(1), 1e-6)
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


def just_as_later(sample):
    """The picture as the model will get it, but for the filter that makes it smaller."""
    height, width = sample.image.shape[:2]
    return pasted([(scaled(sample, fitted(width, height)[0]), 0, 0)])


def whole(sample, rng):
    """The picture as it will come in later, or a little nearer or further, at any place."""
    height, width = sample.image.shape[:2]
    fit, across, down = fitted(width, height)
    if rng.random() < AS_IT_IS:
        return just_as_later(sample)
    scale = fit * rng.uniform(0.8, 1.5)
    seen_x, seen_y = min(width, int(across / scale)), min(height, int(down / scale))
    part = scaled(cut(sample, place(width - seen_x, rng), place(height - seen_y, rng), seen_x, seen_y), scale)
    room_y, room_x = INPUT_HEIGHT - part.image.shape[0], INPUT_WIDTH - part.image.shape[1]
    return pasted([(part, place(room_x, rng), place(room_y, rng))])


def place(room, rng):
    return int(rng.integers(0, room + 1))


def collage(samples, rarities, rng):
    """Four crops around objects at their own scale, rare ones rather, so that a picture holds few empty walls."""
    x = int(INPUT_WIDTH * rng.uniform(0.35, 0.65))
    y = int(INPUT_HEIGHT * rng.uniform(0.35, 0.65))
    places = [(0, 0, x, y), (x, 0, INPUT_WIDTH - x, y), (0, y, x, INPUT_HEIGHT - y), (x, y, INPUT_WIDTH - x, INPUT_HEIGHT - y)]
    return pasted([(around_object(sample, rarities, w, h, rng), left, top) for sample, (left, top, w, h) in zip(samples, places)])


def around_object(sample, rarities, width, height, rng):
    """A part of a picture that becomes width × height in the input and holds an object, if the picture has one."""
    whole_height, whole_width = sample.image.shape[:2]
    scale = fitted(whole_width, whole_height)[0] * rng.uniform(0.75, 1.4)
    seen_x, seen_y = min(whole_width, int(width / scale)), min(whole_height, int(height / scale))
    centre = np.array([whole_width, whole_height]) / 2
    if len(sample.boxes):
        weights = rarities[sample.classes]
        box = sample.boxes[int(rng.choice(len(sample.boxes), p=weights / weights.sum()))]
        centre = (box[:2] + box[2:]) / 2 + np.array([seen_x, seen_y]) * rng.uniform(-0.25, 0.25, 2)
    left = int(np.clip(centre[0] - seen_x / 2, 0, whole_width - seen_x))
    top = int(np.clip(centre[1] - seen_y / 2, 0, whole_height - seen_y))
    return scaled(cut(sample, left, top, seen_x, seen_y), scale)


class Feed:
    """Batches of changed pictures. Picture number `n` is always the same one for a seed, however many threads make them."""

    def __init__(self, pictures, seed, threads=1, cached=0, read=read_image, without=()):
        # The threads are here, one a picture; OpenCV's own would only get in each other's way.
        cv2.setNumThreads(1)
        self.pictures, self.seed, self.threads = pictures, seed, threads
        self.without = without
        self.rarities = rarity(pictures)
        self.bank = noise_bank(seed)
        self.read = lru_cache(maxsize=cached)(read) if cached else read

    def loaded(self, index):
        picture = self.pictures[index]
        asked = asked_for(picture.boxes, picture.visibility)
        return Sample(self.read(picture.path), picture.boxes, picture.classes, asked)

    def sample(self, number, index):
        """One training picture as [H, W, 3] bytes, and its target (see `loss.detection_loss`)."""
        rng = np.random.default_rng([self.seed, number])
        sample = just_as_later(self.loaded(index)) if "geometry" in self.without else self.composed(index, rng)
        image, boxes = sample.image, sample.boxes
        if "colour" not in self.without:
            image = recoloured(image, rng)
        if "wear" not in self.without:
            image = worn(image, rng, self.bank)
        return torch.from_numpy(image), target_of(boxes, sample.classes, sample.asked)

    def composed(self, index, rng):
        """A collage or a whole picture, at some scale and place, as it is or mirrored."""
        if rng.random() < COLLAGE:
            others = [index, *rng.integers(0, len(self.pictures), 3)]
            sample = collage([self.loaded(one) for one in others], self.rarities, rng)
        else:
            sample = whole(self.loaded(index), rng)
        if rng.random() < 0.5:
            image, boxes = mirrored(sample.image, sample.boxes)
            return Sample(image, boxes, sample.classes, sample.asked)
        return sample

    def batches(self, order, first, size):
        """Pictures [B, 3, H, W] of bytes and their targets, for the indices in `order`, numbered from `first`; one is made ahead."""
        with ThreadPoolExecutor(self.threads) as pool:

            def begun(at):
                return [pool.submit(self.sample, first + n, order[n]) for n in range(at, min(at + size, len(order)))]

            upcoming = begun(0)
            for at in range(size, len(order) + size, size):
                now, upcoming = upcoming, begun(at)
                images, targets = zip(*(one.result() for one in now))
                yield torch.stack(images).permute(0, 3, 1, 2), list(targets)


def target_of(boxes, classes, asked):
    """(truth [M, 4], classes [M], ignore [K, 4]) of what is asked for in the input and what is not."""
    asked = asked & ((boxes[:, 2:] - boxes[:, :2]).max(1, initial=0) >= LEAST_INPUT_SIDE)
    boxes = boxes.astype(np.float32).reshape(-1, 4)
    return torch.from_numpy(boxes[asked]), torch.from_numpy(classes[asked]), torch.from_numpy(boxes[~asked])
