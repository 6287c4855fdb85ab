"""What tells whose a text is, and what code and sentences keep."""

import pytest
from hiding import ADA, KEY, of_student

from grader.authoring.classroom.pseudonyms import Owned, Pseudonyms
from grader.authoring.classroom.records import Student


@pytest.mark.parametrize(
    "text",
    [
        "Ada Lovelace",
        "ADA LOVELACE",
        "Lovelace, Ada",
        "ada_lovelace",
        "lovelaceada",
        r"ada\_lovelace",
        "AdaLovelace",
        "ada.lovelace",
        "Lovelace",
        "Ada",
        "ada",
        "adal@example.edu",
        "adal",
        "900042",
    ],
)
def test_everything_that_tells_a_student(hidden, text):
    """Names in every usual form, addresses and numbers are replaced."""
    name = hidden.of_student(ADA).name
    assert hidden.text(f"File /home/{text}/x.py") == f"File /home/{name}/x.py"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Ada_Lovelace_HW2.pdf", "X_HW2.pdf"),
        ("part1-convnet/lovelace_ada_report.txt", "part1-convnet/X_report.txt"),
        ("/content/drive/MyDrive/Ada_Lovelace_cs7643/x.py", "/content/drive/MyDrive/X_cs7643/x.py"),
        ("900042_hw2.zip", "X_hw2.zip"),
        ("model_adal.pth", "model_X.pth"),
        ("/home/adal_old/x.py", "/home/X_old/x.py"),
        ("AdaLovelaceHW2.zip", "XHW2.zip"),
        ("adalovelaceHW2.zip", "XHW2.zip"),
        ("lovelace2.py", "X2.py"),
        ("hw2_lovelace.pdf", "hw2_X.pdf"),
        ("Ada_HW2.pdf", "X_HW2.pdf"),
        ("adalovelace.py", "X.py"),
        ("LovelaceNet, LOVELACE", "XNet, X"),
        ("AdaL_2", "X_2"),
        ("LOVELACE, Ada", "X"),
        ("ada%20lovelace", "X"),
    ],
)
def test_in_names_of_files(hidden, text, told):
    """Beside '_', digits and capitals names are found as well."""
    assert hidden.text(text) == told.replace("X", hidden.of_student(ADA).name)


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("HOPPER, Grace", ["Hopper", "HOPPER", "Grace Hopper", "grace.hopper", "Grace HOPPER"]),
        ("HOPPER, Grace B.", ["Grace B. Hopper", "Grace Hopper", "GraceBHopper"]),
        ("Jean-Luc Picard", ["Jean", "Luc", "Jean-Luc", "JeanLuc", "jean_picard", "jeanlucpicard"]),
        (
            "Ada (Addie) Lovelace",
            ["Addie", "addie_lovelace", "Ada Lovelace", "Ada (Addie) Lovelace"],
        ),
        ('Ada "Addie" Lovelace', ["Addie", "Addie Lovelace", "Ada Lovelace"]),
        ("Nadia O'Neil", ["O'Neil", "O\u2019Neil", "Oneil", "Neil", "nadia_oneil", "nadia.o'neil"]),
        ("McDonald, Ronald", ["Ronald McDonald", "ronald_mcdonald", "Mcdonald", "RonaldMcDonald"]),
        ("Bo Ng", ["Ng", "bo_ng", "Ng, Bo", "BoNg", "bo ng"]),
        ("Mark Page", ["Mark", "Mark Page", "Page, Mark"]),
        ("Max_Page", ["Max_Page", "Max Page"]),
        ("Max Stone", ["Stone", "max_stone", "Max Stone", "Stone, Max", "maxstone"]),
        ("ada_lovelace_hw2", ["Ada Lovelace", "adalovelace", "Lovelace", "ada_lovelace_hw2"]),
        ("Ada Lovelace_1234567_file_", ["Ada Lovelace", "1234567"]),
        ("\u674e\u660e", ["\u674e\u660e"]),
    ],
)
def test_rosters(name, texts):
    """However a roster writes a name, others write it as they like."""
    pseudonyms = of_student(name)
    label = pseudonyms.of_student(Student(name)).name
    for text in texts:
        assert pseudonyms.text(f"by {text}!") == f"by {label}!"


@pytest.mark.parametrize(
    ("user", "texts"),
    [
        ("ghopper3", ["ghopper3", "GHopper3_hw2", "ghopper3.py"]),
        ("cb17", ["cb17", "x_cb17"]),
        ("nadia.oneil", ["nadia.oneil"]),
        ("ada_l", [r"ada\_l", "ada_l.zip"]),
        ("will23", ["will23_hw2.zip"]),
        ("jw9", ["model_jw9.pth", "/home/jw9"]),
        ("jp", ["/home/jp/x.py", "/work/jp/x.py"]),
        ("relu", ["/home/relu/x.py"]),
    ],
)
def test_user_names(user, texts):
    """A user's name is found beside separators, a short one or a word where nothing else is."""
    pseudonyms = of_student("", f"{user}@example.edu")
    for text in texts:
        assert "student-" in pseudonyms.text(text)


@pytest.mark.parametrize(
    ("sid", "text", "is_told"),
    [
        ("900042", "n = 900042", True),
        ("50000", "50000 images", False),
        ("50000", "hw2_50000.zip", True),
        ("100", "/100.zip", False),
        ("u0042x", "u0042x_2", True),
    ],
)
def test_student_numbers(sid, text, is_told):
    """A short number is a size or a count, unless a file is called so."""
    assert (of_student("", "", sid).text(text) != text) is is_told


WORDS = (
    "max_pool.py", "MaxPooling", "Max pooling", "np.max", "max, li = x.max(), 1", "max(li)",
    "su.max()", "max-min", "li, su = su, li", "x/li", "mark_step", "mark_step.py", "MarkStep",
    "linear.py", "Linear(3)", "nn.Linear", "linear_layer", "part1-convnet/modules/max_pool.py",
    "part1-convnet/modules/linear.py", "modules/conv/x.py", "Conv2d", "self.conv", "nn.Conv",
    "will_fail", "will_fail.py", "WillFail", "it will fail", "grace_period", "GracePeriod",
    "cnn.py", "models/cnn.pth", "part1-convnet/modules/relu.py", "import relu", "relu = ReLU()",
    "cnn", "optim.Adam", "AdamW", "xavier_uniform_", "softmax", "result", "list",
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "user"),
    [
        ("Max", "max"),
        ("Max Stone", "max"),
        ("Mark Su", "mark"),
        ("Will Li", "will"),
        ("Li Near", "linear"),
        ("Soft Max", "softmax"),
        ("Max Pool", "max.pool"),
        ("Conv Linear", "conv"),
        ("Grace Su", "grace"),
        ("Su Max", "su"),
        ("Adam Li", "adam1"),
        ("Xavier Re-Lu", "xavier"),
        ("Re Sult", "result"),
        ("Linear", "cnn"),
        ("Bob Stone", "relu"),
        ("linear", ""),
        ("max_pool", ""),
        ("GRACE, Will", ""),
    ],
)
def test_code_and_hints_stay(name, user):
    """Whatever people are called, identifiers and our own words stay."""
    student = Student(name, f"{user}@example.edu" if user else "")
    owned = Owned(name, f"{name}.zip", (student,))
    pseudonyms = Pseudonyms(KEY, [owned, Owned("linear", "max_pool", ())])
    assert [text for text in WORDS if pseudonyms.text(text) != text] == []


@pytest.mark.parametrize("text", ["ada_l", "ada_hw2.zip"])
def test_everything_that_tells_a_submission(hidden, text):
    """Keys and files are called as the submission is."""
    assert hidden.text(f"in {text}.") == f"in {hidden.of_key('ada_l')}."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lovelace as a word",
        "Lovelaces",
        "canada",
        "ada",
        "9000427",
        "Adam",
        "AdaBoost",
        "ada = lovelace + 1",
        "0.900042",
        "lovelace_net(x)",
        "x/lovelace",
    ],
)
def test_left_alone(hidden, text):
    """Parts of words, and what is no name as it stands, stay."""
    assert hidden.text(text) == text


@pytest.mark.parametrize(
    ("key", "text", "is_told"),
    [
        ("submission_70001", "/tmp/submission_70001_old/x.py", True),
        ("submission_7", "submission_7", True),
        ("submission_7", "submission_7_old", False),
        ("ada_l", "ada_loss", False),
        ("wrong", "wrong", False),
        ("max_pool", "max_pool", False),
    ],
)
def test_keys(key, text, is_told):
    """A key is found as it is, one of an export beside '_' as well, and one of our words never."""
    assert (Pseudonyms(KEY, [Owned(key, key, ())]).text(text) != text) is is_told


@pytest.mark.parametrize(
    ("name", "text", "is_told"),
    [
        ("Bo Li", "by Li", True),
        ("Bo Li", "li, light", False),
        ("Bo Li", "/home/li/x.py", True),
        ("Max The", "Max pooling. The sum", False),
        ("Max The", "/home/max/x.py", True),
        ("Mark Page", "mark_hw2.zip", False),
        ("Mark Page", "Mark_HW2.pdf", True),
        ("Mark Page", "Mark_HW2", False),
        ("Max Point", "Max_Point_HW2.pdf", True),
        ("Max Point", "max_point.py", False),
        ("Max B", "max_b", False),
        ("Max B. Stone", "max_b, Max B", False),
        ("Bo Li", "Li_HW2.pdf", True),
        ("Bo Li", "li_hw2.pdf", False),
        ("Max The", "Max_HW2.pdf", False),
        ("Yi Lu", "by Lu", True),
        ("Mark Page", "mark_page", False),
        ("Bo Li", "bo, li = 1, 2", False),
        ("Bo Li", "boli", False),
        ("Bo Li", "/home/boli/x.py", True),
        ("Ada Li", "ada_hw2.zip", True),
        ("hopper_HW2", "HW2: networks", False),
        ("hopper_HW2", "/hopper/x.py", True),
    ],
)
def test_short_names_and_words(name, text, is_told):
    """Short names count as names and as folders; words that begin our sentences stay."""
    assert (of_student(name).text(text) != text) is is_told
