"""Dark pictures are lifted by a gamma that their own brightness chooses, as `platform/models/tone.ts` does before detection."""
import cv2
import numpy as np

from data import read_image

#: Mean brightness that darker pictures are lifted to, the strongest gamma, and its steps.
TARGET, LEAST_GAMMA, STEPS = 0.36, 0.4, 20


def gamma_for(image):
    """The exponent for BGR bytes [H, W, 3]; 1 where they are light enough."""
    brightness = max(0.01, float(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).mean()) / 255)
    if brightness >= TARGET:
        return 1.0
    return max(LEAST_GAMMA, round(np.log(TARGET) / np.log(brightness) * STEPS) / STEPS)


def read_lifted(path):
    image = read_image(path)
    table = np.floor(255 * (np.arange(256) / 255) ** gamma_for(image) + 0.5).astype(np.uint8)
    return cv2.LUT(image, table)
