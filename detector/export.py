"""
Writes a checkpoint's averaged weights as the ONNX file that Sentinel loads.

    python3 export.py RUN/checkpoint.pt model.onnx

The input is a static 256×416, the batch is free; the same weights give the same bytes.
"""
import argparse
import copy
import io
import json
import warnings
from pathlib import Path

import onnx
import torch

from checkpoint import load
from model import CLASSES, INPUT_HEIGHT, INPUT_WIDTH, Detector, cells

OPSET = 13


def exported(model, facts):
    """Bytes of an ONNX file whose input is `images` [batch, 3, 256, 416] and whose output is `output` [batch, 2184, 5 + C]."""
    model = copy.deepcopy(model).cpu().eval()
    model.fold_scale()
    file = io.BytesIO()
    with warnings.catch_warnings():
        # The exporter of torch 1.13 warns of its own missing shape inference for constants.
        warnings.simplefilter("ignore", UserWarning)
        torch.onnx.export(
            model,
            torch.zeros(1, 3, INPUT_HEIGHT, INPUT_WIDTH),
            file,
            opset_version=OPSET,
            input_names=["images"],
            output_names=["output"],
            dynamic_axes={"images": {0: "batch"}, "output": {0: "batch"}},
        )
    return described(onnx.load_from_string(file.getvalue()), facts)


def described(graph, facts):
    """The file says all that `platform/models` asks: class names, and under `sentinel` what a side file may say."""
    preparation = {"family": "yolox", "colours": "bgr", "scale": 1, "placement": "top-left", "padding": 114}
    props = {"names": json.dumps(CLASSES), "sentinel": json.dumps(preparation), "task": "detect"}
    onnx.helper.set_model_props(graph, props | {name: str(value) for name, value in facts.items()})
    shape = graph.graph.output[0].type.tensor_type.shape.dim
    # Only the batch is free: the rows of a static input are known, though the exporter does not say so.
    shape[1].dim_value, shape[2].dim_value = len(cells()), 5 + len(CLASSES)
    onnx.checker.check_model(graph)
    return graph.SerializeToString()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("model")
    given = parser.parse_args()
    state = load(given.checkpoint)
    model = Detector()
    model.load_state_dict(state["average"])
    content = exported(model, {"author": "Sentinel", "license": "Apache-2.0", "pictures_seen": state["seen"]})
    Path(given.model).write_bytes(content)
    print(f"{given.model}: {len(content)} bytes")


if __name__ == "__main__":
    main()
