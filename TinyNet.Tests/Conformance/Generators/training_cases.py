#!/usr/bin/python3
"""Writes the cases of our own for training: every layer type of the format in each of its forms, every optimizer, both losses.

usage: training_cases.py    (needs Debian's python3-torch)
"""
import json, os
import torch, torch.nn.functional as F
from case_files import CASES, list_in_index, tensor

RTOL, ATOL = 2e-5, 1e-6
RECURRENT = {"rnn": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM}
FUNCTIONS = {"relu": F.relu, "tanh": torch.tanh, "gelu": F.gelu, "sigmoid": torch.sigmoid, "silu": F.silu,
             "last_step": lambda x: x[:, -1], "mean_time": lambda x: x.mean(1), "flatten": lambda x: x.flatten(1)}


def layer(type, name=None, **attrs):
    return {"type": type, **({"name": name} if name else {}), **attrs}


def linear(name, inside, out):
    return layer("linear", name, in_features=inside, out_features=out)


def conv(name, inside, out, kernel, stride=1, padding=0):
    return layer("conv2d", name, in_channels=inside, out_channels=out, kernel_size=kernel, stride=stride, padding=padding)


def recurrent(type, inside, hidden, layers=1, bidirectional=False):
    return layer(type, "rnn", input_size=inside, hidden_size=hidden, num_layers=layers, bidirectional=bidirectional)


def encoder(name, features, heads, hidden, activation, norm_first):
    return layer("transformer_encoder_layer", name, d_model=features, nhead=heads, dim_feedforward=hidden, activation=activation, norm_first=norm_first)


def module(of):
    """The module of a layer, None where it is a function."""
    a = {k: v for k, v in of.items() if k not in ("type", "name")}
    kind = of["type"]
    if kind in RECURRENT:
        return RECURRENT[kind](**a, batch_first=True)
    if kind == "transformer_encoder_layer":
        return torch.nn.TransformerEncoderLayer(**a, dropout=0.0, batch_first=True)
    if kind in FUNCTIONS:
        return None
    return {"linear": torch.nn.Linear, "conv2d": torch.nn.Conv2d, "batch_norm1d": torch.nn.BatchNorm1d, "batch_norm2d": torch.nn.BatchNorm2d,
            "layer_norm": torch.nn.LayerNorm, "max_pool2d": torch.nn.MaxPool2d, "avg_pool2d": torch.nn.AvgPool2d, "embedding": torch.nn.Embedding}[kind](**a)


class NAdam(torch.optim.Optimizer):
    """The formula of the format: that of PyTorch 1.13 is another."""

    def __init__(self, parameters, lr, betas, eps, weight_decay, momentum_decay):
        super().__init__(parameters, {"lr": lr})
        self.settings, self.t, self.product, self.moments = (betas, eps, weight_decay, momentum_decay), 0, 1.0, {}

    def step(self):
        (b1, b2), eps, decay, momentum_decay = self.settings
        mu = lambda t: b1 * (1 - 0.5 * 0.96 ** (t * momentum_decay))
        self.t += 1
        self.product *= mu(self.t)
        for group in self.param_groups:
            for p in group["params"]:
                g = p.grad + decay * p.detach()
                m, v = self.moments.get(p, (torch.zeros_like(g), torch.zeros_like(g)))
                self.moments[p] = m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
                following = mu(self.t + 1)
                step = (1 - mu(self.t)) / (1 - self.product) * g + following / (1 - self.product * following) * m
                p.data -= group["lr"] * step / ((v / (1 - b2 ** self.t)).sqrt() + eps)


def optimizer(name, parameters, attrs):
    if name in ("sgd", "momentum", "nesterov"):
        return torch.optim.SGD(parameters, nesterov=name == "nesterov", **attrs)
    return {"adagrad": torch.optim.Adagrad, "rmsprop": torch.optim.RMSprop, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW, "nadam": NAdam,
            "radam": torch.optim.RAdam, "adamax": torch.optim.Adamax, "adadelta": torch.optim.Adadelta}[name](parameters, **attrs)


def losses(attrs, params, x, target, dtype):
    """The losses of the training, from given parameters and buffers."""
    chain = [(of.get("name"), module(of), FUNCTIONS.get(of["type"])) for of in attrs["layers"]]
    modules = torch.nn.ModuleDict({name: m for name, m, _ in chain if m is not None and name}).to(dtype)
    modules.load_state_dict({k: v.to(dtype) for k, v in params.items()}, strict=False)
    x, target = (t.to(dtype) if t.is_floating_point() else t for t in (x, target))
    step = optimizer(attrs["optimizer"], list(modules.parameters()), attrs["optimizer_attrs"])
    found = []
    for k in range(attrs["num_steps"] + 1):
        y = x
        for _, m, function in chain:
            y = function(y) if m is None else m(y)
            y = y[0] if isinstance(y, tuple) else y
        loss = F.cross_entropy(y, target) if attrs["loss"] == "cross_entropy" else F.mse_loss(y, target)
        found.append(loss.item())
        if k == attrs["num_steps"]:
            return torch.tensor(found, dtype=torch.float64)
        step.zero_grad()
        loss.backward()
        if "clip_grad_norm" in attrs:
            torch.nn.utils.clip_grad_norm_(list(modules.parameters()), attrs["clip_grad_norm"])
        if "lr_per_step" in attrs:
            for group in step.param_groups:
                group["lr"] = attrs["lr_per_step"][k]
        step.step()


def case(op, name, layers, x, target, optimizer, optimizer_attrs, steps=4, **more):
    torch.manual_seed(sum(map(ord, name)))
    attrs = {"layers": layers, "loss": "mse" if target.is_floating_point() and more.pop("regress", True) else "cross_entropy",
             "optimizer": optimizer, "optimizer_attrs": optimizer_attrs, "num_steps": steps, **more}
    named = {of["name"]: module(of) for of in layers if "name" in of}
    params = {f"{n}.{k}": v for n, m in named.items() if m is not None for k, v in m.state_dict().items() if not k.endswith("num_batches_tracked")}
    # Biases, norms and running statistics that differ from element to element.
    params = {k: v + 0.1 * torch.rand(v.shape) for k, v in params.items()}
    expected = losses(attrs, params, x, target, torch.float64)
    error = ((losses(attrs, params, x, target, torch.float32) - expected).abs() / (ATOL + RTOL * expected.abs())).max().item()
    assert error < 1 / 3, f"{name}: float32 has an error of {error} tolerances"
    given = lambda t: {"shape": list(t.shape), "dtype": "int64", "data": t.flatten().tolist()} if t.dtype == torch.int64 else tensor(t)
    os.makedirs(os.path.join(CASES, "training"), exist_ok=True)
    with open(os.path.join(CASES, "training", f"{name}.json"), "w") as f:
        json.dump({"format": "tinynet-conformance/1", "family": "training", "op": op, "name": name, "attrs": attrs,
                   "inputs": {"x": given(x), "target": given(target)}, "params": {k: tensor(v) for k, v in params.items()},
                   "outputs": {"losses": tensor(expected)}, "grad_outputs": {}, "grads": {}, "rtol": RTOL, "atol": ATOL,
                   "source": f"torch {torch.__version__} float64"}, f)
        f.write("\n")
    return f"training/{name}.json"


torch.manual_seed(22)
words, classes = (lambda *shape: torch.randint(0, 7, shape)), (lambda *shape: torch.randint(0, 3, shape))
number = torch.randn
list_in_index([
    case("mlp", "mlp_o00_adamw_activations",
         [linear("a", 5, 6), layer("relu"), linear("b", 6, 6), layer("tanh"), linear("c", 6, 6), layer("gelu"), linear("d", 6, 6), layer("sigmoid"),
          linear("e", 6, 6), layer("silu"), linear("f", 6, 2)],
         number(6, 5), number(6, 2), "adamw", {"lr": 0.05, "betas": [0.8, 0.95], "eps": 1e-8, "weight_decay": 0.1, "amsgrad": False}),
    case("mlp", "mlp_o01_nesterov_batch_norm1d", [linear("0", 4, 5), layer("batch_norm1d", "1", num_features=5), layer("silu"), linear("3", 5, 3)],
         number(8, 4), classes(8), "nesterov", {"lr": 0.1, "momentum": 0.8, "weight_decay": 0.05}, clip_grad_norm=0.3, lr_per_step=[0.1, 0.2, 0.05, 0.01]),
    case("mlp", "mlp_o02_radam_batch_norm1d_of_sequences",
         [layer("batch_norm1d", "bn", num_features=3), layer("layer_norm", "ln", normalized_shape=[3, 4]), layer("flatten"), linear("fc", 12, 3)],
         number(5, 3, 4), classes(5), "radam", {"lr": 0.05, "betas": [0.8, 0.9], "eps": 1e-8, "weight_decay": 0.1}, steps=7),
    case("mlp", "mlp_o03_adagrad_layer_norm", [linear("fc1", 4, 6), layer("layer_norm", "ln", normalized_shape=[6]), layer("tanh"), linear("fc2", 6, 2)],
         number(6, 4), number(6, 2), "adagrad", {"lr": 0.1, "lr_decay": 0.1, "initial_accumulator_value": 0.2, "eps": 1e-10, "weight_decay": 0.05}),
    case("mlp", "mlp_o04_sgd_probabilities", [linear("fc1", 4, 5), layer("sigmoid"), linear("fc2", 5, 3)],
         number(6, 4), number(6, 3).softmax(1), "sgd", {"lr": 0.5, "weight_decay": 0.1}, regress=False, clip_grad_norm=0.2),
    case("cnn", "cnn_o00_rmsprop_avg_pool2d",
         [conv("conv1", 2, 3, 3, stride=2, padding=1), layer("batch_norm2d", "bn", num_features=3), layer("silu"), layer("avg_pool2d", kernel_size=2),
          conv("conv2", 3, 2, 1), layer("tanh"), layer("flatten"), linear("fc", 8, 3)],
         number(4, 2, 8, 8), classes(4), "rmsprop", {"lr": 0.01, "alpha": 0.9, "eps": 1e-8, "weight_decay": 0.02, "momentum": 0.5, "centered": False}),
    case("cnn", "cnn_o01_rmsprop_max_pool2d_rest",
         [conv("conv1", 1, 2, 2), layer("gelu"), layer("max_pool2d", kernel_size=3), conv("conv2", 2, 3, 2, padding=2), layer("sigmoid"), layer("flatten"), linear("fc", 75, 2)],
         number(3, 1, 9, 8), number(3, 2), "rmsprop", {"lr": 0.01, "alpha": 0.8, "eps": 1e-3, "weight_decay": 0.0, "momentum": 0.0, "centered": True}),
    case("cnn", "cnn_o02_momentum_pixels", [conv("conv1", 1, 4, 3, padding=1), layer("batch_norm2d", "bn", num_features=4), layer("relu"), conv("conv2", 4, 3, 3, stride=2, padding=1)],
         number(2, 1, 5, 4), classes(2, 3, 2), "momentum", {"lr": 0.2, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.01}),
    case("rnn", "rnn_o00_adamax_rnn", [recurrent("rnn", 3, 4), layer("last_step"), linear("fc", 4, 3)],
         number(4, 5, 3), classes(4), "adamax", {"lr": 0.05, "betas": [0.8, 0.9], "eps": 1e-8, "weight_decay": 0.1}),
    case("rnn", "rnn_o01_adam_rnn_two_layers_both_ways", [recurrent("rnn", 3, 2, 2, True), layer("last_step"), linear("fc", 4, 3)],
         number(4, 5, 3), classes(4), "adam", {"lr": 0.02, "betas": [0.8, 0.95], "eps": 1e-3, "weight_decay": 0.1, "amsgrad": True}),
    case("rnn", "rnn_o02_adadelta_lstm_two_layers_both_ways", [recurrent("lstm", 3, 2, 2, True), layer("mean_time"), linear("fc", 4, 2)],
         number(4, 5, 3), number(4, 2), "adadelta", {"lr": 1.0, "rho": 0.8, "eps": 1e-4, "weight_decay": 0.1}),
    case("rnn", "rnn_o03_sgd_lstm_both_ways", [recurrent("lstm", 3, 3, 1, True), layer("last_step"), linear("fc", 6, 3)],
         number(4, 4, 3), classes(4), "sgd", {"lr": 0.5, "weight_decay": 0.0}, clip_grad_norm=0.1),
    case("rnn", "rnn_o04_adamw_gru_two_layers", [recurrent("gru", 3, 4, 2), layer("last_step"), linear("fc", 4, 3)],
         number(4, 5, 3), classes(4), "adamw", {"lr": 0.05, "betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0.01, "amsgrad": True}),
    case("rnn", "rnn_o05_nesterov_embedding_gru_both_ways",
         [layer("embedding", "words", num_embeddings=7, embedding_dim=3), recurrent("gru", 3, 2, 1, True), layer("layer_norm", "ln", normalized_shape=[4]), layer("mean_time"), linear("fc", 4, 3)],
         words(4, 5), classes(4), "nesterov", {"lr": 0.2, "momentum": 0.9, "weight_decay": 0.0}),
    case("mlp", "mlp_o05_adadelta_embedding", [layer("embedding", "words", num_embeddings=7, embedding_dim=4), layer("mean_time"), layer("relu"), linear("fc", 4, 3)],
         words(5, 3), classes(5), "adadelta", {"lr": 0.5, "rho": 0.9, "eps": 1e-6, "weight_decay": 0.0}),
    case("transformer", "transformer_o00_nadam_embedding_pre_gelu",
         [layer("embedding", "words", num_embeddings=7, embedding_dim=4), encoder("enc", 4, 2, 5, "gelu", True), layer("mean_time"), linear("fc", 4, 3)],
         words(4, 3), classes(4), "nadam", {"lr": 0.02, "betas": [0.8, 0.95], "eps": 1e-8, "weight_decay": 0.1, "momentum_decay": 0.01}),
    case("transformer", "transformer_o01_sgd_post_gelu_and_pre_relu",
         [encoder("enc1", 4, 1, 5, "gelu", False), encoder("enc2", 4, 4, 3, "relu", True), layer("layer_norm", "norm", normalized_shape=[4]), layer("last_step"), linear("fc", 4, 2)],
         number(3, 4, 4), number(3, 2), "sgd", {"lr": 0.1, "weight_decay": 0.01}, lr_per_step=[0.1, 0.2, 0.1, 0.05]),
])
