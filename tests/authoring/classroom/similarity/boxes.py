"""Checkpoints made by hand, without torch, in the two formats that are read."""

import json
import struct
import zipfile

import numpy as np


def torch_like(path, arrays, compression=zipfile.ZIP_STORED):
    """A zip with the records that torch.save writes; the pickle in it would raise if loaded."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr("net/data.pkl", b"cbuiltins\nexit\n)R.")
        archive.writestr("net/byteorder", b"little")
        for number, array in enumerate(arrays):
            archive.writestr(f"net/data/{number}", array.tobytes())
    return path


def safetensors(path, arrays):
    """A safetensors file of float32."""
    header, at = {"__metadata__": {"format": "pt"}}, 0
    for number, array in enumerate(arrays):
        offsets = [at, at + array.nbytes]
        header[f"layer{number}"] = {
            "dtype": "F32", "shape": list(array.shape), "data_offsets": offsets,
        }  # fmt: skip
        at += array.nbytes
    return headed(path, header, b"".join(array.tobytes() for array in arrays))


def headed(path, header, numbers):
    """A safetensors file with this header, whatever it says."""
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + numbers)
    return path


def layer(seed, count=4000):
    """Weights as a layer may have them, float32 (count,)."""
    return (0.05 * np.random.default_rng(seed).standard_normal(count)).astype(np.float32)
