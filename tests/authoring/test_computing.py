"""Code that computes what students shall write is found, other code is left alone."""

import ast
from pathlib import Path

import pytest

from grader.authoring.computing import find
from grader.authoring.wheel_scan import OPERATIONS

ROOT = Path(__file__).parents[2]
CONVOLUTION = """
def forward(x, w):
    for n in range(N):
        for f in range(F):
            for i in range(H):
                for j in range(W):
                    out[n, f, i, j] = (x[n, :, i, j] * w[f]).sum()
"""


def whats(source, **options):
    """What was found, without the lines."""
    return [finding.what for finding in find(source, **options)]


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("np.lib.stride_tricks.as_strided(x)", "as_strided"),
        ("from numpy.lib.stride_tricks import sliding_window_view", "sliding_window_view"),
        ("y = numpy.einsum('ij,jk', a, b)", "einsum"),
        ("y = np.tensordot(a, b)", "tensordot"),
        ("y = np.pad(x, 1)", "np.pad"),
        ("from numpy import pad", "numpy.pad"),
        ("for place in np.ndindex(shape): pass", "ndindex"),
        ("np.add.at(dx, index, dout)", "np.add.at"),
        ("numpy.maximum.at(out, index, x)", "numpy.maximum.at"),
        ("y = np.fft.rfft2(x)", "fft"),
        ("y = np.convolve(a, b)", "convolve"),
        ("from scipy.signal import correlate2d as c", "correlate2d"),
        ("import scipy.ndimage as nd", "import scipy"),
        ("def im2col_indices(x): pass", "im2col_indices"),
        ("f = getattr(np, 'einsum')", "einsum"),
        ("y = F.conv2d(x, w)", "conv2d"),
        ("y = torch.nn.functional.max_pool2d(x, 2)", "max_pool2d"),
        ("self.layer = nn.Conv2d(3, 32, 7)", "Conv2d"),
        ("from torch.nn import MaxPool2d", "MaxPool2d"),
        ("y = x.unfold(2, 3, 1)", "unfold"),
        ("y = F.fold(x, 3, 1)", "fold"),
        ("for i in r:\n  o[i] = x[:, i : i + k, j : j + k].max()", "a window cut out in a loop"),
    ],
)
def test_what_gives_it_away(source, what):
    """Each of the usual functions, a window in a loop, and a name in a string is found."""
    assert what in whats(source)


@pytest.mark.parametrize(
    "loops",
    [
        CONVOLUTION,
        "for n, f, i, j in itertools.product(*map(range, shape)):\n    out[n, f, i, j] += x[n]",
        "for p in product(a, b, c, d):\n    out[p] = 0",
        "while a:\n  for b in c:\n    y = [[x[i] for i in j] for j in k]",
    ],
)
def test_an_index_within_four_loops(loops):
    """Four loops are four in whatever way they are written."""
    assert "an index within 4 loops" in whats(loops)


@pytest.mark.parametrize(
    "source",
    [
        "for a in b:\n  for c in d:\n    for e in f:\n      g[a, c, e] = 0",
        "ok = any(all(q(x) for x in y) for y in z for w in v for u in t)",
        "text = 'as_strided with wrong shape or strides is the usual cause'",
        "y = x[1:3, 2:5]",
        "for i in r:\n  y = x[i : i + 8]",
        "layers = {'type': 'Conv2D', 'pool': 'MaxPooling'}",
        "text = text.rjust(3) + pad(text)",
    ],
)
def test_harmless_code(source):
    """Three loops, loops without an index, sentences, the homework's own names: nothing."""
    assert find(source) == []


def test_code_in_a_string():
    """A solution that is kept as text is found, and so is one in brackets or indented."""
    assert "einsum, in a string" in whats('CODE = """\n    y = np.einsum("ij", x)\n"""')
    assert "an index within 4 loops, in a string" in whats(f"CODE = {CONVOLUTION!r}")


def test_a_name_in_a_string_may_be_allowed():
    """Without `in_strings`, a function may be named, but neither called nor written out."""
    source = "RULES = {'einsum': 1}\ny = np.einsum('ij', x)"
    assert whats(source) == ["einsum", "einsum"]
    assert [found.line for found in find(source, in_strings=False)] == [2]
    assert find(f"CODE = {CONVOLUTION!r}", in_strings=False) != []


def test_layers_of_torch_may_be_allowed():
    """With `torch_layers`, torch's own pass, and numpy's functions do not."""
    source = "a = nn.Conv2d(3, 3, 3)\nb = F.avg_pool2d(x, 2)\nc = np.einsum('i', x)"
    assert whats(source, torch_layers=True) == ["einsum"]


def test_the_line_is_named():
    """A finding knows its line; the same one is told once."""
    assert find("\n\ny = [np.einsum(a), np.einsum(b)]") == [(3, "einsum")]


def test_what_is_no_python():
    """Source that cannot be parsed is the caller's matter."""
    with pytest.raises(SyntaxError):
        find("def")


def test_the_reference_gives_itself_away():
    """Convolution and pooling of the reference are found, so their like would be, too."""
    for name in ("modules/convolution.py", "modules/max_pool.py"):
        assert find((ROOT / "reference/part1-convnet" / name).read_text(encoding="utf-8"))


def test_the_bug_library_gives_itself_away():
    """Variants of the solution, kept as text, are found."""
    found = [
        path.name
        for path in (ROOT / "grader/authoring/bugs").glob("*.py")
        if find(path.read_text(encoding="utf-8"))
    ]
    assert {"convolution_bases.py", "pooling_loops.py"} <= set(found)


def test_nothing_that_ships_computes_a_convolution():
    """The grader's own code, the instructors' side apart, is clean."""
    for path in (ROOT / "grader").rglob("*.py"):
        if "authoring" not in path.parts:
            text = path.read_text(encoding="utf-8")
            assert ast.parse(text)
            counts = path == ROOT / OPERATIONS
            assert find(text, in_strings=not counts) == [], path
