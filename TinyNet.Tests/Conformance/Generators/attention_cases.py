#!/usr/bin/python3
"""Writes the cases of our own for attention: transformer decoder layers, a stack of them, and attention to itself with activations on the way.

transformer_decoder_layer  tgt, memory [, tgt_mask, memory_mask (bool, true = forbidden; float: added), tgt_key_padding_mask, memory_key_padding_mask
                           (bool, true = ignore)]; named as in PyTorch -> y. Attributes as transformer_encoder_layer.
transformer_decoder        the same with num_layers, and a norm at the end
self_attention             x [, mask (bool, true = may attend)]; query.weight, key.weight, value.weight -> y, weights [.., heads, T, T]:
                           y = f(softmax(q k^T / sqrt(d)) v), q = f_q(x W_q^T), .., heads beside each other; an activation is a name or null

usage: attention_cases.py    (needs Debian's python3-torch)
"""
import torch, torch.nn.functional as F
from torch.nn.utils.stateless import functional_call
from case_files import case, list_in_index

torch.manual_seed(21)
ACTIVATIONS = {None: lambda x: x, "tanh": torch.tanh, "relu": F.relu, "sigmoid": torch.sigmoid, "gelu": F.gelu}


def decoder(name, batch, steps, memory_steps, features, heads, hidden, activation="relu", batch_first=True, norm_first=False, layers=0, **masks):
    attrs = {"d_model": features, "nhead": heads, "dim_feedforward": hidden, "activation": activation, "layer_norm_eps": 1e-5, "batch_first": batch_first, "norm_first": norm_first}
    module = torch.nn.TransformerDecoderLayer(features, heads, hidden, 0.0, activation, 1e-5, batch_first, norm_first)
    if layers:
        attrs["num_layers"] = layers
        module = torch.nn.TransformerDecoder(module, layers, torch.nn.LayerNorm(features))
    # All random, biases and norms too, and different in each layer.
    params = {k: torch.randn(p.shape) * 0.5 + (1.0 if "norm" in k and "weight" in k else 0.0) for k, p in module.named_parameters()}
    order = (lambda b, t: (b, t, features)) if batch_first else (lambda b, t: (t, b, features))
    inputs = {"tgt": torch.randn(order(batch, steps)), "memory": torch.randn(order(batch, memory_steps)), **masks}
    module = module.double()

    def function(given):
        masks_given = {k: given[k] for k in masks}
        return {"y": functional_call(module, {k: given[k] for k in params}, (given["tgt"], given["memory"]), masks_given)}

    return case("attention", "transformer_decoder" if layers else "transformer_decoder_layer", name, attrs, inputs, params, function, rtol=2e-5, atol=5e-6)


def self_attention(name, shape, heads, query=None, key=None, value=None, output=None, mask=None):
    features, size = shape[-1], shape[-1] // heads
    attrs = {"features": features, "heads": heads, "query_activation": query, "key_activation": key, "value_activation": value, "output_activation": output}
    params = {f"{part}.weight": torch.randn(features, features) * features ** -0.5 for part in ("query", "key", "value")}

    def function(given):
        def part(which, activation):
            y = ACTIVATIONS[activation](given["x"] @ given[f"{which}.weight"].T)
            return y.reshape(*y.shape[:-1], heads, size).transpose(-3, -2)

        scores = part("query", query) @ part("key", key).transpose(-2, -1) / size ** 0.5
        if mask is not None:
            scores = scores.masked_fill(~mask, float("-inf"))
        weights = scores.softmax(-1)
        y = (weights @ part("value", value)).transpose(-3, -2).flatten(-2)
        return {"y": ACTIVATIONS[output](y), "weights": weights}

    return case("attention", "self_attention", name, attrs, {"x": torch.randn(shape), **({} if mask is None else {"mask": mask})}, params, function)


def causal(n):
    return torch.ones(n, n, dtype=torch.bool).triu(1)


def padding(*rows):
    return torch.tensor(rows, dtype=torch.bool)


list_in_index([
    decoder("transformer_decoder_layer_p00_post_relu_causal", 2, 3, 4, 4, 2, 5, tgt_mask=causal(3)),
    decoder("transformer_decoder_layer_p01_pre_gelu_kpm", 2, 3, 2, 4, 2, 6, "gelu", batch_first=False, norm_first=True,
            tgt_key_padding_mask=padding([0, 0, 1], [0, 0, 0]), memory_key_padding_mask=padding([0, 0], [0, 1])),
    decoder("transformer_decoder_layer_p02_post_gelu_masks", 1, 3, 4, 6, 3, 5, "gelu",
            tgt_mask=torch.randn(3, 3), memory_mask=padding([0, 1, 0, 0], [1, 0, 0, 1], [0, 0, 0, 0])),
    decoder("transformer_decoder_layer_p03_pre_relu_float", 2, 2, 3, 4, 1, 5, norm_first=True, memory_mask=torch.randn(2, 3)),
    decoder("transformer_decoder_p00_two_layers", 2, 3, 2, 4, 2, 5, layers=2, tgt_mask=causal(3), memory_key_padding_mask=padding([0, 0], [0, 1])),
    self_attention("self_attention_p00_plain", (2, 3, 4), 1),
    self_attention("self_attention_p01_activations", (2, 4, 6), 1, "tanh", "tanh", "relu", "gelu"),
    self_attention("self_attention_p02_heads_causal", (1, 4, 6), 3, "tanh", "tanh", "relu", "gelu", mask=~causal(4)),
    self_attention("self_attention_p03_no_batch", (3, 4), 2, None, "sigmoid", None, "tanh"),
])
