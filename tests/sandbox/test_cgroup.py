"""What a container's control group tells about its memory."""

import pytest

from grader.sandbox import cgroup

MIB = 1 << 20
V1 = ("memory/memory.limit_in_bytes", "memory/memory.max_usage_in_bytes")
V2 = ("memory.max", "memory.peak")


@pytest.fixture
def group(tmp_path):
    """Write the files of a control group."""

    def write(names, *values):
        for name, value in zip(names, values):
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"{value}\n")
        return tmp_path

    return write


@pytest.mark.parametrize("names", [V1, V2])
def test_a_container_has_a_limit_and_a_peak(group, names):
    """Both versions tell them in bytes; ours are in MiB."""
    root = group(names, 768 * MIB, 300 * MIB + MIB // 2)
    assert (cgroup.limit_mb(root), cgroup.peak_mb(root)) == (768, 300.5)


@pytest.mark.parametrize(("names", "unlimited"), [(V1, (1 << 63) - 4096), (V2, "max")])
def test_a_machine_without_a_limit_tells_nothing(group, names, unlimited):
    """The figures of a whole machine are not this run's."""
    root = group(names, unlimited, 300 * MIB)
    assert cgroup.limit_mb(root) is None
    assert cgroup.peak_mb(root) is None


def test_no_control_group_tells_nothing(tmp_path):
    """Neither do other systems; and a limit without a peak is a limit."""
    assert cgroup.limit_mb(tmp_path) is None
    assert cgroup.peak_mb(tmp_path) is None
    (tmp_path / "memory.max").write_text(str(768 * MIB))
    assert (cgroup.limit_mb(tmp_path), cgroup.peak_mb(tmp_path)) == (768, None)
