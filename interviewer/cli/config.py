"""`interviewer config`: every setting and where it came from."""

import json

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def config(as_json: bool) -> None:
    """Show every setting and where it came from; keys are never shown."""
    from interviewer.settings import ENVIRONMENT, config_file, load_settings
    from interviewer.text import printable

    settings, sources = load_settings()
    values = settings.model_dump(mode="json")
    if values["api_key"]:
        values["api_key"] = "(set)"
    rows = {
        name: {"value": value, "source": sources[name], "variable": ENVIRONMENT[name]}
        for name, value in values.items()
    }
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    click.echo(f"file: {config_file()}{'' if config_file().exists() else ' (not there)'}")
    for name, row in rows.items():
        value = "-" if row["value"] is None else printable(str(row["value"]))
        click.echo(f"{name:<17} {value:<28} {row['source']:<12} {row['variable']}")
