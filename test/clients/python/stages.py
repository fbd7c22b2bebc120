"""Does with databend-driver and databend-py what their documentation does with stages: stages.py <host:port> <user> <password>.

Anybody but root finds the stages of scripts/lib/clients-people.mjs, and may do with them what was granted.
"""

import io
import sys
import tempfile
import urllib.request
from pathlib import Path
from urllib.parse import quote

from databend_driver import BlockingDatabendClient
from databend_py import Client

HOST, USER, PASSWORD = sys.argv[1:4]
LOGIN = f"{USER}:{quote(PASSWORD)}@"
TEXT = b"1,one\n2,zwei\n"


def check(what, got, want):
    if got != want:
        raise AssertionError(f"{what}: got {got!r}, want {want!r}")
    print("ok:", what)


def fails(run, statement, text):
    try:
        run(statement)
    except Exception as error:
        if text not in str(error):
            raise AssertionError(f"{statement}: {error}") from error
        print("ok:", statement, "is refused with", text)
        return
    raise AssertionError(f"{statement} should fail")


def get(url):
    with urllib.request.urlopen(url) as answer:
        return answer.read()


def put(url):
    request = urllib.request.Request(url, data=TEXT, method="PUT")
    with urllib.request.urlopen(request) as answer:
        check("the presigned URL answers", answer.status, 200)


ERRORS = [
    ("LIST @nowhere", "2501"),
    ("CREATE STAGE py_stage", "2502"),
    ("creat stage x", "1005"),
    ("CREATE TABLE t (a INT)", "stage"),
]


def driver():
    """PyPI databend-driver, by its connection and by its DB-API cursor."""
    dsn = f"databend://{LOGIN}{HOST}/?sslmode=disable"
    connection = BlockingDatabendClient(dsn).get_conn()

    def names(statement, of=connection):
        return [row.values()[0] for row in of.query_all(statement)]

    check("the version is Databend's", connection.version().startswith("Databend Query v"), True)
    connection.exec("CREATE OR REPLACE STAGE py_stage")
    check("SHOW STAGES", names("SHOW STAGES LIKE 'py_stage'"), ["py_stage"])
    check("DESC STAGE", names("DESC STAGE py_stage"), ["py_stage"])

    _method, _headers, url = connection.query_row("PRESIGN UPLOAD '@py_stage/with space.csv'").values()
    put(url)
    _method, _headers, url = connection.query_row("PRESIGN @py_stage/with\\ space.csv").values()
    check("PRESIGN DOWNLOAD", get(url), TEXT)
    check("LIST", names("LIST @py_stage"), ["with space.csv"])
    check("a parameter", connection.query_row("SELECT ?", ["x"]).values(), ("x",))

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "rows.csv")
        file.write_bytes(TEXT)
        for presign in ["on", "off", "detect"]:
            loading = BlockingDatabendClient(f"{dsn}&presign={presign}").get_conn()
            fails(lambda sql: loading.load_file(sql, str(file)), "INSERT INTO t VALUES", "stage")
    sizes = [row.values()[1] for row in connection.query_all("LIST @~/client/load/")]
    check("load_file goes as far as the stage, whatever presign is", sizes[-3:], [len(TEXT)] * 3)
    connection.exec("REMOVE @~/client/load/")

    cursor = BlockingDatabendClient(dsn).cursor()
    cursor.execute("LIST @py_stage")
    check("the cursor's description", [column[0] for column in cursor.description][:2], ["name", "size"])
    check("the cursor's rows", [row.values()[0] for row in cursor.fetchall()], ["with space.csv"])
    cursor.close()

    tokens = BlockingDatabendClient(f"{dsn}&session_token=enable").get_conn()
    check("a session token", names("LIST @py_stage", tokens), ["with space.csv"])
    tokens.close()

    for statement, text in ERRORS:
        fails(connection.exec, statement, text)
    fails(lambda d: BlockingDatabendClient(d).get_conn(), dsn.replace(LOGIN, f"{USER}:wrong@"), "5100")
    connection.exec("DROP STAGE py_stage")
    check("DROP STAGE", names("SHOW STAGES LIKE 'py_stage'"), [])
    connection.close()


def legacy():
    """PyPI databend-py."""
    client = Client.from_url(f"http://{LOGIN}{HOST}/default")

    def names(statement):
        return [row[0] for row in client.execute(statement)[1]]

    check("databend-py: the version", names("SELECT version()")[0].startswith("Databend Query v"), True)
    client.execute("CREATE OR REPLACE STAGE py_stage")
    check("databend-py: SHOW STAGES", names("SHOW STAGES LIKE 'py_stage'"), ["py_stage"])
    path = client.upload_to_stage("@py_stage/dir", "a.csv", io.BytesIO(TEXT))
    check("databend-py: upload_to_stage", path, "@py_stage/dir/a.csv")
    client.upload_to_stage("@py_stage", "rows.csv", [[1, "one"], [2, "zwei"]])
    client.upload_to_stage("@~/py", "b.csv", io.BytesIO(TEXT))
    check("databend-py: LIST", names("LIST @py_stage"), ["dir/a.csv", "rows.csv"])
    check("databend-py: LIST of the user's own stage", names("LIST @~/py/"), ["py/b.csv"])
    columns, _rows = client.execute("LIST @py_stage", with_column_types=True)
    check("databend-py: columns", columns[:3], [("name", "String"), ("size", "UInt64"), ("md5", "String")])
    check("databend-py: PRESIGN", get(client.execute("PRESIGN @py_stage/dir/a.csv")[1][0][2]), TEXT)
    client.begin()
    client.execute("REMOVE @py_stage/dir/")
    client.commit()
    check("databend-py: REMOVE", names("LIST @py_stage"), ["rows.csv"])
    for statement, text in ERRORS:
        fails(client.execute, statement, text)
    client.execute("REMOVE @~/py/")
    client.execute("DROP STAGE py_stage")
    check("databend-py: DROP STAGE", names("SHOW STAGES LIKE 'py_stage'"), [])
    client.disconnect()


DENIED = [
    ("PRESIGN UPLOAD @readable/new.csv", "1063"),
    ("REMOVE @readable", "1063"),
    ("DROP STAGE readable", "1063"),
    ("LIST @hidden", "2501"),
    ("CREATE USER eve IDENTIFIED BY 'of nobody'", "1063"),
]


def grants():
    """What a plain user sees and may do, by both clients."""
    connection = BlockingDatabendClient(f"databend://{LOGIN}{HOST}/?sslmode=disable").get_conn()
    client = Client.from_url(f"http://{LOGIN}{HOST}/default")

    def by_driver(statement):
        return [row.values() for row in connection.query_all(statement)]

    def by_legacy(statement):
        return [tuple(row) for row in client.execute(statement)[1]]

    for rows, run in [(by_driver, connection.exec), (by_legacy, client.execute)]:
        check("the user", rows("SELECT current_user()")[0][0], f"'{USER}'@'%'")
        check("only what is granted is shown", [row[0] for row in rows("SHOW STAGES")], ["readable"])
        check("LIST of a readable stage", [row[0] for row in rows("LIST @readable")], ["seen.csv"])
        check("PRESIGN of it", get(rows("PRESIGN @readable/seen.csv")[0][2]), TEXT)
        for statement, text in DENIED:
            fails(run, statement, text)
    fails(lambda name: client.upload_to_stage("@readable", name, io.BytesIO(TEXT)), "new.csv", "")
    check("nothing was uploaded", [row[0] for row in by_driver("LIST @readable")], ["seen.csv"])
    connection.close()
    client.disconnect()


driver()
legacy()
if USER != "root":
    grants()
