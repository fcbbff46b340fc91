#!/usr/bin/env python3
"""What torchvision makes of networks whose weights follow a formula, for tests/covers.rs.

usage: reference.py OUT_DIR (needs torch, torchvision, numpy, safetensors)
Nothing but results is kept: the test makes the same weights itself.
"""
import json, os, sys
import numpy as np
import torch, torchvision
from safetensors.torch import save_file

out = sys.argv[1]
os.makedirs(out, exist_ok=True)


def draw(name, count):
    """Numbers from -0.5 to 0.5 by the name's bytes and the place."""
    salt = 0
    for byte in name.encode():
        salt = (salt * 31 + byte) % 2**32
    places = np.arange(count, dtype=np.uint64)
    words = (places * np.uint64(2654435761) + np.uint64(salt)) % np.uint64(2**32)
    words = (words ^ (words >> np.uint64(15))) * np.uint64(2246822519) % np.uint64(2**32)
    return words.astype(np.float64) / 2**32 - 0.5


def value(name, shape):
    count = int(np.prod(shape))
    numbers = draw(name, count)
    if len(shape) == 4:
        numbers = numbers * np.sqrt(24.0 / (shape[1] * shape[2] * shape[3]))
    elif len(shape) == 2:
        numbers = numbers * np.sqrt(12.0 / shape[1])
    elif name.endswith(("running_var", "weight")):
        numbers = numbers + 1.0
    else:
        numbers = numbers * 0.4
    return torch.tensor(numbers.astype(np.float32).reshape(shape))


expected = {}
for depth in ("resnet18", "resnet34", "resnet50"):
    net = getattr(torchvision.models, depth)(weights=None, num_classes=10).eval()
    state = {k: v if k.endswith("tracked") else value(k, tuple(v.shape)) for k, v in net.state_dict().items()}
    net.load_state_dict(state)
    x = value("input", (2, 3, 96, 96)) * (4.0 / np.sqrt(24.0 / (3 * 96 * 96)))
    kept = {}
    net.layer4.register_forward_hook(lambda m, i, o: kept.update(map=o))
    net.avgpool.register_forward_hook(lambda m, i, o: kept.update(pooled=o.flatten(1)))
    logits = net(x)
    tag = 3
    gradient = torch.autograd.grad(logits[0, tag], kept["map"])[0][0]
    heat = torch.relu((gradient.mean((1, 2))[:, None, None] * kept["map"][0]).sum(0))
    expected[depth] = {
        "pooled": kept["pooled"].detach().numpy()[:, ::16].tolist(),
        "logits": logits.detach().numpy().tolist(),
        "tag": tag,
        "heat": heat.detach().numpy().tolist(),
    }
    if depth == "resnet18":
        small = {k: v for k, v in state.items() if k.startswith(("conv1", "bn1"))}
        torch.save(small, os.path.join(out, "zip.pth"))
        torch.save(small, os.path.join(out, "older.pth"), _use_new_zipfile_serialization=False)
        save_file({k: v.contiguous() for k, v in small.items() if not k.endswith("tracked")}, os.path.join(out, "small.safetensors"))
# One step of training: gradients, and how the running moments move.
gradients = {}
for depth in ("resnet18", "resnet50"):
    net = getattr(torchvision.models, depth)(weights=None, num_classes=10).train()
    net.fc = torch.nn.Identity()
    state = {k: v if k.endswith("tracked") else value(k, tuple(v.shape)) for k, v in net.state_dict().items()}
    net.load_state_dict(state)
    x = value("input", (4, 3, 64, 64)) * (4.0 / np.sqrt(24.0 / (3 * 64 * 64)))
    features = net(x)
    direction = value("direction", (4, features.shape[1])) * np.sqrt(features.shape[1] / 12.0)
    (features * direction).sum().backward()
    kept = {}
    for name, parameter in net.named_parameters():
        grad = parameter.grad.flatten()
        kept[name] = {"norm": grad.norm().item(), "some": grad[:: max(1, grad.numel() // 7)].tolist()}
    moments = {k: v[::16].tolist() for k, v in net.state_dict().items() if k in ("bn1.running_mean", "layer4.1.bn2.running_var")}
    gradients[depth] = {"gradients": kept, "moments": moments}
with open(os.path.join(out, "gradients.json"), "w") as file:
    json.dump(gradients, file)
with open(os.path.join(out, "expected.json"), "w") as file:
    json.dump(expected, file)
