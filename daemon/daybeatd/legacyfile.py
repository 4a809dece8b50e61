"""Reads what Idun's own telemetry had left in the user's `idun` config directory."""

from __future__ import annotations

import logging

from daybeatd import files
from daybeatd.core.legacy import PRODUCT, Legacy, parse

log = logging.getLogger("daybeatd")

#: Bytes of the file that are read.
MAX_FILE = 64 * 1024


def read(product: str) -> Legacy | None:
    """What is left of a product, None when nothing is. A file that can't be read leaves the product off."""
    if product != PRODUCT:
        return None
    from platformdirs import user_config_path

    path = user_config_path("idun", appauthor=False) / "config.yaml"
    try:
        content = files.read(str(path), MAX_FILE)[0][:MAX_FILE]
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as fault:
        log.warning("%s can't be read (%s): %s stays off until you switch it on", path, fault.strerror, product)
        return Legacy(is_off=True)
    import yaml

    try:
        return parse(yaml.safe_load(content))
    except (yaml.YAMLError, ValueError, RecursionError):
        log.warning("%s is no YAML: %s stays off until you switch it on", path, product)
        return Legacy(is_off=True)
