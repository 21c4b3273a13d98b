#!/usr/bin/python3
"""Writes the weights of small PyTorch models as safetensors, beside them inputs and outputs, and numbers of every type; or checks weights.

usage: weight_files.py                  writes TinyNet.Tests/Layers/Weights/Files    (needs Debian's python3-torch)
       weight_files.py --check FOLDER   loads what TinyNet saved there, NAME.safetensors, by load_state_dict(strict=True), and compares
                                        the outputs for the inputs in NAME-io.safetensors with those that TinyNet computed
"""
import json, os, struct, sys
import torch, torch.nn as nn

FILES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Layers", "Weights", "Files")
NAMES = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.float64: "F64", torch.bool: "BOOL", torch.uint8: "U8",
         torch.int8: "I8", torch.int16: "I16", torch.int32: "I32", torch.int64: "I64"}


def save(name, tensors, metadata=None):
    header, data = {"__metadata__": metadata} if metadata else {}, b""
    for key, t in tensors.items():
        t = t.detach().contiguous()
        raw = (t.view(torch.int16) if t.dtype == torch.bfloat16 else t).numpy().tobytes()
        header[key] = {"dtype": NAMES[t.dtype], "shape": list(t.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    os.makedirs(FILES, exist_ok=True)
    with open(os.path.join(FILES, name + ".safetensors"), "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)


def load(path):
    with open(path, "rb") as f:
        content = f.read()
    (length,) = struct.unpack("<Q", content[:8])
    data, types = content[8 + length:], {name: dtype for dtype, name in NAMES.items()}
    return {key: torch.frombuffer(bytearray(data[slice(*at["data_offsets"])]), dtype=types[at["dtype"]]).reshape(at["shape"])
            for key, at in json.loads(content[8:8 + length]).items() if key != "__metadata__"}


class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.norm = nn.Embedding(11, 6), nn.LayerNorm([5, 6])
        self.convolution, self.slope = nn.Conv1d(6, 4, 3, groups=2), nn.PReLU(4)
        self.cell = nn.GRUCell(4, 3)

    def forward(self, words):
        x = self.slope(self.convolution(self.norm(self.embedding(words.long())).transpose(1, 2)))
        return self.cell(x.mean(2))


class Cross(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = nn.MultiheadAttention(8, 2, kdim=6, vdim=4, batch_first=True)

    def forward(self, q, k, v):
        return self.attention(q, k, v)[0]


class Recurrent(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.rnn, self.head = kind(4, 3, 2, bidirectional=True, batch_first=True), nn.Linear(6, 2)

    def forward(self, x):
        return self.head(self.rnn(x)[0])


def models():
    return {
        "mlp": (nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 4)), [torch.randn(5, 8)]),
        "cnn": (nn.Sequential(
            nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(),
            nn.Conv2d(8, 4, (3, 2), groups=4, bias=False), nn.BatchNorm2d(4), nn.ReLU(),
            nn.ConvTranspose2d(4, 6, 2, stride=2, groups=2), nn.Flatten(), nn.Linear(6 * 8 * 10, 3)), [torch.randn(2, 3, 6, 6)]),
        "lstm": (Recurrent(nn.LSTM), [torch.randn(2, 5, 4)]),
        "gru": (Recurrent(nn.GRU), [torch.randn(2, 5, 4)]),
        "transformer": (nn.TransformerEncoderLayer(8, 2, 12, dropout=0, activation="gelu", batch_first=True, norm_first=True),
                        [torch.randn(2, 4, 8)]),
        "words": (Words(), [torch.randint(0, 11, (3, 5))]),
        "cross": (Cross(), [torch.randn(2, 3, 8), torch.randn(2, 5, 6), torch.randn(2, 5, 4)]),
    }


def train(model, inputs):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(5):
        optimizer.zero_grad()
        y = model(*inputs)
        ((y - torch.randn_like(y)) ** 2).mean().backward()
        optimizer.step()


def write_types():
    floats = torch.tensor([0.0, -0.0, 1.0, -2.5, 65504.0, 6e-8, -3e-5, float("inf"), float("-inf"), float("nan"), 1 / 3, 2048.5])
    given = {
        "f16": floats.half(), "bf16": torch.cat([floats, torch.tensor([1e-40, 3e38])]).bfloat16(),
        "f64": torch.cat([floats.double(), torch.tensor([1e300, 1e-300, 1e-40, 16777217.0, 0.1], dtype=torch.float64)]),
        "f32": torch.cat([floats, torch.tensor([1e-45, 1e-40, 3.4e38])]), "bool": torch.tensor([True, False, True]),
        "u8": torch.tensor([0, 1, 255], dtype=torch.uint8), "i8": torch.tensor([-128, -1, 127], dtype=torch.int8),
        "i16": torch.tensor([-32768, -1, 32767], dtype=torch.int16),
        "i32": torch.tensor([-2147483648, 16777217, 2147483647], dtype=torch.int32),
        "i64": torch.tensor([-9223372036854775808, 16777217, 9223372036854775807]), "scalar": torch.tensor(7), "none": torch.zeros(0, 3),
    }
    save("types", {**given, **{key + "-expected": t.float() for key, t in given.items()}}, {"by": f"torch {torch.__version__}"})


def check(folder):
    for name, (model, _) in models().items():
        model.load_state_dict(load(os.path.join(folder, name + ".safetensors")), strict=True)
        io = load(os.path.join(folder, name + "-io.safetensors"))
        with torch.no_grad():
            y = model.eval()(*(io[key] for key in sorted(io) if key != "y"))
        print(f"{name}: largest difference {float((y - io['y']).abs().max()):.2g} of values up to {float(y.abs().max()):.2g}")


torch.manual_seed(30)
if sys.argv[1:2] == ["--check"]:
    check(sys.argv[2])
else:
    for name, (model, inputs) in models().items():
        train(model, inputs)
        save(name, model.state_dict(), {"model": name, "format": "pt"})
        model.eval()
        with torch.no_grad():
            y = model.double()(*(x.double() if x.is_floating_point() else x for x in inputs)).float()
        save(name + "-io", {**{f"x{i}": x.to(torch.int32) if not x.is_floating_point() else x for i, x in enumerate(inputs)}, "y": y})
    write_types()
