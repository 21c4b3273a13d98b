#!/usr/bin/python3
"""Writes cases of our own for the forms of the format that the others lack: settings, optional operands and shapes that it allows.

usage: form_cases.py    (needs Debian's python3-torch)
"""
import math
import torch, torch.nn.functional as F
from torch.nn.utils.stateless import functional_call
from case_files import case, list_in_index

torch.manual_seed(23)
randn, INF = torch.randn, float("inf")
paths = []


def add(family, op, form, attrs, inputs, function, params=None, **tolerances):
    """A case whose result is one tensor y, or several by name."""
    def outputs(given):
        y = function(given)
        return y if isinstance(y, dict) else {"y": y}
    paths.append(case(family, op, f"{op}_o_{form}", attrs, inputs, params or {}, outputs, **tolerances))


def of_x(family, op, form, attrs, shape, function):
    add(family, op, form, attrs, {"x": randn(shape)}, lambda given: function(given["x"]))


def flags(*rows):
    return torch.tensor(rows, dtype=torch.bool)


# Element-wise, activations, reductions.
for form, exponent in (("zero", 0), ("negative", -2), ("minus_one", -1.0), ("fraction", 1.5)):
    add("elementwise", "pow_scalar", form, {"exponent": exponent}, {"x": torch.rand(2, 3) + 0.5}, lambda given: given["x"] ** exponent)
add("elementwise", "pow_scalar", "negative_base", {"exponent": -3}, {"x": -torch.rand(2, 3) - 0.5}, lambda given: given["x"] ** -3)
of_x("activation", "leaky_relu", "negative_slope", {"negative_slope": 0.5}, (3, 4), lambda x: F.leaky_relu(x, 0.5))
of_x("activation", "softmax", "image", {"dim": -3, "temperature": 2.0}, (2, 3, 2, 2), lambda x: F.softmax(x / 2, -3))
of_x("activation", "glu", "first_dim", {"dim": 0}, (4, 3), lambda x: F.glu(x, 0))
for op, function in (("sum", torch.sum), ("mean", torch.mean), ("logsumexp", torch.logsumexp)):
    of_x("reduction", op, "negative_dims", {"dim": [-1, -3], "keepdim": True}, (2, 3, 4), lambda x: function(x, dim=[-1, -3], keepdim=True))
for op, function in (("var", torch.var), ("std", torch.std)):
    of_x("reduction", op, "negative_dim", {"dim": -2, "keepdim": True, "unbiased": True}, (2, 3, 4), lambda x: function(x, -2, unbiased=True, keepdim=True))
for op, several in (("max", torch.amax), ("min", torch.amin)):
    one = getattr(torch, op)
    of_x("reduction", op, "negative_dim", {"dim": -1, "keepdim": True}, (3, 4), lambda x: dict(zip(("y", "indices"), one(x, -1, True))))
    of_x("reduction", op, "all_kept", {"dim": None, "keepdim": True}, (3, 4), lambda x: several(x, (0, 1), True))
for op in ("argmax", "argmin"):
    function = getattr(torch, op)
    of_x("reduction", op, "negative_dim_kept", {"dim": -2, "keepdim": True}, (2, 3, 4), lambda x: {"indices": function(x, -2, True)})
of_x("reduction", "prod", "negative_dim", {"dim": -1, "keepdim": True}, (3, 4), lambda x: x.prod(-1, True))
for form, p in (("least", -INF), ("three", 3.0), ("half", 0.5), ("negative", -2.0), ("zero", 0)):
    named = "-inf" if p == -INF else p
    of_x("reduction", "norm", form, {"dim": [1], "keepdim": False, "p": named}, (3, 4), lambda x: torch.linalg.vector_norm(x, p, (1,)))
of_x("reduction", "norm", "all_largest", {"dim": None, "keepdim": True, "p": "inf"}, (3, 4), lambda x: torch.linalg.vector_norm(x, INF, (0, 1), True))

# Matrix products and shapes.
a, b = randn(2, 4, 3), randn(5, 4)
add("matmul", "matmul", "transposed_both", {"transpose_a": True, "transpose_b": True}, {"a": a, "b": b}, lambda given: given["a"].transpose(-1, -2) @ given["b"].T)
add("matmul", "matmul", "vector_and_batch", {"transpose_a": False, "transpose_b": False}, {"a": randn(3), "b": randn(2, 2, 3, 4)}, lambda given: given["a"] @ given["b"])
for form, equation, shapes in (("ellipsis", "...ij,...jk->...ik", [(2, 2, 3), (2, 3, 2)]), ("trace", "ii->", [(3, 3)]), ("diagonal", "ii->i", [(3, 3)]),
                               ("implicit", "ij,jk", [(2, 3), (3, 2)]), ("outer", "i,j->ij", [(2,), (3,)]), ("sum", "ij->", [(2, 3)]),
                               ("bilinear", "bn,anm,bm->ba", [(2, 3), (4, 3, 2), (2, 2)])):
    add("matmul", "einsum", form, {"equation": equation}, {f"x{i}": randn(s) for i, s in enumerate(shapes)}, lambda given: torch.einsum(equation, *given.values()))
of_x("shape", "transpose", "negative", {"dim0": -2, "dim1": -1}, (2, 3, 4), lambda x: x.transpose(-2, -1))
of_x("shape", "permute", "negative", {"dims": [-1, 0, -2]}, (2, 3, 4), lambda x: x.permute(-1, 0, -2))
of_x("shape", "flatten", "negative", {"start_dim": -3, "end_dim": -2}, (2, 3, 4), lambda x: x.flatten(-3, -2))
of_x("shape", "squeeze", "not_one", {"dim": -1}, (1, 3), lambda x: x.squeeze(-1) * 1)
of_x("shape", "expand", "kept", {"shape": [2, -1, 4]}, (3, 1), lambda x: x.expand(2, -1, 4))
of_x("shape", "chunk", "fewer", {"chunks": 4, "dim": -1}, (2, 5), lambda x: {f"y{i}": part for i, part in enumerate(x.chunk(4, -1))})
of_x("shape", "split", "negative_dim", {"split_size": [2, 0, 3], "dim": -1}, (2, 5), lambda x: {f"y{i}": part for i, part in enumerate(x.split([2, 0, 3], -1))})
of_x("shape", "slice", "clipped", {"slices": [[-9, 9, 2], None, [4, 1, 1]]}, (5, 2, 6), lambda x: x[-9:9:2, :, 4:1])
of_x("shape", "pad", "cropped", {"pad": [-1, 2, 0, -1], "mode": "constant", "value": 1.5}, (2, 3, 4), lambda x: F.pad(x, [-1, 2, 0, -1], value=1.5))
of_x("shape", "pad", "replicate_planes", {"pad": [1, 2, 2, 1], "mode": "replicate", "value": None}, (1, 2, 2, 3), lambda x: F.pad(x, [1, 2, 2, 1], "replicate"))
of_x("shape", "pad", "infinite", {"pad": [1, 0], "mode": "constant", "value": "-inf"}, (2, 3), lambda x: F.pad(x, [1, 0], value=-INF))
of_x("shape", "repeat", "new_dims", {"repeats": [2, 1, 3]}, (2, 2), lambda x: x.repeat(2, 1, 3))
of_x("shape", "triu", "above", {"diagonal": 2}, (3, 4), lambda x: x.triu(2))
of_x("shape", "tril", "above", {"diagonal": 1}, (3, 4), lambda x: x.tril(1))
mask = flags([0, 1, 0], [1, 0, 0])
add("shape", "masked_fill", "infinite", {"value": "-inf"}, {"x": randn(2, 3), "mask": mask}, lambda given: given["x"].masked_fill(given["mask"], -INF))
index = torch.tensor([[0, 2, 1], [1, 1, 0]])
add("shape", "gather", "negative_dim", {"dim": -1}, {"x": randn(2, 3), "index": index}, lambda given: given["x"].gather(-1, given["index"]))

# Windows.
weight1, weight2 = randn(2, 3, 3), randn(4, 1, 3, 2)
add("conv", "conv1d", "valid", {"stride": 2, "padding": "valid", "dilation": 2, "groups": 1}, {"x": randn(2, 3, 9)},
    lambda given: F.conv1d(given["x"], given["weight"], given["bias"], 2, "valid", 2), {"weight": weight1, "bias": randn(2)})
add("conv", "conv1d", "same_even", {"stride": 1, "padding": "same", "dilation": 1, "groups": 1}, {"x": randn(1, 2, 6)},
    lambda given: F.conv1d(given["x"], given["weight"], None, 1, "same"), {"weight": randn(3, 2, 4)})
add("conv", "conv2d", "valid_groups", {"stride": [1, 2], "padding": "valid", "dilation": [2, 1], "groups": 2}, {"x": randn(1, 2, 6, 7)},
    lambda given: F.conv2d(given["x"], given["weight"], given["bias"], (1, 2), "valid", (2, 1), 2), {"weight": weight2, "bias": randn(4)})
add("conv", "conv2d", "same_dilated", {"stride": [1, 1], "padding": "same", "dilation": [2, 3], "groups": 1}, {"x": randn(1, 2, 5, 6)},
    lambda given: F.conv2d(given["x"], given["weight"], None, 1, "same", (2, 3)), {"weight": randn(2, 2, 2, 3)})
add("conv", "conv_transpose2d", "all", {"stride": [2, 3], "padding": [1, 0], "output_padding": [1, 2], "dilation": [2, 1], "groups": 2}, {"x": randn(2, 4, 3, 2)},
    lambda given: F.conv_transpose2d(given["x"], given["weight"], given["bias"], (2, 3), (1, 0), (1, 2), 2, (2, 1)), {"weight": randn(4, 2, 3, 2), "bias": randn(4)})
of_x("pool", "max_pool1d", "ceil_dilated", {"kernel_size": 2, "stride": 3, "padding": 1, "dilation": 2, "ceil_mode": True}, (1, 2, 9), lambda x: F.max_pool1d(x, 2, 3, 1, 2, True))
of_x("pool", "avg_pool1d", "ceil", {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True, "count_include_pad": True}, (1, 2, 8), lambda x: F.avg_pool1d(x, 3, 2, 1, True, True))
of_x("pool", "avg_pool2d", "ceil_real", {"kernel_size": [3, 2], "stride": [2, 2], "padding": [1, 1], "ceil_mode": True, "count_include_pad": False}, (1, 2, 6, 5),
     lambda x: F.avg_pool2d(x, (3, 2), (2, 2), (1, 1), True, False))
of_x("pool", "adaptive_avg_pool2d", "larger", {"output_size": [5, 4]}, (1, 2, 3, 3), lambda x: F.adaptive_avg_pool2d(x, (5, 4)))

# Normalization.
stats = {"running_mean": randn(3), "running_var": torch.rand(3) + 0.5}


def batch_norm(form, shape, training, momentum, affine, running):
    params = {**({"weight": randn(3), "bias": randn(3)} if affine else {}), **(stats if running else {})}

    def function(given):
        mean, variance = (given[k].clone() if running else None for k in ("running_mean", "running_var"))
        y = F.batch_norm(given["x"], mean, variance, given.get("weight"), given.get("bias"), training, momentum, 1e-3)
        return {"y": y, **({"running_mean": mean, "running_var": variance} if training and running else {})}
    add("norm", "batch_norm", form, {"training": training, "momentum": momentum, "eps": 1e-3}, {"x": randn(shape)}, function, params)


batch_norm("plain_train", (4, 3), True, 1.0, False, True)
batch_norm("no_statistics", (3, 3, 2, 2), True, 0.1, True, False)
batch_norm("plain_eval", (2, 3, 4), False, 0.1, False, True)
of_x("norm", "dropout", "everything", {"p": 1.0, "training": True}, (2, 3), lambda x: F.dropout(x, 1.0, True))
of_x("norm", "dropout", "nothing", {"p": 0.0, "training": True}, (2, 3), lambda x: F.dropout(x, 0.0, True) * 1)
add("norm", "group_norm", "plain_table", {"num_groups": 2, "eps": 1e-5}, {"x": randn(3, 4)}, lambda given: F.group_norm(given["x"], 2))

# Recurrence without biases.
for kind, module in (("rnn", torch.nn.RNN), ("lstm", torch.nn.LSTM), ("gru", torch.nn.GRU)):
    attrs = {"input_size": 3, "hidden_size": 2, "num_layers": 2, "bidirectional": True, "batch_first": True, "bias": False}
    made = module(3, 2, 2, False, True, bidirectional=True).double()
    add("recurrent", kind, "no_bias", {**attrs, **({"nonlinearity": "tanh"} if kind == "rnn" else {})}, {"x": randn(2, 4, 3)},
        lambda given: (lambda y, h: {"y": y, "h_n": h[0], "c_n": h[1]} if isinstance(h, tuple) else {"y": y, "h_n": h})(
            *functional_call(made, {k: v for k, v in given.items() if k != "x"}, (given["x"],))),
        {k: v.float() for k, v in made.state_dict().items()})
    cell = getattr(torch.nn, f"{kind.upper()}Cell")(3, 2, False).double()
    add("recurrent", f"{kind}_cell", "no_bias", {"input_size": 3, "hidden_size": 2, "bias": False, **({"nonlinearity": "tanh"} if kind == "rnn" else {})}, {"x": randn(4, 3)},
        lambda given: (lambda h: {"h_next": h[0], "c_next": h[1]} if isinstance(h, tuple) else {"h_next": h})(
            functional_call(cell, {k: v for k, v in given.items() if k != "x"}, (given["x"],))),
        {k: v.float() for k, v in cell.state_dict().items()})


# Attention.
def attention(form, mask=None, scale=None, causal=False):
    def function(given):
        scores = given["query"] @ given["key"].transpose(-1, -2) * (given["query"].shape[-1] ** -0.5 if scale is None else scale)
        if causal:
            scores = scores.masked_fill(torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1), -INF)
        if mask is not None:
            scores = scores.masked_fill(~mask, -INF) if mask.dtype == torch.bool else scores + given["mask"]
        weights = scores.softmax(-1)
        return {"y": weights @ given["value"], "weights": weights}
    inputs = {"query": randn(2, 3, 4), "key": randn(2, 4, 4), "value": randn(2, 4, 2), **({} if mask is None else {"mask": mask})}
    add("attention", "scaled_dot_product_attention", form, {"scale": scale, "is_causal": causal}, inputs, function, rtol=2e-5, atol=5e-6)


attention("scaled_causal", None, 0.7, True)
attention("batched_bool", flags([[1, 1, 0, 1]] * 3, [[1, 0, 1, 1], [0, 1, 1, 0], [1, 0, 0, 0]]))
attention("batched_float", randn(2, 3, 4), 0.3)


def multi_head(form, bias=True, batch_first=True, kdim=None, vdim=None, itself=False, weights=True, averaged=True, key_padding=None, mask=None):
    attrs = {"embed_dim": 4, "num_heads": 2, "bias": bias, "batch_first": batch_first, "self_attention": itself, "need_weights": weights, "average_attn_weights": averaged,
             **({"kdim": kdim} if kdim else {}), **({"vdim": vdim} if vdim else {})}
    module = torch.nn.MultiheadAttention(4, 2, bias=bias, kdim=kdim, vdim=vdim, batch_first=batch_first).double()
    params = {k: v.float() + (0.1 * randn(v.shape) if "bias" in k else 0) for k, v in module.state_dict().items()}
    order = lambda steps, size: (2, steps, size) if batch_first else (steps, 2, size)
    inputs = {"query": randn(order(3, 4)), **({} if itself else {"key": randn(order(5, kdim or 4)), "value": randn(order(5, vdim or 4))}),
              **({} if key_padding is None else {"key_padding_mask": key_padding}), **({} if mask is None else {"attn_mask": mask})}

    def function(given):
        query = given["query"]
        y, seen = functional_call(module, {k: given[k] for k in params}, (query, given.get("key", query), given.get("value", query)),
                                  {"key_padding_mask": given.get("key_padding_mask"), "attn_mask": given.get("attn_mask"), "need_weights": weights, "average_attn_weights": averaged})
        return {"y": y, **({"attn_weights": seen} if weights else {})}
    add("attention", "multihead_attention", form, attrs, inputs, function, params, rtol=2e-5, atol=5e-6)


multi_head("no_bias_no_weights", bias=False, weights=False)
multi_head("no_bias_other_keys", bias=False, kdim=3, averaged=False)
multi_head("other_values_time_first", vdim=5, batch_first=False, weights=False)
multi_head("mask_of_heads", mask=torch.rand(4, 3, 5) > 0.8, averaged=False)
multi_head("float_mask_of_heads_padded", itself=True, batch_first=False, mask=randn(4, 3, 3), key_padding=flags([0, 0, 1], [0, 0, 0]))
multi_head("masks_no_weights", itself=True, weights=False, mask=torch.ones(3, 3, dtype=torch.bool).triu(1), key_padding=flags([0, 0, 1], [0, 1, 0]))
encoder = torch.nn.TransformerEncoderLayer(4, 2, 5, 0.0, "gelu", 1e-3, False, True).double()
params = {k: v.float() + 0.1 * randn(v.shape) for k, v in encoder.state_dict().items()}
add("attention", "transformer_encoder_layer", "mask_of_heads",
    {"d_model": 4, "nhead": 2, "dim_feedforward": 5, "activation": "gelu", "layer_norm_eps": 1e-3, "batch_first": False, "norm_first": True},
    {"src": randn(3, 2, 4), "src_mask": randn(4, 3, 3), "src_key_padding_mask": flags([0, 0, 1], [0, 0, 0])},
    lambda given: functional_call(encoder, {k: given[k] for k in params}, (given["src"], given["src_mask"], given["src_key_padding_mask"])), params, rtol=2e-5, atol=5e-6)

# Embedding and losses.
add("embedding", "embedding", "padding_from_the_end", {"padding_idx": -2}, {"index": torch.tensor([[3, 0], [3, 4]])},
    lambda given: F.embedding(given["index"], given["weight"], -2), {"weight": randn(5, 2)})
x, labels = randn(2, 3, 4), torch.tensor([[0, 2, 1, 2], [1, 1, 0, 2]])
add("loss", "cross_entropy", "probabilities_of_places", {"label_smoothing": 0.1, "ignore_index": None, "reduction": "mean"},
    {"x": x, "target": randn(2, 3, 4).softmax(1), "weight": torch.rand(3) + 0.5}, lambda given: F.cross_entropy(given["x"], given["target"], given["weight"].detach(), label_smoothing=0.1))
add("loss", "cross_entropy", "places_ignored", {"label_smoothing": 0.2, "ignore_index": 1, "reduction": "mean"},
    {"x": x, "target": labels, "weight": torch.rand(3) + 0.5}, lambda given: F.cross_entropy(given["x"], given["target"], given["weight"].detach(), ignore_index=1, label_smoothing=0.2))
add("loss", "nll_loss", "places", {"ignore_index": -100, "reduction": "sum"}, {"x": x, "target": labels}, lambda given: F.nll_loss(given["x"], given["target"], reduction="sum"))
pair = {"x": randn(3, 4), "target": randn(3, 4)}
add("loss", "smooth_l1", "no_curve", {"beta": 0.0, "reduction": "sum"}, pair, lambda given: F.smooth_l1_loss(given["x"], given["target"], reduction="sum", beta=0.0))
add("loss", "poisson_nll", "log_full", {"log_input": True, "full": True, "eps": 1e-8, "reduction": "mean"}, {"x": randn(3, 4), "target": torch.rand(3, 4) * 4},
    lambda given: F.poisson_nll_loss(given["x"], given["target"].detach(), True, True))
add("loss", "kl_div", "log_sum", {"log_target": True, "reduction": "sum"}, {"x": randn(3, 4).log_softmax(1), "target": randn(3, 4).log_softmax(1)},
    lambda given: F.kl_div(given["x"], given["target"], reduction="sum", log_target=True))
for form, p, swap in (("third_power", 3.0, True), ("one", 1.0, True)):
    add("loss", "triplet_margin", form, {"margin": 1.0, "p": p, "swap": swap, "reduction": "mean"}, {k: randn(4, 3) for k in ("anchor", "positive", "negative")},
        lambda given: F.triplet_margin_loss(given["anchor"], given["positive"], given["negative"], 1.0, p, 1e-6, swap))

# Initialization.
for nonlinearity in ("selu", "conv2d"):
    add("init", "calculate_gain", nonlinearity, {"nonlinearity": nonlinearity, "param": None}, {}, lambda given: {"gain": torch.tensor(torch.nn.init.calculate_gain(nonlinearity), dtype=torch.float64)})
for form, mode, nonlinearity, a in (("fan_in_slope", "fan_in", "leaky_relu", 0.3), ("fan_in_tanh", "fan_in", "tanh", 0), ("fan_in_linear", "fan_out", "linear", 0), ("selu", "fan_in", "selu", 0)):
    fan = {"fan_in": 3 * 4, "fan_out": 6 * 4}[mode]
    std = torch.nn.init.calculate_gain(nonlinearity, a if nonlinearity == "leaky_relu" else None) / math.sqrt(fan)
    add("init", "init_scale", form, {"method": "kaiming_normal", "shape": [6, 3, 2, 2], "mode": mode, "nonlinearity": nonlinearity, "a": a}, {},
        lambda given: {"std": torch.tensor(std, dtype=torch.float64)})
add("init", "default_bound", "conv1d", {"layer": "conv", "shape": [4, 3, 5]}, {}, lambda given: {"bound": torch.tensor(1 / math.sqrt(15), dtype=torch.float64)})
add("init", "eye", "wide", {"shape": [2, 4]}, {}, lambda given: torch.nn.init.eye_(torch.empty(2, 4)))
add("init", "dirac", "volume", {"shape": [4, 2, 3, 2], "groups": 2}, {}, lambda given: torch.nn.init.dirac_(torch.empty(4, 2, 3, 2), 2))

# Schedules.
def schedule(op, form, steps, create, momentum=False, **attrs):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], attrs.get("base_lr", 0.1), momentum=0.9)
    scheduler, rates, momenta = create(optimizer), [], []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        momenta.append(optimizer.param_groups[0]["momentum"])
        optimizer.step()
        scheduler.step()
    add("scheduler", op, form, {**attrs, "num_steps": steps}, {}, lambda given: {k: torch.tensor(v, dtype=torch.float64) for k, v in (("lr", rates), ("momentum", momenta)) if k == "lr" or momentum})


rate = torch.optim.lr_scheduler
for cycled in (False, True):
    cycle = {"cycle_momentum": cycled, "base_momentum": 0.8, "max_momentum": 0.9}
    schedule("cyclic_lr", f"exp_range_{'momentum' if cycled else 'plain'}", 14, lambda o: rate.CyclicLR(o, 0.05, 0.3, 3, 4, "exp_range", 0.9, cycle_momentum=cycled, base_momentum=0.8, max_momentum=0.9),
             cycled, base_lr=0.05, max_lr=0.3, step_size_up=3, step_size_down=4, mode="exp_range", gamma=0.9, **cycle)
    schedule("one_cycle_lr", f"three_phases_{'momentum' if cycled else 'plain'}", 15,
             lambda o: rate.OneCycleLR(o, 0.5, 15, pct_start=0.4, anneal_strategy="linear", cycle_momentum=cycled, base_momentum=0.8, max_momentum=0.9, div_factor=10.0, final_div_factor=100.0, three_phase=True),
             cycled, max_lr=0.5, total_steps=15, pct_start=0.4, anneal_strategy="linear", div_factor=10.0, final_div_factor=100.0, three_phase=True, **cycle)
schedule("multi_step_lr", "twice", 6, lambda o: rate.MultiStepLR(o, [2, 2, 4], 0.5), base_lr=0.1, milestones=[2, 2, 4], gamma=0.5)
schedule("cosine_annealing_warm_restarts", "tripled", 14, lambda o: rate.CosineAnnealingWarmRestarts(o, 2, 3, 0.001), base_lr=0.1, T_0=2, T_mult=3, eta_min=0.001)

list_in_index(paths)
