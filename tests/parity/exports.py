"""Exports of the original code of each family, with random weights, and the boxes that plain numpy reads from them.

    python3 exports.py FOLDER [NAME...]

Needs torch, onnx, onnxruntime, opencv-python and the families' own packages (ultralytics 8.4, yolov5 7.0, yolox 0.3, yolov7detect 1.0,
yolov6detect 0.4; their sources on PYTHONPATH do). FOLDER then holds NAME.onnx, NAME.json and picture.jpg; `exports.test.ts`
compares with SENTINEL_EXPORTS=FOLDER. Suppression is left out: random networks give many boxes of nearly the same score.
"""
import json
import os
import shutil
import sys

os.environ.setdefault("YOLO_OFFLINE", "1")
import cv2
import numpy as np
import onnxruntime
import torch

WIDTH, HEIGHT, CLASSES, LEAST_SCORE = 160, 96, 80, 0.3
# In shares of the picture: of a thinner box a rounded pixel is too large a part.
LEAST_SIDE = 0.04


def unsettle(model, seed=3):
    """Random weights say nearly the same everywhere; wider ones in the last layers make boxes of many sizes and scores."""
    generator = torch.Generator().manual_seed(seed)
    for name, module in model.named_modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1, generator=generator)
            module.running_var.uniform_(0.3, 1.2, generator=generator)
            module.weight.data.uniform_(0.8, 1.6, generator=generator)
        if isinstance(module, torch.nn.Conv2d) and module.bias is not None:
            module.bias.data.normal_(-0.5, 1.2, generator=generator)
            module.weight.data.normal_(0, 2.0 / np.sqrt(module.weight[0].numel()), generator=generator)
    return model.eval()


def widen(branches):
    """Distances from a box's centre to its sides become positive."""
    for branch in branches:
        layers = [module for module in branch.modules() if isinstance(module, torch.nn.Conv2d)]
        layers[-1].bias.data += 6


def ultralytics(yaml, **flags):
    def make(path):
        from ultralytics import YOLO

        torch.manual_seed(1)
        model = YOLO(f"{yaml}.yaml")
        head = model.model.model[-1]
        for branch in ("cv2", "cv3", "one2one_cv2", "one2one_cv3"):
            if getattr(head, branch, None) is not None:
                unsettle(getattr(head, branch))
        for branch in ("cv2", "one2one_cv2"):
            widen(getattr(head, branch, None) or [])
        exported = model.export(format="onnx", imgsz=(HEIGHT, WIDTH), opset=13, **{"simplify": False, **flags})
        shutil.move(exported, path)

    return make


def traced(build, **options):
    def make(path):
        torch.manual_seed(1)
        model = build()
        picture = torch.zeros(1, 3, HEIGHT, WIDTH)
        torch.onnx.export(model, picture, path, opset_version=13, input_names=["images"], output_names=["output"], **options)

    return make


class First(torch.nn.Module):
    """Of a model that gives more than its boxes."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, picture):
        answer = self.model(picture)
        return answer[0] if isinstance(answer, (tuple, list)) else answer


def yolov5():
    import yolov5
    from yolov5.models.yolo import Model

    model = Model(os.path.join(os.path.dirname(yolov5.__file__), "models/yolov5n.yaml"), ch=3, nc=CLASSES)
    unsettle(model.model[-1])
    return First(model.eval())


def yolov7():
    from yolov7.models.yolo import Model

    narrow = {
        "nc": CLASSES, "depth_multiple": 1, "width_multiple": 1,
        "anchors": [[12, 16, 19, 36, 40, 28], [36, 75, 76, 55, 72, 146], [142, 110, 192, 243, 459, 401]],
        "backbone": [[-1, 1, "Conv", [width, 3, 2]] for width in (16, 32, 64, 64, 64)],
        "head": [[[2, 3, 4], 1, "IDetect", ["nc", "anchors"]]],
    }
    model = Model(narrow, ch=3)
    unsettle(model.model[-1])
    return First(model.eval())


def yolov6():
    from yolov6.models.yolo import build_model
    from yolov6.utils.config import Config
    import yolov6

    config = Config.fromfile(os.path.join(os.path.dirname(yolov6.__file__), "configs/yolov6n.py"))
    config.training_mode = "repvgg"
    model = build_model(config, CLASSES, "cpu")
    unsettle(model.detect)
    widen(model.detect.reg_preds)
    model.export = True
    return First(model.eval())


def yolox(decoded):
    def build():
        from yolox.models import YOLOPAFPN, YOLOX, YOLOXHead

        model = YOLOX(YOLOPAFPN(0.33, 0.25, depthwise=True), YOLOXHead(CLASSES, 0.25, depthwise=True))
        for branch in ("cls_preds", "reg_preds", "obj_preds"):
            unsettle(getattr(model.head, branch))
        model.head.decode_in_inference = decoded
        return model.eval()

    return build


DYNAMIC = {"images": {0: "batch", 2: "height", 3: "width"}, "output": {0: "batch", 1: "boxes"}}
EXPORTS = {
    "yolov5u": (ultralytics("yolov5n"), "transposed"),
    "yolov6u": (ultralytics("yolov6n"), "transposed"),
    "yolov8": (ultralytics("yolov8n"), "transposed"),
    "yolov8-dynamic": (ultralytics("yolov8n", dynamic=True), "transposed"),
    "yolov8-half": (ultralytics("yolov8n", half=True), "transposed"),
    "yolov8-simplified": (ultralytics("yolov8n", simplify=True), "transposed"),
    "yolov8-p2": (ultralytics("yolov8n-p2"), "transposed"),
    "yolov3-tiny": (ultralytics("yolov3-tiny"), "transposed"),
    "yolov9": (ultralytics("yolov9t"), "transposed"),
    "yolov10": (ultralytics("yolov10n", nms=False), "suppressed"),
    "yolo11": (ultralytics("yolo11n"), "transposed"),
    "yolo12": (ultralytics("yolo12n"), "transposed"),
    "yolo26": (ultralytics("yolo26n", nms=False), "suppressed"),
    "yolov5": (traced(yolov5), "rows"),
    "yolov5-dynamic": (traced(yolov5, dynamic_axes=DYNAMIC), "rows"),
    "yolov6": (traced(yolov6), "rows"),
    "yolov7": (traced(yolov7), "rows"),
    "yolox": (traced(yolox(decoded=False)), "grid"),
    "yolox-dynamic": (traced(yolox(decoded=False), dynamic_axes=DYNAMIC), "grid"),
    "yolox-decoded": (traced(yolox(decoded=True)), "bgr rows"),
}


def picture():
    """Smooth colours, [HEIGHT, WIDTH, 3] in BGR: what JPEG and its colour subsampling leave as it is."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    waves = [np.sin(x / 23 + 1), np.cos(y / 17), np.sin((x + y) / 31)]
    return np.stack([128 + 70 * wave for wave in waves], 2).round().astype(np.uint8)


def prepared(bgr, layout):
    """[1, 3, HEIGHT, WIDTH]"""
    if layout in ("grid", "bgr rows"):
        return bgr.transpose(2, 0, 1)[None].astype(np.float32)
    return (bgr[:, :, ::-1].transpose(2, 0, 1)[None] / 255).astype(np.float32)


def cells():
    """Column, line and stride of each cell, [N, 3]."""
    for stride in (8, 16, 32):
        for line in range(HEIGHT // stride):
            for column in range(WIDTH // stride):
                yield column, line, stride


def boxes_of(output, layout):
    """Corners [N, 4] in input pixels, classes [N] and scores [N]."""
    if layout == "suppressed":
        rows = output[0]
        return rows[:, :4], rows[:, 5].astype(int), rows[:, 4]
    rows = output[0].T if layout == "transposed" else output[0]
    centre, size = rows[:, :2], rows[:, 2:4]
    if layout == "grid":
        grid = np.array(list(cells()))
        centre, size = (centre + grid[:, :2]) * grid[:, 2:], np.exp(size) * grid[:, 2:]
    scores = rows[:, 4:] if layout == "transposed" else rows[:, 5:] * rows[:, 4:5]
    return np.concatenate([centre - size / 2, centre + size / 2], 1), scores.argmax(1), scores.max(1)


def golden(path, image, layout):
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    output = session.run(None, {session.get_inputs()[0].name: prepared(image, layout)})[0]
    corners, classes, scores = boxes_of(output.astype(np.float64), layout)
    shares = np.clip(corners / [WIDTH, HEIGHT, WIDTH, HEIGHT], 0, 1)
    if layout == "suppressed":
        # Which of those that score least are just among the best 300 is chance.
        shares, classes, scores = (each[scores > scores.min() + 1e-4] for each in (shares, classes, scores))
    for box, name, score in zip(shares, classes, scores):
        left, top, right, bottom = box.tolist()
        if score >= LEAST_SCORE and right - left > LEAST_SIDE and bottom - top > LEAST_SIDE:
            yield {"class": int(name), "score": round(float(score), 5), "box": [left, top, right - left, bottom - top]}


def main(folder, names):
    os.makedirs(folder, exist_ok=True)
    at = os.path.join(folder, "picture.jpg")
    cv2.imwrite(at, picture(), [cv2.IMWRITE_JPEG_QUALITY, 100])
    image = cv2.imread(at)
    for name in names or EXPORTS:
        make, layout = EXPORTS[name]
        path = os.path.join(folder, f"{name}.onnx")
        try:
            make(path)
            boxes = list(golden(path, image, layout))
        except Exception as error:
            print(f"{name}: {error!r}", file=sys.stderr)
            continue
        if name.endswith("-dynamic"):
            with open(os.path.join(folder, f"{name}.json"), "w") as file:
                json.dump({"longSide": WIDTH}, file)
        with open(os.path.join(folder, f"{name}.golden.json"), "w") as file:
            json.dump(boxes, file)
        print(f"{name}: {len(boxes)} boxes", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
