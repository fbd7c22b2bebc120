// Does with databend-go what its documentation does with stages: go run . <host:port> <user> <password>. Anybody but root finds the
// stages of scripts/lib/clients-people.mjs, and may do with them what was granted.
package main

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"strings"

	godatabend "github.com/datafuselabs/databend-go"
)

const books = "col\n1\n2\n"

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func check(what string, got, want any) {
	if fmt.Sprint(got) != fmt.Sprint(want) {
		log.Fatalf("%s: got %v, want %v", what, got, want)
	}
	fmt.Println("ok:", what)
}

func names(db *sql.DB, statement string) []string {
	rows, err := db.Query(statement)
	must(err)
	defer rows.Close()
	columns, err := rows.Columns()
	must(err)
	found := []string{}
	for rows.Next() {
		cells := make([]any, len(columns))
		for i := range cells {
			cells[i] = new(any)
		}
		must(rows.Scan(cells...))
		found = append(found, fmt.Sprint(*cells[0].(*any)))
	}
	must(rows.Err())
	return found
}

func upload(dsn, stage, path string) {
	must(uploading(dsn, stage, path))
}

func uploading(dsn, stage, path string) error {
	config, err := godatabend.ParseDSN(dsn)
	must(err)
	client := godatabend.NewAPIClientFromConfig(config)
	location := &godatabend.StageLocation{Name: stage, Path: path}
	input := bufio.NewReader(strings.NewReader(books))
	return client.UploadToStage(context.Background(), location, input, int64(len(books)))
}

func download(db *sql.DB, location string) string {
	var method, headers, link string
	must(db.QueryRow("PRESIGN DOWNLOAD "+location).Scan(&method, &headers, &link))
	answer, err := http.Get(link)
	must(err)
	defer answer.Body.Close()
	check("the presigned URL answers", answer.StatusCode, http.StatusOK)
	body, err := io.ReadAll(answer.Body)
	must(err)
	return string(body)
}

func fails(db *sql.DB, statement, text string) {
	_, err := db.Exec(statement)
	if err == nil || !strings.Contains(err.Error(), text) {
		log.Fatalf("%s: got %v, want an error with %q", statement, err, text)
	}
	fmt.Println("ok:", statement, "is refused with", text)
}

func dsnOf(host, user, password string) string {
	return fmt.Sprintf("databend+http://%s@%s/default?sslmode=disable", url.UserPassword(user, password), host)
}

// What a plain user sees and may do.
func grants(db *sql.DB, dsn, user string) {
	check("the user", names(db, "SELECT current_user()"), []string{"'" + user + "'@'%'"})
	check("only what is granted is shown", names(db, "SHOW STAGES"), []string{"readable"})
	check("LIST of a readable stage", names(db, "LIST @readable"), []string{"seen.csv"})
	check("PRESIGN of it", download(db, "@readable/seen.csv"), "1,one\n2,zwei\n")
	fails(db, "PRESIGN UPLOAD @readable/new.csv", "1063")
	fails(db, "REMOVE @readable", "1063")
	fails(db, "DROP STAGE readable", "1063")
	fails(db, "LIST @hidden", "2501")
	fails(db, "CREATE USER eve IDENTIFIED BY 'of nobody'", "1063")
	check("an upload is refused", uploading(dsn, "readable", "new.csv") != nil, true)
	check("and so without presigned URLs", uploading(dsn+"&presigned_url_disabled=true", "readable", "new.csv") != nil, true)
	check("nothing was uploaded", names(db, "LIST @readable"), []string{"seen.csv"})
}

func main() {
	host, user, password := os.Args[1], os.Args[2], os.Args[3]
	dsn := dsnOf(host, user, password)
	db, err := sql.Open("databend", dsn)
	must(err)
	defer db.Close()
	must(db.Ping())
	fmt.Println("ok: ping")

	var version string
	must(db.QueryRow("SELECT version()").Scan(&version))
	check("the version is Databend's", strings.HasPrefix(version, "Databend Query v"), true)

	exec := func(statement string) {
		_, err := db.Exec(statement)
		must(err)
	}
	exec("CREATE OR REPLACE STAGE go_stage")
	check("SHOW STAGES", names(db, "SHOW STAGES LIKE 'go_stage'"), []string{"go_stage"})
	check("DESC STAGE", names(db, "DESC STAGE go_stage"), []string{"go_stage"})

	upload(dsn, "go_stage", "presigned/a.csv")
	upload(dsn+"&presigned_url_disabled=true", "go_stage", "by api/b c.csv")
	upload(dsn+"&presigned_url_disabled=true", "~", "go/d.csv")
	check("LIST", names(db, "LIST @go_stage"), []string{"by api/b c.csv", "presigned/a.csv"})
	check("LIST of the user's own stage", names(db, "LIST @~/go/"), []string{"go/d.csv"})
	check("LIST with a PATTERN", names(db, "LIST @go_stage PATTERN = '.*a[.]csv'"), []string{"presigned/a.csv"})
	check("PRESIGN DOWNLOAD", download(db, "@go_stage/presigned/a.csv"), books)
	check("PRESIGN DOWNLOAD of a name with spaces", download(db, "'@go_stage/by api/b c.csv'"), books)

	for i := range 25 {
		upload(dsn+"&presigned_url_disabled=true", "go_stage", fmt.Sprintf("many/%02d", i))
	}
	paged, err := sql.Open("databend", dsn+"&max_rows_per_page=10")
	must(err)
	defer paged.Close()
	check("LIST by pages", len(names(paged, "LIST @go_stage/many/")), 25)

	exec("REMOVE @go_stage/many/")
	check("REMOVE", names(db, "LIST @go_stage/many/"), []string{})

	transaction, err := db.Begin()
	must(err)
	_, err = transaction.Exec("REMOVE @go_stage/presigned/")
	must(err)
	must(transaction.Commit())
	fmt.Println("ok: BEGIN and COMMIT")

	fails(db, "LIST @nowhere", "2501")
	fails(db, "CREATE STAGE go_stage", "2502")
	fails(db, "creat stage x", "1005")
	fails(db, "CREATE TABLE t (a INT)", "code: ")
	exec("DROP STAGE go_stage")
	check("DROP STAGE", names(db, "SHOW STAGES LIKE 'go_stage'"), []string{})
	exec("REMOVE @~/go/")

	if user != "root" {
		grants(db, dsn, user)
	}

	denied, err := sql.Open("databend", dsnOf(host, user, "wrong"))
	must(err)
	defer denied.Close()
	check("a wrong password is refused", denied.Ping() != nil, true)
}
