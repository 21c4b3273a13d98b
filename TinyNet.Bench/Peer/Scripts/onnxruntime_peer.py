#!/usr/bin/env python3
"""onnxruntime (CPU, float32) on the inference workloads that TinyNet.Bench also runs (see README.md).

Exports the models with Debian's python3-torch, installs npm's onnxruntime-node into ~/.cache/tinynet-peers (its CPU binary
is in the package), lets onnxruntime_peer.js run them, and prints the same JSON lines as pytorch_peer.py, without peak_mb.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import warnings

import torch
import torch.nn as nn

CACHE = os.path.expanduser("~/.cache/tinynet-peers")
PACKAGE = "onnxruntime-node"
SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "onnxruntime_peer.js")


def perceptron():
    return nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10))


def cnn_mnist():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3),
        nn.ReLU(),
        nn.Conv2d(32, 64, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(9216, 128),
        nn.ReLU(),
        nn.Linear(128, 10),
    )


class Recurrent(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.recurrent = kind(128, 256, batch_first=True)
        self.head = nn.Linear(256, 10)

    def forward(self, x):
        states, _ = self.recurrent(x)
        return self.head(states[:, -1])


class Encoder(nn.Module):
    """The post-norm layer, spelled out so that it exports."""

    BATCH, TIME, WIDTH, HEADS, HIDDEN = 8, 128, 256, 8, 1024

    def __init__(self):
        super().__init__()
        self.to_query_key_value = nn.Linear(self.WIDTH, 3 * self.WIDTH)
        self.projection = nn.Linear(self.WIDTH, self.WIDTH)
        self.hidden = nn.Linear(self.WIDTH, self.HIDDEN)
        self.output = nn.Linear(self.HIDDEN, self.WIDTH)
        self.norm1 = nn.LayerNorm(self.WIDTH)
        self.norm2 = nn.LayerNorm(self.WIDTH)
        self.head = nn.Linear(self.WIDTH, 10)

    def forward(self, x):
        head_width = self.WIDTH // self.HEADS
        parts = self.to_query_key_value(x).reshape(self.BATCH, self.TIME, 3, self.HEADS, head_width)
        query, key, value = parts.permute(2, 0, 3, 1, 4).unbind(0)
        scores = query @ key.transpose(-1, -2) * head_width**-0.5
        attended = (torch.softmax(scores, -1) @ value).transpose(1, 2).reshape(self.BATCH, self.TIME, self.WIDTH)
        x = self.norm1(x + self.projection(attended))
        x = self.norm2(x + self.output(torch.relu(self.hidden(x))))
        return self.head(x.mean(1))


class ResidualBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.convolution1 = nn.Conv2d(64, 64, 3, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(64)
        self.convolution2 = nn.Conv2d(64, 64, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(64)
        self.head = nn.Linear(64, 10)

    def forward(self, x):
        y = torch.relu(self.norm1(self.convolution1(x)))
        y = torch.relu(self.norm2(self.convolution2(y)) + x)
        return self.head(y.mean((2, 3)))


# How to make the model, and the shape of its input.
WORKLOADS = {
    "infer/mlp/b1": (perceptron, (1, 784)),
    "infer/mlp/b256": (perceptron, (256, 784)),
    "infer/cnn_mnist/b1": (cnn_mnist, (1, 1, 28, 28)),
    "infer/cnn_mnist/b64": (cnn_mnist, (64, 1, 28, 28)),
    "infer/resblock/b16": (ResidualBlock, (16, 64, 32, 32)),
    "infer/lstm/b32": (lambda: Recurrent(nn.LSTM), (32, 64, 128)),
    "infer/gru/b32": (lambda: Recurrent(nn.GRU), (32, 64, 128)),
    "infer/transformer_layer/b8": (Encoder, (8, 128, 256)),
}


def install():
    if os.path.isdir(os.path.join(CACHE, "node_modules", PACKAGE)):
        return
    os.makedirs(CACHE, exist_ok=True)
    # Its install script would fetch a library for GPUs.
    command = ["npm", "install", "--prefix", CACHE, "--ignore-scripts", "--no-audit", "--no-fund", PACKAGE + "@1"]
    subprocess.run(command, check=True, stdout=sys.stderr)


def export(folder, name):
    """Writes the model as ONNX, and returns what onnxruntime_peer.js is told about it."""
    make, shape = WORKLOADS[name]
    path = os.path.join(folder, name.replace("/", "_") + ".onnx")
    torch.onnx.export(
        make().eval(), torch.randn(*shape), path, opset_version=13, input_names=["x"], output_names=["y"]
    )
    return "|".join([name, path, "x".join(map(str, shape))])


def main():
    parser = argparse.ArgumentParser(description="Times onnxruntime on the CPU; a line of JSON a workload.")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("prefixes", metavar="PREFIX", nargs="*")
    options = parser.parse_args()

    warnings.filterwarnings("ignore")
    install()
    names = [
        name for name in WORKLOADS if not options.prefixes or any(name.startswith(prefix) for prefix in options.prefixes)
    ]
    with tempfile.TemporaryDirectory() as folder:
        jobs = [export(folder, name) for name in names]
        subprocess.run(["node", SCRIPT, CACHE, str(options.threads), str(options.seconds), *jobs], check=True)


if __name__ == "__main__":
    main()
