"""The network: a small anchor-free detector of plain 3×3 convolutions, in the YOLOX family (Ge et al., arXiv:2107.08430)."""
import math

import torch
from torch import nn
from torch.nn import functional

CLASSES = ("person", "bicycle", "motorcycle", "car", "bus", "truck")
STRIDES = (8, 16, 32)
INPUT_WIDTH, INPUT_HEIGHT = 416, 256

#: Score that every cell starts with: few cells hold an object, so that the first steps are not spent on saying so.
PRIOR = 0.01


class Unit(nn.Sequential):
    """Convolution, batch normalisation, ReLU: [B, ins, H, W] → [B, outs, H / stride, W / stride]."""

    def __init__(self, ins, outs, size=3, stride=1):
        convolution = nn.Conv2d(ins, outs, size, stride, size // 2, bias=False)
        super().__init__(convolution, nn.BatchNorm2d(outs, eps=1e-3), nn.ReLU(inplace=True))


class Residual(nn.Module):
    """Two 3×3 units around which the input is added: [B, C, H, W] → the same."""

    def __init__(self, channels):
        super().__init__()
        self.body = nn.Sequential(Unit(channels, channels), Unit(channels, channels))

    def forward(self, x):
        return x + self.body(x)


class Stage(nn.Module):
    """Half of the channels go through `depth` residuals, and all that came on the way is mixed by a 1×1 unit."""

    def __init__(self, ins, outs, depth):
        super().__init__()
        half = outs // 2
        self.enter = Unit(ins, half, 1)
        self.aside = Unit(ins, half, 1)
        self.blocks = nn.ModuleList(Residual(half) for _ in range(depth))
        self.leave = Unit(half * (2 + depth), outs, 1)

    def forward(self, x):
        steps = [self.aside(x), self.enter(x)]
        for block in self.blocks:
            steps.append(block(steps[-1]))
        return self.leave(torch.cat(steps, 1))


class Pyramid(nn.Module):
    """Picture [B, 3, H, W] of 0–1 → three maps [B, C_i, H / s_i, W / s_i], s = 8, 16, 32."""

    def __init__(self, widths, depths):
        super().__init__()
        stem, quarter, *rest = widths
        self.start = nn.Sequential(Unit(3, stem, 3, 2), Unit(stem, quarter, 3, 2))
        ins = [quarter, *rest]
        self.levels = nn.ModuleList(
            nn.Sequential(Unit(before, after, 3, 2), Stage(after, after, depth))
            for before, after, depth in zip(ins, rest, depths)
        )

    def forward(self, x):
        x = self.start(x)
        maps = []
        for level in self.levels:
            x = level(x)
            maps.append(x)
        return maps


class Neck(nn.Module):
    """Mixes the three maps top down, then bottom up (path aggregation, Liu et al., arXiv:1803.01534); all get `width` channels."""

    def __init__(self, ins, width):
        super().__init__()
        self.lateral = nn.ModuleList(Unit(channels, width, 1) for channels in ins)
        self.down = nn.ModuleList(Stage(2 * width, width, 1) for _ in range(2))
        self.shrink = nn.ModuleList(Unit(width, width, 3, 2) for _ in range(2))
        self.up = nn.ModuleList(Stage(2 * width, width, 1) for _ in range(2))

    def forward(self, maps):
        fine, middle, coarse = (unit(x) for unit, x in zip(self.lateral, maps))
        middle = self.down[0](torch.cat([enlarged(coarse), middle], 1))
        fine = self.down[1](torch.cat([enlarged(middle), fine], 1))
        middle = self.up[0](torch.cat([self.shrink[0](fine), middle], 1))
        coarse = self.up[1](torch.cat([self.shrink[1](middle), coarse], 1))
        return [fine, middle, coarse]


def enlarged(x):
    return functional.interpolate(x, scale_factor=2.0, mode="nearest")


class Head(nn.Module):
    """One level's answers: a branch for what is there, one for where. The last layers are plain 1×1 convolutions."""

    def __init__(self, ins, width, classes):
        super().__init__()
        self.what, self.where = Unit(ins, width), Unit(ins, width)
        self.classes = nn.Conv2d(width, classes, 1)
        self.objectness = nn.Conv2d(width, 1, 1)
        self.boxes = nn.Conv2d(width, 4, 1)
        for layer in (self.classes, self.objectness):
            nn.init.constant_(layer.bias, math.log(PRIOR / (1 - PRIOR)))

    def forward(self, x):
        """[B, ins, H, W] → boxes [B, 4, H, W], objectness [B, 1, H, W] and classes [B, C, H, W], the latter two as logits."""
        what, where = self.what(x), self.where(x)
        return self.boxes(where), self.objectness(where), self.classes(what)


class Detector(nn.Module):
    """
    Picture [B, 3, H, W] (blue, green, red, 0–255) → [B, cells, 5 + classes], rows of stride 8 first, cells row by row.

    Columns as in YOLOX: x, y in strides from the cell's corner, logarithm of width and height in strides, objectness, classes;
    the scores are logits in training (`self.training`) and probabilities otherwise.
    """

    def __init__(self, widths=(16, 32, 64, 96, 128), depths=(2, 2, 1), neck=48, head=48, classes=len(CLASSES)):
        super().__init__()
        self.scale = 1 / 255
        self.pyramid = Pyramid(widths, depths)
        self.neck = Neck(widths[2:], neck)
        self.heads = nn.ModuleList(Head(neck, head, classes) for _ in STRIDES)

    def forward(self, pictures):
        maps = self.neck(self.pyramid(pictures if self.scale == 1 else pictures * self.scale))
        rows = [self.rows(head, x) for head, x in zip(self.heads, maps)]
        return torch.cat(rows, 2).transpose(1, 2)

    def rows(self, head, x):
        """One level's answers: [B, 5 + classes, cells]."""
        boxes, *scores = head(x)
        if not self.training:
            scores = [score.sigmoid() for score in scores]
        return torch.cat([boxes, *scores], 1).flatten(2)

    def fold_scale(self):
        """Moves the division by 255 into the first convolution: the same answers, one pass over the picture less."""
        with torch.no_grad():
            self.pyramid.start[0][0].weight *= self.scale
        self.scale = 1


def cells(width=INPUT_WIDTH, height=INPUT_HEIGHT):
    """Corner x, y in cells and the stride in pixels of each row of the answer: [N, 3]."""
    grids = []
    for stride in STRIDES:
        y, x = torch.meshgrid(torch.arange(height // stride), torch.arange(width // stride), indexing="ij")
        grids.append(torch.stack([x, y, torch.full_like(x, stride)], -1).reshape(-1, 3))
    return torch.cat(grids).float()
