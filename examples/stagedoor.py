"""Upload to a stage, list its files and download one, with Python's standard library (3.8 or later).

    python3 stagedoor.py upload STAGE FILE...
    python3 stagedoor.py list STAGE [PREFIX]
    python3 stagedoor.py download STAGE NAME FILE

STAGEDOOR_URL, STAGEDOOR_USER and STAGEDOOR_PASSWORD say where the server is, and who asks.
"""

import base64
import hashlib
import http.client
import itertools
import json
import os
import shutil
import sys
import time
import urllib.parse
import uuid

SERVER = os.environ.get("STAGEDOOR_URL", "http://localhost:8000").rstrip("/")
USER = os.environ.get("STAGEDOOR_USER", "root")
PASSWORD = os.environ.get("STAGEDOOR_PASSWORD", "")

ATTEMPTS = 5
LONGEST_WAIT_SECONDS = 60
# The answer to an upload comes when everything is stored.
TIMEOUT_SECONDS = 600
BLOCK_BYTES = 1 << 20
PAGE_SIZE = 1000


class Failure(Exception):
    """The server has refused a request, or cannot be reached."""


def upload(stage, file):
    with open(file, "rb") as body:
        md5 = md5_of(body)
        size = body.tell()
        headers = {
            "Content-Length": str(size),
            # The server compares it before the file is visible.
            "Content-MD5": base64.b64encode(md5).decode(),
            # One for all attempts: the server stores the file once, also where its answer was lost.
            "Idempotency-Key": str(uuid.uuid4()),
        }
        row = ask("PUT", file_url(stage, os.path.basename(file)), headers, body)
    print(row["name"], row["size"], row["md5"], sep="\t")


def list_files(stage, prefix=""):
    query = {"prefix": prefix, "limit": PAGE_SIZE}
    while True:
        page = ask("GET", f"{stage_url(stage)}/files?{urllib.parse.urlencode(query)}")
        for row in page["files"]:
            print(row["name"], row["size"], row["md5"], sep="\t")
        if page["next_cursor"] is None:
            return
        query["cursor"] = page["next_cursor"]


def download(stage, name, file):
    body = json.dumps({"method": "GET", "path": name, "expires_in_seconds": 600}).encode()
    presigned = ask("POST", f"{stage_url(stage)}/presign", {"Content-Type": "application/json"}, body)
    # The URL needs no password: anybody could fetch it.
    with send("GET", presigned["url"], {}) as answer:
        if answer.status != 200:
            raise Failure(message_of(answer.status, answer.read()))
        unfinished = f"{file}.part"
        with open(unfinished, "wb") as target:
            shutil.copyfileobj(answer, target, BLOCK_BYTES)
        if answer.length:
            raise Failure(f"{name}: the connection broke, {answer.length} bytes are missing")
    os.replace(unfinished, file)


def ask(method, url, headers=None, body=None):
    """Sends a request until it is answered for good, and returns the JSON of the answer."""
    credentials = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    headers = {"Authorization": f"Basic {credentials}", **(headers or {})}
    for attempt in itertools.count(1):
        wait = 2 ** (attempt - 1)
        again = True
        try:
            with send(method, url, headers, body) as answer:
                content = answer.read()
            if answer.status < 400:
                return json.loads(content)
            failure = message_of(answer.status, content)
            retry_after = answer.headers["Retry-After"]
            again = retry_after is not None or answer.status in (408, 429) or answer.status >= 500
            if retry_after is not None and retry_after.isdigit():
                wait = min(int(retry_after), LONGEST_WAIT_SECONDS)
        except (OSError, http.client.HTTPException) as error:
            failure = f"{SERVER}: {error}"
        if not again or attempt == ATTEMPTS:
            raise Failure(failure)
        print(f"{failure}\nTrying again in {wait} s", file=sys.stderr)
        time.sleep(wait)


def send(method, url, headers, body=None):
    if hasattr(body, "seek"):
        body.seek(0)
    parts = urllib.parse.urlsplit(url)
    secure = parts.scheme == "https"
    connection_type = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = connection_type(parts.netloc, timeout=TIMEOUT_SECONDS, blocksize=BLOCK_BYTES)
    target = urllib.parse.urlunsplit(("", "", parts.path, parts.query, ""))
    # One request a connection: it is closed with the answer.
    headers = {**headers, "Connection": "close"}
    try:
        connection.request(method, target, body, headers)
    except (BrokenPipeError, ConnectionResetError):
        # A server that refuses a file answers before it has read it all.
        pass
    return connection.getresponse()


def message_of(status, content):
    try:
        return f"{status}: {json.loads(content)['error']['message']}"
    except (ValueError, LookupError, TypeError):
        return f"{status}: {content[:200]!r}"


def md5_of(file):
    digest = hashlib.md5()
    while block := file.read(BLOCK_BYTES):
        digest.update(block)
    return digest.digest()


def stage_url(stage):
    return f"{SERVER}/v1/stages/{urllib.parse.quote(stage, safe='')}"


def file_url(stage, name):
    return f"{stage_url(stage)}/files/{urllib.parse.quote(name)}"


def main(arguments):
    command, count = (arguments[0] if arguments else ""), len(arguments)
    try:
        if command == "upload" and count >= 3:
            for file in arguments[2:]:
                upload(arguments[1], file)
        elif command == "list" and count in (2, 3):
            list_files(*arguments[1:])
        elif command == "download" and count == 4:
            download(*arguments[1:])
        else:
            sys.exit(__doc__)
    except (Failure, OSError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
