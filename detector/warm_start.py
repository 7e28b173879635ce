"""Going on from an exported model: its convolutions hold their normalisation folded in, and training needs the two apart."""
import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn


def folded_weights(file):
    """Weight and bias arrays of each convolution of an ONNX file, in the order in which they run."""
    graph = onnx.load(file).graph
    arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    # Equal arrays are stored once.
    arrays |= {node.output[0]: arrays[node.input[0]] for node in graph.node if node.op_type == "Identity"}
    return [[arrays[name] for name in node.input[1:]] for node in graph.node if node.op_type == "Conv"]


@torch.no_grad()
def restore(model, file, pictures):
    """
    Gives `model` the weights of an exported one. Normalisation takes its statistics from `pictures` [B, 3, H, W] of 0–255 and
    undoes them by its factor and offset, so that the answers stay the same and training can go on.

    Raises ValueError where the file is of another network.
    """
    folded = folded_weights(file)
    waiting = []

    def convolution(layer, _):
        weight, bias = (torch.from_numpy(np.array(array)) for array in folded.pop(0))
        # The export multiplies the first convolution by the scale of the input.
        layer.weight.copy_(weight / model.scale if not waiting and layer.in_channels == 3 else weight)
        if layer.bias is None:
            waiting.append(bias)
        else:
            layer.bias.copy_(bias)

    def normalisation(layer, inputs):
        variance, mean = torch.var_mean(inputs[0], (0, 2, 3), unbiased=False)
        layer.running_mean.copy_(mean)
        layer.running_var.copy_(variance)
        layer.weight.copy_((variance + layer.eps).sqrt())
        layer.bias.copy_(mean + waiting.pop(0))

    actions = {nn.Conv2d: convolution, nn.BatchNorm2d: normalisation}
    hooks = [layer.register_forward_pre_hook(actions[type(layer)]) for layer in model.modules() if type(layer) in actions]
    try:
        model.eval()(pictures)
    except (IndexError, RuntimeError) as error:
        raise ValueError(f"{file} is not of this network ({error}). Give one that export.py wrote.") from error
    finally:
        for hook in hooks:
            hook.remove()
    if folded:
        raise ValueError(f"{file} is not of this network: it has {len(folded)} convolutions more. Give one that export.py wrote.")
