#!/usr/bin/env python3
"""PyTorch on the CPU, on the workloads that TinyNet.Bench also runs (see README.md).

Needs Debian's python3-torch and libopenblas0-pthread. Prints one JSON line a workload:
{"workload": ..., "ms": median, "min_ms": ..., "runs": ..., "peak_mb": peak resident memory above the start}
"""

import argparse
import json
import os
import statistics
import sys
import time

parser = argparse.ArgumentParser(description="Times PyTorch on the CPU; a line of JSON a workload.")
parser.add_argument("--threads", type=int, default=os.cpu_count())
parser.add_argument("--seconds", type=float, default=1.5)
parser.add_argument("prefixes", metavar="PREFIX", nargs="*")
options = parser.parse_args()

# All of this is read while PyTorch is loaded. The distribution's OpenBLAS does not recognize every AVX-512 machine and then
# falls back to slow kernels; the peer is measured at its best.
with open("/proc/cpuinfo") as cpuinfo:
    if "avx512f" in cpuinfo.read():
        os.environ.setdefault("OPENBLAS_CORETYPE", "SkylakeX")
os.environ["OPENBLAS_NUM_THREADS"] = str(options.threads)
os.environ["OMP_NUM_THREADS"] = str(options.threads)

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(options.threads)
torch.manual_seed(0)

WORKLOADS = {}


def workload(name):
    """Registers a function that makes model and data, and returns what is to be timed."""

    def register(make):
        WORKLOADS[name] = make
        return make

    return register


def adam(parameters):
    return torch.optim.Adam(parameters, 1e-3)


def adamw(parameters):
    return torch.optim.AdamW(parameters, 3e-4)


def sgd(parameters):
    return torch.optim.SGD(parameters, 0.01, momentum=0.9)


def random_labels(count, classes=10):
    return torch.randint(0, classes, (count,))


def training(model, inputs, labels, make_optimizer):
    """One full step, nothing left out."""
    cross_entropy = nn.CrossEntropyLoss()
    optimizer = make_optimizer(model.parameters())

    def run():
        optimizer.zero_grad()
        loss = cross_entropy(model(inputs), labels)
        loss.backward()
        optimizer.step()

    return run


def inference(function, inputs):
    def run():
        with torch.no_grad():
            function(inputs)

    return run


def perceptron(*sizes):
    layers = []
    for index, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        if index > 0:
            layers.append(nn.ReLU())
        layers.append(nn.Linear(inputs, outputs))
    return nn.Sequential(*layers)


# Matrix products


def matrix_product(size):
    a = torch.randn(size, size)
    b = torch.randn(size, size)
    return lambda: a @ b


for size in (64, 256, 512, 1024, 2048):
    WORKLOADS[f"gemm/{size}"] = lambda size=size: matrix_product(size)


# Activations

ACTIVATIONS = {
    "relu": F.relu,
    "leaky_relu": F.leaky_relu,
    "elu": F.elu,
    "selu": F.selu,
    "gelu": F.gelu,
    "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),
    "silu": F.silu,
    "mish": F.mish,
    "softplus": F.softplus,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softmax": lambda x: F.softmax(x, -1),
}


def activation_gradient(activation):
    x = torch.randn(1000, 1000, requires_grad=True)
    cotangent = torch.randn(1000, 1000)

    def run():
        x.grad = None
        activation(x).backward(cotangent)

    return run


for name, activation in ACTIVATIONS.items():
    WORKLOADS[f"act/{name}/fwd"] = lambda activation=activation: inference(activation, torch.randn(1000, 1000))
    WORKLOADS[f"act/{name}/fwdbwd"] = lambda activation=activation: activation_gradient(activation)


# Perceptrons

for batch in (32, 256):
    WORKLOADS[f"mlp/train/b{batch}"] = lambda batch=batch: training(
        perceptron(784, 256, 128, 10), torch.randn(batch, 784), random_labels(batch), adam
    )


@workload("mlp/infer/b1")
def mlp_inference():
    return inference(perceptron(784, 256, 128, 10).eval(), torch.randn(1, 784))


# Convolutions


@workload("cnn_seed/train/b64")
def cnn_seed():
    model = nn.Sequential(
        nn.Conv2d(3, 16, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(2048, 128),
        nn.ReLU(),
        nn.Linear(128, 10),
    )
    return training(model, torch.randn(64, 3, 32, 32), random_labels(64), sgd)


@workload("cnn_mnist/train/b64")
def cnn_mnist():
    model = nn.Sequential(
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
    return training(model, torch.randn(64, 1, 28, 28), random_labels(64), adam)


@workload("cnn_keras/train/b32")
def cnn_keras():
    model = nn.Sequential(
        nn.Conv2d(3, 32, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(64, 64, 3),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(1024, 64),
        nn.ReLU(),
        nn.Linear(64, 10),
    )
    return training(model, torch.randn(32, 3, 32, 32), random_labels(32), adam)


class ResidualBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.convolution1 = nn.Conv2d(64, 64, 3, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(64)
        self.convolution2 = nn.Conv2d(64, 64, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(64)
        self.head = nn.Linear(64, 10)

    def forward(self, x):
        y = F.relu(self.norm1(self.convolution1(x)))
        y = F.relu(self.norm2(self.convolution2(y)) + x)
        return self.head(y.mean((2, 3)))


@workload("resblock/train/b16")
def resblock():
    return training(ResidualBlock(), torch.randn(16, 64, 32, 32), random_labels(16), sgd)


# Recurrent networks


class Recurrent(nn.Module):
    def __init__(self, kind, inputs, hidden):
        super().__init__()
        self.recurrent = kind(inputs, hidden, batch_first=True)
        self.head = nn.Linear(hidden, 10)

    def forward(self, x):
        states, _ = self.recurrent(x)
        return self.head(states[:, -1])


@workload("rnn_seed/train/b32")
def rnn_seed():
    return training(Recurrent(nn.RNN, 10, 20), torch.randn(32, 100, 10), random_labels(32), adam)


@workload("lstm/train/b32")
def lstm():
    return training(Recurrent(nn.LSTM, 128, 256), torch.randn(32, 64, 128), random_labels(32), adam)


@workload("gru/train/b32")
def gru():
    return training(Recurrent(nn.GRU, 128, 256), torch.randn(32, 64, 128), random_labels(32), adam)


# Attention and text


@workload("attention_seed/fwdbwd/b16")
def attention_seed():
    to_query, to_key, to_value = (nn.Linear(32, 32, bias=False) for _ in range(3))
    x = torch.randn(16, 10, 32, requires_grad=True)
    cotangent = torch.randn(16, 10, 32)
    leaves = [to_query.weight, to_key.weight, to_value.weight, x]

    def run():
        for leaf in leaves:
            leaf.grad = None
        query = torch.tanh(to_query(x))
        key = torch.tanh(to_key(x))
        value = F.relu(to_value(x))
        scores = query @ key.transpose(1, 2) / 32**0.5
        F.gelu(torch.softmax(scores, -1) @ value, approximate="tanh").backward(cotangent)

    return run


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.TransformerEncoderLayer(256, 8, 1024, 0.0, batch_first=True)
        self.head = nn.Linear(256, 10)

    def forward(self, x):
        return self.head(self.layer(x).mean(1))


@workload("transformer_layer/train/b8")
def transformer_layer():
    return training(Encoder(), torch.randn(8, 128, 256), random_labels(8), adam)


class TinyGpt(nn.Module):
    def __init__(self, context, vocabulary, width):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, width)
        self.positions = nn.Embedding(context, width)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(width, 4, 4 * width, 0.0, "gelu", batch_first=True, norm_first=True)
            for _ in range(4)
        )
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, vocabulary, bias=False)
        self.mask = torch.triu(torch.full((context, context), float("-inf")), 1)
        self.context = context

    def forward(self, tokens):
        x = self.tokens(tokens) + self.positions(torch.arange(self.context))
        for layer in self.layers:
            x = layer(x, self.mask)
        return self.head(self.norm(x)).flatten(0, 1)


@workload("gpt_tiny/train/b16")
def gpt_tiny():
    context, vocabulary, width = 64, 65, 128
    tokens = torch.randint(0, vocabulary, (16, context))
    return training(TinyGpt(context, vocabulary, width), tokens, random_labels(16 * context, vocabulary), adamw)


class Sentiment(nn.Module):
    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(10000, 100)
        self.classifier = perceptron(100, 256, 256, 2)

    def forward(self, words):
        return self.classifier(self.words(words).mean(1))


@workload("sentiment/train/b32")
def sentiment():
    return training(Sentiment(), torch.randint(0, 10000, (32, 50)), random_labels(32, 2), adam)


# Depth


@workload("deep20/fwdbwd/b32")
def deep20():
    layers = []
    for index in range(20):
        layers += [nn.Linear(100 if index == 0 else 64, 64), nn.Sigmoid()]
    model = nn.Sequential(*layers, nn.Linear(64, 1))
    x = torch.randn(32, 100)

    def run():
        model.zero_grad()
        torch.sigmoid(model(x)).mean().backward()

    return run


def memory(key):
    """A line of the status of this process, in bytes."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(key))


def measure(name, make):
    before = memory("VmRSS")
    run = make()
    for _ in range(5):
        run()
    times = []
    end = time.perf_counter() + options.seconds
    while time.perf_counter() < end or len(times) < 5:
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1e3)
    measurement = {
        "workload": name,
        "ms": round(statistics.median(times), 5),
        "min_ms": round(min(times), 5),
        "runs": len(times),
        "peak_mb": round((memory("VmHWM") - before) / 1e6, 1),
    }
    print(json.dumps(measurement), flush=True)


def measure_in_its_own_process(name, make):
    """No cache or memory is left by the workload before."""
    child = os.fork()
    if child == 0:
        measure(name, make)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status != 0:
        sys.exit(f"{name} failed")


for name, make in WORKLOADS.items():
    if not options.prefixes or any(name.startswith(prefix) for prefix in options.prefixes):
        measure_in_its_own_process(name, make)
