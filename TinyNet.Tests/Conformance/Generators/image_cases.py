#!/usr/bin/python3
"""Writes the cases of our own for images: resizing, adaptive pooling that the others lack, and dropout in evaluation.

usage: image_cases.py    (needs Debian's python3-torch)
"""
import torch, torch.nn.functional as F
import case_files

torch.manual_seed(20)


def case(family, op, name, attrs, x, function):
    return case_files.case(family, op, name, attrs, {"x": x}, {}, lambda given: {"y": function(given["x"])})


def resize(name, shape, mode, size=None, scale_factor=None, align_corners=False):
    attrs = {"mode": mode, "size": size, "scale_factor": scale_factor, "align_corners": align_corners}
    corners = {} if mode == "nearest" else {"align_corners": align_corners}
    return case("resize", "interpolate", name, attrs, torch.randn(shape),
                lambda x: F.interpolate(x, size=size, scale_factor=scale_factor, mode=mode, **corners))


paths = [
    resize("nearest_p00_twice", (2, 3, 3, 4), "nearest", scale_factor=2.0),
    resize("nearest_p01_size", (1, 2, 3, 4), "nearest", size=[7, 5]),
    resize("nearest_p02_smaller", (1, 2, 7, 9), "nearest", size=[3, 4]),
    resize("nearest_p03_scale", (2, 1, 5, 4), "nearest", scale_factor=1.5),
    resize("bilinear_p00_twice", (2, 3, 3, 4), "bilinear", scale_factor=2.0),
    resize("bilinear_p01_size", (1, 2, 3, 4), "bilinear", size=[7, 5]),
    resize("bilinear_p02_smaller", (1, 2, 7, 9), "bilinear", size=[3, 4]),
    resize("bilinear_p03_scale", (2, 1, 5, 4), "bilinear", scale_factor=1.7),
    resize("bilinear_p04_corners", (2, 3, 3, 4), "bilinear", scale_factor=2.0, align_corners=True),
    resize("bilinear_p05_corners_size", (1, 2, 5, 4), "bilinear", size=[3, 1], align_corners=True),
    resize("bilinear_p06_one_pixel", (1, 2, 1, 1), "bilinear", size=[3, 2]),
]
for i, (shape, size) in enumerate([((2, 3, 7, 5), [3, 2]), ((1, 2, 4, 4), [1, 1]), ((1, 2, 3, 4), [5, 3])]):
    paths.append(case("pool", "adaptive_max_pool2d", f"adaptive_max_pool2d_p{i:02}", {"output_size": size}, torch.randn(shape),
                      lambda x: F.adaptive_max_pool2d(x, size)))
paths.append(case("pool", "adaptive_max_pool1d", "adaptive_max_pool1d_p00", {"output_size": 3}, torch.randn(2, 3, 7), lambda x: F.adaptive_max_pool1d(x, 3)))
paths.append(case("pool", "adaptive_avg_pool1d", "adaptive_avg_pool1d_p00", {"output_size": 3}, torch.randn(2, 3, 7), lambda x: F.adaptive_avg_pool1d(x, 3)))
for op, function in [("alpha_dropout", F.alpha_dropout), ("spatial_dropout", F.dropout2d)]:
    paths.append(case("norm", op, f"{op}_p00_evaluation", {"p": 0.5, "training": False}, torch.randn(2, 3, 2, 2), lambda x: function(x, 0.5, training=False) * 1.0))
    paths.append(case("norm", op, f"{op}_p01_nothing_dropped", {"p": 0.0, "training": True}, torch.randn(2, 3, 2, 2), lambda x: function(x, 0.0, training=True) * 1.0))

case_files.list_in_index(paths)
