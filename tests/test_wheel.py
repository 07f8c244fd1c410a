"""The wheel, with the source out of reach."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(*args: str | Path, cwd: Path, path: Path | None = None) -> str:
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if path:
        environ |= {"PYTHONPATH": str(path), "XDG_DATA_HOME": str(cwd), "HOME": str(cwd)}
    done = subprocess.run(
        [sys.executable, *args],
        cwd=cwd,
        env=environ,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that the wheel is installed in."""
    folder = tmp_path_factory.mktemp("wheel")
    run("-m", "hatchling", "build", "-t", "wheel", "-d", folder / "dist", cwd=ROOT)
    (wheel,) = (folder / "dist").glob("*.whl")
    pip = ("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile")
    run(*pip, "--target", folder / "site", wheel, cwd=folder)
    return folder / "site"


def test_the_wheel_is_what_runs(installed: Path, tmp_path: Path) -> None:
    code = "import interviewer; print(interviewer.__file__)"
    assert Path(run("-c", code, cwd=tmp_path, path=installed).strip()).is_relative_to(installed)


def test_the_wheel_carries_every_template_and_guide_of_the_checkout(installed: Path) -> None:
    packed, source = installed / "interviewer" / "_prompts", ROOT / "prompts"
    files = [path.relative_to(source) for path in source.rglob("*") if path.is_file()]
    assert files
    for file in files:
        assert (packed / file).read_bytes() == (source / file).read_bytes()


def test_the_wheel_carries_the_templates_of_the_report(installed: Path) -> None:
    folder = Path("interviewer", "report", "templates")
    files = sorted(path.name for path in (ROOT / folder).iterdir())
    assert {"report.html.j2", "style.css", "table.js"} <= {*files}
    assert sorted(path.name for path in (installed / folder).iterdir()) == files


def test_the_wheel_carries_no_tests(installed: Path) -> None:
    assert {path.name for path in installed.iterdir() if path.suffix != ".dist-info"} <= {
        "interviewer",
        "bin",
    }


def test_a_prompt_is_rendered_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    args = ("-m", "interviewer", "prompt", "check", "--answer", "I was late.")
    assert "I was late." in run(*args, cwd=tmp_path, path=installed)


def test_the_guides_of_the_wheel_are_listed(installed: Path, tmp_path: Path) -> None:
    listed = run("-m", "interviewer", "guide", "list", cwd=tmp_path, path=installed)
    for guide in (ROOT / "prompts" / "guides").glob("*.md"):
        assert guide.stem in listed
