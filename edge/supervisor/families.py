"""Makes drivers of settings, from the manifests under ``edge/drivers``; and of buttons, which measure nothing."""

import difflib
from dataclasses import replace
from typing import Any

from edge import discovery
from edge.discovery import BadManifest, Manifest, Model
from edge.drivers import buttons
from edge.links import LineSettings
from edge.supervisor.fitting import Fitting, InstrumentSettings, Misfit


def fit(instrument: InstrumentSettings) -> Fitting:
    """The driver for an instrument. Raises Misfit."""
    if instrument.family == buttons.FAMILY:
        return _buttons(instrument)
    try:
        manifest = discovery.family(instrument.family)
        make = discovery.driver(manifest)
        dialect = discovery.dialect(manifest).DIALECT
    except (BadManifest, ImportError) as refusal:
        raise Misfit(f"{refusal} `emmetra instruments` lists what is supported.") from None
    model = _model(manifest, instrument)
    settings: dict[str, Any] = {"model": instrument.model} if instrument.model else {}
    settings |= instrument.settings | ({"map": instrument.map} if instrument.map else {})
    fitting = Fitting(
        make=lambda: make(settings),
        dialect=dialect,
        version=manifest.version,
        line=_line(manifest, model, instrument.line),
        maker=model.maker if model else None,
        model=model.model if model else None,
    )
    _try_out(fitting, instrument)
    return fitting


def _buttons(instrument: InstrumentSettings) -> Fitting:
    """A box with push buttons; its model says how it speaks."""
    make = buttons.MODELS.get(instrument.model or "pad")
    if make is None:
        known = " or ".join(f'model = "{one}"' for one in buttons.MODELS)
        raise Misfit(f"No box with buttons is called {instrument.model!r}; write {known}.")
    line = replace(LineSettings(), **instrument.line)
    fitting = Fitting(lambda: make(instrument.settings), buttons.FAMILY, "1", line, model=instrument.model)
    _try_out(fitting, instrument)
    return fitting


def _model(manifest: Manifest, instrument: InstrumentSettings) -> Model | None:
    if instrument.model is None:
        return None
    model = manifest.model(instrument.model)
    if model is None:
        close = difflib.get_close_matches(instrument.model, [m.model for m in manifest.models], 3, 0.3)
        hint = f" Did you mean {', '.join(close)}?" if close else " `emmetra instruments` lists what is supported."
        raise Misfit(f"No {instrument.family} instrument is called {instrument.model!r}.{hint}")
    return model


def _line(manifest: Manifest, model: Model | None, given: dict[str, Any]) -> LineSettings:
    """What the configuration says, else how the model leaves the factory."""
    factory = manifest.line(model) if model else None
    return replace(factory or LineSettings(), **given)


def _try_out(fitting: Fitting, instrument: InstrumentSettings) -> None:
    """A driver refuses settings it does not understand before any wire is opened."""
    try:
        fitting.make()
    except (ValueError, TypeError, KeyError) as refusal:
        raise Misfit(
            f"The settings of {instrument.name} do not fit the driver {instrument.family}: {refusal}."
        ) from None
