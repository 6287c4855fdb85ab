"""Stripping one file: what gives way to what, what is left alone, and what is refused."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from grader.authoring.markers import TemplateError
from grader.authoring.stripping import Solution, split_python, split_yaml

REFERENCE = Path(__file__).resolve().parents[2] / "reference"
BS, ES = "# BEGIN SOLUTION", "# END SOLUTION"


def strip(source, filename="f.py"):
    """The text without its solutions."""
    return split_python(source, filename).text


def strip_yaml(source, filename="c.yaml"):
    """The same for YAML."""
    return split_yaml(source, filename).text


def python(source):
    """Strip an indented snippet."""
    return strip(dedent(source).lstrip("\n"))


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
    assert strip(source) == f'{head}\n      raise NotImplementedError("{name}")\n'


def test_function_before_the_block():
    """A function that ends before the block does not give it its name."""
    source = "def f():\n  return 1\ndef g():\n  # BEGIN SOLUTION\n  def h():\n    return 1\n"
    source += "  return h()\n  # END SOLUTION\n"
    assert strip(source).endswith('def g():\n  raise NotImplementedError("g")\n')


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
    assert strip(source) == expected


def test_mixed_line_endings_and_byte_order_mark():
    """Lines outside of blocks keep whatever they have."""
    source = "\ufeff# é\r\nx = 1   \n\n\ty = 2\n".replace("\ty", "y") + "z = '''a\r\nb'''"
    assert strip(source) == source


def test_without_markers():
    """A file without markers is copied to the letter."""
    source = (REFERENCE / "part1-convnet" / "modules" / "softmax_ce.py").read_text()
    assert strip(source) == source
    assert strip("") == ""


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


def block(*prompt, solution="x = 1", indent="  "):
    """A block with a prompt, as the text of its lines."""
    lines = [BS, "# BEGIN PROMPT", *prompt, "# END PROMPT", solution, ES]
    return "".join(f"{indent}{line}\n" for line in lines)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("x = 1\nclass A:\n" + block("# yours"), 5),
        ("def f():\n" + block("# Words.", "#: (", "#: 1"), 5),
        ("def f():\n" + block() + "def g():\n" + block("#: x = = 1"), 10),
    ],
)
def test_refuses_result_that_does_not_parse(source, line):
    """What is left must be Python; the line is that of the reference."""
    assert refused(source, line, "without its solutions this is not Python")


def test_an_empty_body_never_remains():
    """Whatever a block was the whole body of, a statement stands in its place."""
    for head in ("def f(", "async def f("):
        for prompt in ((), ("# Words.",), ("#:", "#: # and code that is none")):
            stripped = strip(f"{head}):\n" + block(*prompt))
            assert stripped.endswith('  raise NotImplementedError("f")\n')
    loop = "def f():\n for x in y:\n" + block() + " else:\n" + block()
    assert strip(loop).count("raise NotImplementedError") == 2


def test_solutions():
    """What was taken out is told with its place; the prompt is no part of it."""
    source = "def f():\n" + block("# Words.") + "x = 1\ndef g():\n  # BEGIN SOLUTION\n"
    source += "  # why\n\n  return 2\n  # END SOLUTION\n"
    assert split_python(source, "a/f.py").solutions == (
        Solution("a/f.py", 2, "  x = 1\n", "f"),
        Solution("a/f.py", 10, "  # why\n\n  return 2\n", "g"),
    )


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
    assert strip_yaml(YAML) == expected
    assert strip_yaml(YAML.replace("\n", "\r\n")) == expected.replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("source", "line", "problem"),
    [
        ("# BEGIN SOLUTION\na: 1\n# END SOLUTION\n", 1, "needs a prompt"),
        ("a: 1 # BEGIN SOLUTION\n", 1, "alone on its line"),
        ("a: 1\n# Begin Solution\n", 2, "looks like a marker"),
        ("a: 1\n# BEGIN SOLUTION\n", 2, "has no end"),
        ("a: 1\nb: [1\n", 2, "not YAML"),
        ("a: \0\n", 0, "not YAML"),
    ],
)
def test_yaml_refused(source, line, problem):
    """Misused markers in YAML, and what is no YAML, are refused with file and line."""
    with pytest.raises(TemplateError, match=problem) as caught:
        strip_yaml(source)
    assert caught.value.line == line


def test_yaml_without_markers():
    """YAML without markers is copied to the letter, a byte order mark too."""
    source = "\ufeffa: 1\r\nb: |\n  # BEGIN\n\n# end\nc: '#'"
    assert strip_yaml(source) == source


def test_yaml_that_does_not_parse_without_its_solution():
    """The line is that of the reference, however many lines the block had."""
    source = "a: 1\n" + block("# Words.", "#: b: [", indent="").replace("x = 1", "b: 1\nc: 2")
    with pytest.raises(TemplateError, match="without its solutions this is not YAML") as caught:
        strip_yaml(source)
    assert caught.value.line == 5
