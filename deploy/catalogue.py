"""Write what the cloud knows of instruments from the drivers' manifests: ``python -m deploy.catalogue``.

The cloud never imports the gateway's house; this file of data is how grades reach its pages.
"""

import json
from collections.abc import Iterator
from typing import Any

from cloud.fleet.catalogue import FILE
from edge.discovery import families


def main() -> None:
    """Write the catalogue anew."""
    FILE.write_text(page())


def page() -> str:
    """The catalogue as it should be, one model a line."""
    lines = ",\n".join(f" {json.dumps(model, ensure_ascii=False)}" for model in _models())
    return f"[\n{lines}\n]\n"


def _models() -> Iterator[dict[str, Any]]:
    for manifest in families():
        if manifest.mapped:
            yield {"family": manifest.family, "maker": "any", "model": "text table", "grade": "mapped"} | {
                "kinds": sorted(manifest.mapped)
            }
        for model in manifest.models:
            yield {
                **{"family": manifest.family, "maker": model.maker, "model": model.model, "grade": model.grade},
                "kinds": sorted(model.kinds),
            }


if __name__ == "__main__":
    main()
