"""Bring a database to the present schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from cloud.kernel.database import owner_engine


def configured(connection: object = None) -> Config:
    """Alembic's configuration without a file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> None:
    """Run what has not run yet."""
    with engine.connect() as connection:
        command.upgrade(configured(connection), "head")


def upgrade_url(url: str) -> None:
    """Run what has not run yet, with the rights of the login in the URL."""
    engine = owner_engine(url)
    try:
        upgrade(engine)
    finally:
        engine.dispose()


def head() -> str | None:
    """The newest revision this code knows."""
    return ScriptDirectory.from_config(configured()).get_current_head()
