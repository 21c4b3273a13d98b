"""Writes cases of our own in the format of the others, beside them and into their index. Computed by PyTorch in float64 from float32 inputs."""
import json, math, os
import torch

CASES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Cases")


def tensor(t):
    t = t.detach()
    if not t.is_floating_point():
        return {"shape": list(t.shape), "dtype": "bool" if t.dtype == torch.bool else "int64", "data": [int(v) for v in t.flatten()]}
    values = [float(v) for v in t.to(torch.float32).flatten()]
    return {"shape": list(t.shape), "dtype": "float32", "data": [v if math.isfinite(v) else str(v) for v in values]}


def case(family, op, name, attrs, inputs, params, function, rtol=1e-5, atol=1e-6):
    """A case of outputs = function(inputs and params by name), a dictionary of tensors. Masks, indices and running statistics have no gradient."""
    inputs, params = ({k: given_as(k, t) for k, t in given.items()} for given in (inputs, params))
    outputs = function({**inputs, **params})
    learning = {k: y for k, y in outputs.items() if y.requires_grad}
    cotangents = {k: torch.randn(y.shape).to(torch.float64) for k, y in learning.items()}
    torch.autograd.backward(list(learning.values()), list(cotangents.values()))
    path = f"{family}/{name}.json"
    os.makedirs(os.path.join(CASES, family), exist_ok=True)
    with open(os.path.join(CASES, path), "w") as f:
        json.dump({"format": "tinynet-conformance/1", "family": family, "op": op, "name": name, "attrs": attrs,
                   "inputs": tensors(inputs), "params": tensors(params), "outputs": tensors(outputs), "grad_outputs": tensors(cotangents),
                   "grads": {k: tensor(t.grad) for k, t in {**inputs, **params}.items() if t.grad is not None}, "rtol": rtol, "atol": atol,
                   "source": f"torch {torch.__version__} float64"}, f)
        f.write("\n")
    return path


def given_as(name, t):
    if not t.is_floating_point():
        return t
    value = t.to(torch.float32).to(torch.float64)
    return value if name.startswith("running_") else value.requires_grad_()


def tensors(given):
    return {k: tensor(t) for k, t in given.items()}


def list_in_index(paths):
    index = os.path.join(CASES, "index.json")
    with open(index) as f:
        listed = json.load(f)
    listed["cases"] += [path for path in paths if path not in listed["cases"]]
    with open(index, "w") as f:
        json.dump(listed, f, indent=0)
        f.write("\n")
