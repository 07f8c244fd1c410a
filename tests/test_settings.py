from pathlib import Path

import pytest

from interviewer.errors import UsageError
from interviewer.settings import ENVIRONMENT, Settings, load_settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_nothing_set_means_defaults(file: Path) -> None:
    settings, sources = load_settings(environ={}, file=file)
    assert settings == Settings()
    assert set(sources.values()) == {"default"}


def test_a_flag_beats_the_environment_beats_the_file_beats_the_default(file: Path) -> None:
    file.write_text('probes = 1\nrole = "file"\nlevel = "file"\n', encoding="utf-8")
    environ = {"INTERVIEWER_PROBES": "2", "INTERVIEWER_ROLE": "environment"}
    settings, sources = load_settings({"probes": 3}, environ=environ, file=file)
    assert (settings.probes, settings.role, settings.level) == (3, "environment", "file")
    assert settings.persona == "neutral"
    assert {name: sources[name] for name in ("probes", "role", "level", "persona")} == {
        "probes": "flag",
        "role": "environment",
        "level": "file",
        "persona": "default",
    }


def test_a_flag_that_was_not_given_sets_nothing(file: Path) -> None:
    settings, sources = load_settings({"probes": None}, environ={}, file=file)
    assert (settings.probes, sources["probes"]) == (4, "default")


def test_a_flag_of_nought_is_given(file: Path) -> None:
    settings, sources = load_settings({"probes": 0}, environ={}, file=file)
    assert (settings.probes, sources["probes"]) == (0, "flag")


def test_an_empty_variable_sets_nothing(file: Path) -> None:
    assert load_settings(environ={"OPENAI_API_KEY": ""}, file=file)[1]["api_key"] == "default"


def test_every_setting_has_a_variable_of_its_own() -> None:
    assert set(ENVIRONMENT) == set(Settings.model_fields)
    assert len(set(ENVIRONMENT.values())) == len(ENVIRONMENT)
    assert (ENVIRONMENT["base_url"], ENVIRONMENT["api_key"]) == (
        "OPENAI_BASE_URL",
        "OPENAI_API_KEY",
    )


def test_a_key_is_never_in_the_text_of_settings(file: Path) -> None:
    settings, _ = load_settings(environ={"OPENAI_API_KEY": "sk-secret"}, file=file)
    assert "sk-secret" not in repr(settings)


def test_a_wrong_flag_is_named_as_the_flag(file: Path) -> None:
    with pytest.raises(UsageError, match=r"^--price-prompt: price_prompt: .*greater than"):
        load_settings({"price_prompt": -1}, environ={}, file=file)


def test_a_wrong_variable_is_named_as_the_variable(file: Path) -> None:
    with pytest.raises(UsageError, match=r"^INTERVIEWER_PROBES: probes: .*integer"):
        load_settings(environ={"INTERVIEWER_PROBES": "many"}, file=file)


def test_a_wrong_value_in_the_file_is_named_with_the_file(file: Path) -> None:
    file.write_text('persona = "rude"\n', encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_settings(environ={}, file=file)
    assert caught.value.where == str(file)
    assert caught.value.what.startswith("persona: ")


def test_a_setting_that_does_not_exist_is_an_error_in_the_file(file: Path) -> None:
    file.write_text("prob = 3\n", encoding="utf-8")
    with pytest.raises(UsageError, match="prob: is no setting") as caught:
        load_settings(environ={}, file=file)
    assert caught.value.where == str(file)


@pytest.mark.parametrize("content", [b"probes = ", b"\xff\xfe", b"probes = 1\nprobes = 2\n"])
def test_a_file_that_is_no_toml_is_named(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        load_settings(environ={}, file=file)
    assert caught.value.where == str(file)
    assert caught.value.exit_code == 2


def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="directory"):
        load_settings(environ={}, file=tmp_path)
