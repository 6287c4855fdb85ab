"""The template: what stripping takes out, what it leaves alone, and what it refuses."""

from __future__ import annotations

import ast
import io
import tokenize
from pathlib import Path, PurePosixPath
from textwrap import dedent

import pytest

from grader.authoring.markers import MARKERS
from grader.authoring.template import (
    TemplateError,
    generate,
    is_leftover,
    render,
    strip,
    strip_yaml,
)

REFERENCE = Path(__file__).resolve().parents[2] / "reference"


def python(source):
    """Strip an indented snippet."""
    return strip(dedent(source).lstrip("\n"), "f.py")


def refused(source, line, problem):
    """Whether stripping the snippet is refused at this line, for this reason."""
    with pytest.raises(TemplateError, match=problem) as caught:
        python(source)
    assert caught.value.line == line
    assert str(caught.value).startswith("f.py:")
    return True


def test_method():
    """A block in a method gives way to a raise that names class and method."""
    stripped = python('''
        class Layer:
            def forward(self, x):
                """Double x."""
                # BEGIN SOLUTION
                out = x * 2

                return out
                # END SOLUTION

            def size(self):
                return 3
    ''')
    assert stripped == dedent('''\
        class Layer:
            def forward(self, x):
                """Double x."""
                raise NotImplementedError("Layer.forward")

            def size(self):
                return 3
    ''')


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("def f():", "f"),
        ("async def f():", "f"),
        ("class A:\n class B:\n  def f(self):", "A.B.f"),
        ("def f():\n def g():", "f.g"),
        ("@decorated(\n    1,\n)\ndef f(\n    a=1,\n):", "f"),
        ("if True:\n def f():", "f"),
    ],
)
def test_name_of_the_function(head, name):
    """The name is that of all classes and functions around the block."""
    source = f"{head}\n      # BEGIN SOLUTION\n      return 1\n      # END SOLUTION\n"
    assert strip(source, "f.py") == f'{head}\n      raise NotImplementedError("{name}")\n'


def test_function_before_the_block():
    """A function that ends before the block does not give it its name."""
    source = "def f():\n  return 1\ndef g():\n  # BEGIN SOLUTION\n  def h():\n    return 1\n"
    source += "  return h()\n  # END SOLUTION\n"
    assert strip(source, "f.py").endswith('def g():\n  raise NotImplementedError("g")\n')


def test_part_of_a_function():
    """What lies around a block in a function stays, also in a loop."""
    stripped = python("""
        def train(batches):
            for batch in batches:
                data = batch.data
                # BEGIN SOLUTION
                loss = model(data)
                # END SOLUTION
                total = loss.item()
            return total
    """)
    assert stripped == dedent("""\
        def train(batches):
            for batch in batches:
                data = batch.data
                raise NotImplementedError("train")
                total = loss.item()
            return total
    """)


def test_prompt_of_words():
    """A prompt of words stays a comment; in a function the raise follows it."""
    stripped = python("""
        def f(x):
            # BEGIN SOLUTION
            # BEGIN PROMPT
            # Mind the border.

            # END PROMPT
            return x
            # END SOLUTION
    """)
    assert stripped == ('def f(x):\n    # Mind the border.\n\n    raise NotImplementedError("f")\n')


def test_prompt_of_code():
    """In a prompt '#: code' becomes code, at its own indentation, and replaces the raise."""
    stripped = python("""
        def f(x):
            # BEGIN SOLUTION
            # BEGIN PROMPT
            # Replace the zero:
            #: if x:
            #:     y = 0
            #:
            #: # and return it
            #:return y
            # END PROMPT
            return 3 * x
            # END SOLUTION
    """)
    assert stripped == (
        "def f(x):\n    # Replace the zero:\n    if x:\n        y = 0\n\n"
        "    # and return it\n    return y\n"
    )


def test_prompt_outside_of_functions():
    """At the top and in a class a prompt stands alone: a raise would stop the import."""
    stripped = python("""
        # BEGIN SOLUTION
        # BEGIN PROMPT
        # Helpers go here.
        # END PROMPT
        def helper():
            return 1
        # END SOLUTION

        class A:
            # BEGIN SOLUTION
            # BEGIN PROMPT
            #: size = 0
            # END PROMPT
            size = 12
            # END SOLUTION
    """)
    assert stripped == "# Helpers go here.\n\nclass A:\n    size = 0\n"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_line_endings(ending, last):
    """Line endings are kept, those of the inserted lines are the file's, and so is its end."""
    lines = ["x = '\u2028\f'", "def f():", "\t# BEGIN SOLUTION", "\treturn 1", "\t# END SOLUTION"]
    source = ending.join(lines) + ending * last
    expected = ending.join([*lines[:2], '\traise NotImplementedError("f")']) + ending * last
    assert strip(source, "f.py") == expected


def test_mixed_line_endings_and_byte_order_mark():
    """Lines outside of blocks keep whatever they have."""
    source = "\ufeff# é\r\nx = 1   \n\n\ty = 2\n".replace("\ty", "y") + "z = '''a\r\nb'''"
    assert strip(source, "f.py") == source


def test_without_markers():
    """A file without markers is copied to the letter."""
    source = (REFERENCE / "part1-convnet" / "modules" / "softmax_ce.py").read_text()
    assert strip(source, "f.py") == source
    assert strip("", "f.py") == ""


def test_markers_in_strings():
    """Markers that are quoted are text, not markers, also within a solution."""
    source = '''
        """How to use
        # BEGIN SOLUTION
        markers"""
        TEXT = "# END SOLUTION"

        def f():
            # BEGIN SOLUTION
            text = """
            # END SOLUTION
            # begin solution
            """
            return text
            # END SOLUTION
    '''
    stripped = python(source)
    assert '    raise NotImplementedError("f")\n' in stripped
    assert "begin solution" not in stripped
    assert stripped.startswith('"""How to use\n# BEGIN SOLUTION\nmarkers"""\n')


def test_comments_at_the_edge_of_a_block():
    """Comments of the solution go with it."""
    stripped = python("""
        def f():
            # BEGIN SOLUTION
            # first
        # at the margin
            return 1
            # last
            # END SOLUTION
    """)
    assert stripped == 'def f():\n    raise NotImplementedError("f")\n'


def test_refuses_near_misses_anywhere():
    """A near miss is refused inside of a solution, too."""
    assert refused("x = 1\n# Begin solution\n", 2, "looks like a marker")
    source = "def f():\n  # BEGIN SOLUTION\n  return 1\n  # end solution\n  # END SOLUTION\n"
    assert refused(source, 4, "looks like a marker")


def test_refuses_marker_behind_code():
    """A marker behind code is refused."""
    assert refused("def f():\n  x = 1  # BEGIN SOLUTION\n", 2, "alone on its line")


def test_refuses_misindented_markers():
    """Markers stand at the indentation of the solution's first line."""
    block = "  # BEGIN SOLUTION\n    return 1\n  # END SOLUTION\n"
    assert refused(f"def f():\n{block}", 2, "not indented like the solution")
    assert refused("def f():\n# BEGIN SOLUTION\n  return 1\n# END SOLUTION\n", 2, "not indented")
    assert refused("def f():\n  # BEGIN SOLUTION\n  return 1\n# END SOLUTION\n", 4, "not indented")


def test_refuses_block_over_two_functions():
    """A block may not run into the next function."""
    source = "def f():\n  # BEGIN SOLUTION\n  return 1\ndef g():\n  # END SOLUTION\n  return 2\n"
    assert refused(source, 4, "has no end before this")


def test_refuses_block_without_code():
    """A block without a statement is a mistake."""
    source = "def f():\n  # BEGIN SOLUTION\n  # later\n  # END SOLUTION\n  return 1\n"
    assert refused(source, 2, "no code")


def test_refuses_block_within_brackets():
    """Within brackets no statement can stand."""
    source = "x = [\n  # BEGIN SOLUTION\n  1,\n  # END SOLUTION\n]\n"
    assert refused(source, 2, "within brackets")


def test_refuses_block_outside_of_functions_without_prompt():
    """At the top, or in the body of a class, a block needs a prompt."""
    block = "# BEGIN SOLUTION\nx = 1\n# END SOLUTION\n"
    assert refused(block, 1, "needs a prompt")
    inner = "".join(f"  {line}" for line in block.splitlines(keepends=True))
    assert refused(f"class A:\n{inner}", 2, "needs a prompt")


def test_refuses_code_in_a_prompt():
    """Only comments stand in a prompt: code there would run in the reference."""
    head = "def f():\n  # BEGIN SOLUTION\n  # BEGIN PROMPT\n"
    tail = "  # END PROMPT\n  return 1\n  # END SOLUTION\n"
    assert refused(f"{head}  x = 1\n{tail}", 4, "only comments")
    assert refused(f"{head}    # further in\n{tail}", 4, "only comments")


def test_refuses_source_that_does_not_parse():
    """A reference that is not Python is refused with its line, null bytes with the file."""
    assert refused("x = 1\nx = = 2\n", 2, "this is not Python")
    assert refused("x = '\0'\n", 0, "this is not Python")


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n  # BEGIN SOLUTION\n  if x:\n    pass\n  # END SOLUTION\n  else:\n    pass\n",
        "@cached\n# BEGIN SOLUTION\n# BEGIN PROMPT\n# END PROMPT\ndef f(): ...\n# END SOLUTION\n",
        "def f():\n # BEGIN SOLUTION\n # BEGIN PROMPT\n #: (\n # END PROMPT\n x\n # END SOLUTION\n",
    ],
)
def test_refuses_result_that_does_not_parse(source):
    """What is left must be Python: half an if, a lone decorator, a broken prompt are refused."""
    with pytest.raises(TemplateError, match="without its solutions this is not Python"):
        strip(source, "f.py")


YAML = """\
model: MyModel   # yours
# BEGIN SOLUTION
# BEGIN PROMPT
# Find a rate that works.
#: learning_rate:
# END PROMPT
learning_rate: 0.1
# END SOLUTION
epochs: 3
"""


def test_yaml():
    """In YAML a block gives way to its prompt."""
    expected = "model: MyModel   # yours\n# Find a rate that works.\nlearning_rate:\nepochs: 3\n"
    assert strip_yaml(YAML, "c.yaml") == expected
    assert strip_yaml(YAML.replace("\n", "\r\n"), "c.yaml") == expected.replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("source", "line", "problem"),
    [
        ("# BEGIN SOLUTION\na: 1\n# END SOLUTION\n", 1, "needs a prompt"),
        ("a: 1 # BEGIN SOLUTION\n", 1, "alone on its line"),
        ("a: 1\n# Begin Solution\n", 2, "looks like a marker"),
        ("a: 1\n# BEGIN SOLUTION\n", 2, "has no end"),
        ("a: [1\n", 2, "not YAML"),
        ("a: \0\n", 0, "not YAML"),
    ],
)
def test_yaml_refused(source, line, problem):
    """Misused markers in YAML, and what is no YAML, are refused with file and line."""
    with pytest.raises(TemplateError, match=problem) as caught:
        strip_yaml(source, "c.yaml")
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("part1/runs/overfit.png", True),
        ("plots/a.png", True),
        ("part1/modules/__pycache__/relu.cpython-311.pyc", True),
        ("part1/.DS_Store", True),
        (".ipynb_checkpoints/a.py", True),
        ("part2/data/cifar-10-batches-py/data_batch_1", True),
        ("part2/data/cifar10_test.npz", True),
        ("train.log", True),
        ("checkpoints/mymodel.partial", True),
        ("part2/data/practice_train.npz", False),
        ("part1/modules/relu.py", False),
        ("figures/window.png", False),
        ("runs.py", False),
        ("part2/cifar.py", False),
    ],
)
def test_leftovers(path, expected):
    """Caches, runs and downloads are told from files that were written."""
    assert is_leftover(PurePosixPath(path)) is expected


@pytest.fixture
def tree(tmp_path):
    """Give a little reference with one file of each kind."""
    root = tmp_path / "reference"
    files = {
        "README.md": b"# Handout\r\n",
        "part/layer.py": b"def f():\n  # BEGIN SOLUTION\n  return 1\n  # END SOLUTION\n",
        "part/run.sh": b"#!/bin/sh\n",
        "part/configs/a.yml": YAML.encode(),
        "part/data/practice_train.npz": bytes(range(256)),
        "part/checkpoints/mymodel.pth": b"weights",
        "part/runs/curve.png": b"plot",
        "part/__pycache__/layer.pyc": b"cache",
    }
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    (root / "part" / "run.sh").chmod(0o755)
    return root


def test_generate(tree, tmp_path):
    """The tree is copied without solutions, checkpoints and leftovers, modes included."""
    out = tmp_path / "made" / "template"
    generate(tree, out)
    written = {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}
    assert written == render(tree)
    assert set(written) == {
        "README.md", "part/layer.py", "part/run.sh", "part/configs/a.yml",
        "part/data/practice_train.npz",
    }  # fmt: skip
    assert written["README.md"] == b"# Handout\r\n"
    assert written["part/data/practice_train.npz"] == bytes(range(256))
    assert written["part/layer.py"] == b'def f():\n  raise NotImplementedError("f")\n'
    assert b"0.1" not in written["part/configs/a.yml"]
    assert (out / "part" / "run.sh").stat().st_mode & 0o777 == 0o755


def test_generate_needs_an_empty_folder(tree, tmp_path):
    """An empty folder is filled; one with files in it, or a file, is left alone."""
    out = tmp_path / "out"
    out.mkdir()
    generate(tree, out)
    before = sorted(out.rglob("*"))
    with pytest.raises(TemplateError, match="not an empty folder"):
        generate(tree, out)
    assert sorted(out.rglob("*")) == before
    with pytest.raises(TemplateError, match="not an empty folder"):
        generate(tree, out / "README.md")


@pytest.mark.parametrize(
    ("name", "content", "line", "problem"),
    [
        ("a.py", b"# begin solution\n", 1, "looks like a marker"),
        ("a.py", b"x = 1\ny = '\xff'\n", 2, "not UTF-8"),
        ("notes.md", b"one\n<!-- END SOLUTION -->\n", 2, "in .py and .yaml files only"),
        ("book.ipynb", b'["# begin_solution"]', 1, "in .py and .yaml files only"),
    ],
)
def test_generate_all_or_nothing(tree, tmp_path, name, content, line, problem):
    """One file that cannot be stripped stops everything before anything is written."""
    (tree / "part" / name).write_bytes(content)
    with pytest.raises(TemplateError, match=problem) as caught:
        generate(tree, tmp_path / "out")
    assert (caught.value.filename, caught.value.line) == (f"part/{name}", line)
    assert not (tmp_path / "out").exists()


def test_generate_refuses_links_and_nothing(tree, tmp_path):
    """A link could point anywhere, and a template of nothing is a mistyped path."""
    (tree / "part" / "link.py").symlink_to(tree / "part" / "layer.py")
    with pytest.raises(TemplateError, match=r"part/link\.py: is a link"):
        generate(tree, tmp_path / "out")
    with pytest.raises(TemplateError, match="holds no files"):
        generate(tmp_path / "nowhere", tmp_path / "out")


@pytest.fixture(scope="module")
def template():
    """Give the real reference's template."""
    return render(REFERENCE)


def test_nothing_is_added_but_raises(template):
    """No marker is left, and a line that the reference does not have is a raise."""
    for name, content in template.items():
        if not name.endswith(".py"):
            continue
        text = content.decode()
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        assert not {token.string for token in tokens} & set(MARKERS)
        reference = (REFERENCE / name).read_text(encoding="utf-8").splitlines()
        added = [line.strip() for line in text.splitlines() if line not in reference]
        assert all(line.startswith("raise NotImplementedError(") for line in added)


def test_every_task_is_open(template):
    """Each function that a student writes raises, with its own name, and nothing else does."""
    named = [
        (name.split("/", 1)[1], node.exc.args[0].value)
        for name, content in template.items()
        if name.endswith(".py")
        for node in ast.walk(ast.parse(content))
        if isinstance(node, ast.Raise)
        and isinstance(node.exc, ast.Call)
        and getattr(node.exc.func, "id", "") == "NotImplementedError"
    ]
    assert sorted(named) == sorted([
        ("modules/convolution.py", "Conv2D.forward"),
        ("modules/convolution.py", "Conv2D.backward"),
        ("modules/max_pool.py", "MaxPooling.forward"),
        ("modules/max_pool.py", "MaxPooling.backward"),
        ("modules/relu.py", "ReLU.forward"),
        ("modules/relu.py", "ReLU.backward"),
        ("modules/linear.py", "Linear.forward"),
        ("modules/linear.py", "Linear.backward"),
        ("modules/conv_classifier.py", "ConvNet.forward"),
        ("modules/conv_classifier.py", "ConvNet.backward"),
        ("optimizer/sgd.py", "SGD.update"),
        ("main.py", "train"),
        ("main.py", "validate"),
        ("models/twolayer.py", "TwoLayerNet.__init__"),
        ("models/twolayer.py", "TwoLayerNet.forward"),
        ("models/cnn.py", "VanillaCNN.__init__"),
        ("models/cnn.py", "VanillaCNN.forward"),
        ("models/my_model.py", "MyModel.__init__"),
        ("models/my_model.py", "MyModel.forward"),
        ("losses/focal_loss.py", "reweight"),
        ("losses/focal_loss.py", "FocalLoss.forward"),
    ])  # fmt: skip
