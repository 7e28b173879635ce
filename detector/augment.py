"""What may happen to a picture on its way into training. Light changes only a little: the base model stays one for daylight."""
import cv2
import numpy as np

#: Shares of the pictures that each change is made to.
BLUR, NOISE, JPEG = 0.15, 0.25, 0.15
NOISE_BANK = 1 << 20


def recoloured(image, rng):
    """Contrast, brightness, gamma and colour cast through a table a channel, then saturation. Bytes in, bytes out."""
    levels = np.arange(256, dtype=np.float32) / 255
    gamma = np.exp(rng.uniform(-0.22, 0.22))
    contrast, brightness = rng.uniform(0.75, 1.25), rng.uniform(-0.1, 0.1)
    curve = (levels**gamma - 0.5) * contrast + 0.5 + brightness
    table = np.stack([curve * rng.uniform(0.92, 1.08) for _ in range(3)], -1)
    image = cv2.LUT(image, (table[None] * 255).clip(0, 255).astype(np.uint8))
    grey = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    keep = rng.uniform(0.4, 1.4)
    return cv2.addWeighted(image, keep, grey, 1 - keep, 0)


def worn(image, rng, bank):
    """What lens, sensor and encoder do: blur, noise from `bank` (int8 of standard deviation 32), JPEG."""
    if rng.random() < BLUR:
        image = cv2.GaussianBlur(image, (3, 3), rng.uniform(0.4, 1.0))
    if rng.random() < NOISE:
        image = noisy(image, rng, bank)
    if rng.random() < JPEG:
        _, packed = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(35, 90))])
        image = cv2.imdecode(packed, cv2.IMREAD_COLOR)
    return image


def noise_bank(seed):
    rng = np.random.default_rng(seed)
    return rng.normal(0, 32, NOISE_BANK).clip(-127, 127).astype(np.int8)


def noisy(image, rng, bank):
    start = int(rng.integers(0, len(bank) - image.size))
    grain = bank[start : start + image.size].reshape(image.shape).astype(np.float32) * (rng.uniform(1, 9) / 32)
    return (image + grain).clip(0, 255).astype(np.uint8)


def mirrored(image, boxes):
    """Left becomes right. Boxes [M, 4] in pixels."""
    flipped = boxes.copy()
    flipped[:, [0, 2]] = image.shape[1] - boxes[:, [2, 0]]
    return np.ascontiguousarray(image[:, ::-1]), flipped
