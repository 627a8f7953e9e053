"""`make lock`: renews constraints.txt, the exact versions that are installed and tested."""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from localhost.data_folder import PROJECT_FOLDER

HEADER = "# Exact versions of everything that is installed, and so tested. Renew: make lock\n"


def main() -> int:
    """Installs the newest versions that the requirements allow into a new environment and writes down what came."""
    lines = [
        line
        for name in ("requirements.txt", "requirements-dev.txt")
        for line in (PROJECT_FOLDER / name).read_text(encoding="utf-8").splitlines()
        if not line.startswith("-")  # -r is followed here; -c would keep the old versions
    ]
    with tempfile.TemporaryDirectory() as folder:
        requirements = Path(folder) / "requirements.txt"
        requirements.write_text("\n".join(lines) + "\n", encoding="utf-8")
        environment = Path(folder) / "environment"
        venv.create(environment, with_pip=True)
        pip = (str(environment / "bin" / "python"), "-m", "pip", "--disable-pip-version-check")
        subprocess.run([*pip, "install", "--requirement", str(requirements)], check=True)
        frozen = subprocess.run([*pip, "freeze"], check=True, capture_output=True, text=True).stdout
    (PROJECT_FOLDER / "constraints.txt").write_text(HEADER + frozen, encoding="utf-8")
    print("constraints.txt is renewed. Run make test before it is committed.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
