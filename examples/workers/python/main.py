#!/usr/bin/env python3
"""The functions that this worker serves. Start: main.py BOOTSTRAP_SERVERS; ends by SIGTERM."""

import logging
import sys
import time
from pathlib import Path

from stepstream import TaskFailed, Worker

SCHEMAS = Path(__file__).parents[3] / "schemas/src/main/resources/io/stepstream/schemas"


def count_words(request, attempt):
    """Counts the words of a text; a text without any is a failure that the state machine may catch."""
    words = request["text"].split()
    if not words:
        raise TaskFailed("Texts.Empty", "There is no word in the text")
    return {"words": len(words), "attempt": attempt.retry_count + 1}


def read_slowly(request, attempt):
    """Takes a second for each page, longer than the state is patient, and says after each that it goes on."""
    for _ in range(request["pages"]):
        time.sleep(1)
        attempt.heartbeat()
    return {"pages": request["pages"]}


def main():
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    functions = {"py-count-words": count_words, "py-read-slowly": read_slowly}
    Worker(sys.argv[1], "python", functions, SCHEMAS).run()


if __name__ == "__main__":
    main()
