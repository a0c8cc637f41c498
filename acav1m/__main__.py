"""Run the command line as `python -m acav1m`."""

from acav1m.cli import app

if __name__ == "__main__":
    app()
