// Upload to a stage, list its files and download one, with Go's standard library.
//
//	go run stagedoor.go upload STAGE FILE...
//	go run stagedoor.go list STAGE [PREFIX]
//	go run stagedoor.go download STAGE NAME FILE
//
// STAGEDOOR_URL, STAGEDOOR_USER and STAGEDOOR_PASSWORD say where the server is, and who asks.
package main

import (
	"bytes"
	"crypto/md5"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	attempts    = 5
	longestWait = 60 * time.Second
	pageSize    = 1000
	usage       = "upload STAGE FILE... | list STAGE [PREFIX] | download STAGE NAME FILE"
)

var (
	server   = strings.TrimSuffix(setting("STAGEDOOR_URL", "http://localhost:8000"), "/")
	user     = setting("STAGEDOOR_USER", "root")
	password = setting("STAGEDOOR_PASSWORD", "")
)

type file struct {
	Name string  `json:"name"`
	Size int64   `json:"size"`
	MD5  *string `json:"md5"`
}

// request can be sent several times: open gives its body anew.
type request struct {
	method, url string
	header      http.Header
	size        int64
	open        func() (io.ReadCloser, error)
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	switch count := len(arguments); {
	case count >= 3 && arguments[0] == "upload":
		for _, path := range arguments[2:] {
			if err := upload(arguments[1], path); err != nil {
				return err
			}
		}
		return nil
	case count == 2 && arguments[0] == "list":
		return list(arguments[1], "")
	case count == 3 && arguments[0] == "list":
		return list(arguments[1], arguments[2])
	case count == 4 && arguments[0] == "download":
		return download(arguments[1], arguments[2], arguments[3])
	}
	return errors.New(usage)
}

func upload(stage, path string) error {
	digest, size, err := md5Of(path)
	if err != nil {
		return err
	}
	header := http.Header{}
	// The server compares it before the file is visible.
	header.Set("Content-MD5", digest)
	// One for all attempts: the server stores the file once, also where its answer was lost.
	header.Set("Idempotency-Key", randomKey())
	// A server that refuses the file says so before it is sent.
	header.Set("Expect", "100-continue")
	open := func() (io.ReadCloser, error) { return os.Open(path) }
	target := stageURL(stage) + "/files/" + url.PathEscape(filepath.Base(path))
	var stored file
	if err := ask(request{http.MethodPut, target, header, size, open}, &stored); err != nil {
		return err
	}
	stored.print()
	return nil
}

func list(stage, prefix string) error {
	query := url.Values{"prefix": {prefix}, "limit": {strconv.Itoa(pageSize)}}
	for {
		var page struct {
			Files      []file  `json:"files"`
			NextCursor *string `json:"next_cursor"`
		}
		target := stageURL(stage) + "/files?" + query.Encode()
		if err := ask(request{method: http.MethodGet, url: target}, &page); err != nil {
			return err
		}
		for _, each := range page.Files {
			each.print()
		}
		if page.NextCursor == nil {
			return nil
		}
		query.Set("cursor", *page.NextCursor)
	}
}

func download(stage, name, path string) error {
	body, err := json.Marshal(map[string]any{"method": "GET", "path": name, "expires_in_seconds": 600})
	if err != nil {
		return err
	}
	header := http.Header{"Content-Type": {"application/json"}}
	open := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	var presigned struct {
		URL string `json:"url"`
	}
	target := stageURL(stage) + "/presign"
	if err := ask(request{http.MethodPost, target, header, int64(len(body)), open}, &presigned); err != nil {
		return err
	}
	// The URL needs no password: anybody could fetch it.
	answer, err := http.Get(presigned.URL)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return failureOf(answer)
	}
	if err := writeFile(path+".part", answer.Body); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}

// ask sends a request until it is answered for good, and reads the JSON of the answer.
func ask(request request, result any) error {
	for attempt := 0; ; attempt++ {
		wait, again := time.Second<<attempt, true
		answer, err := send(request)
		if err == nil && answer.StatusCode < 400 {
			defer answer.Body.Close()
			return json.NewDecoder(answer.Body).Decode(result)
		}
		if err == nil {
			err = failureOf(answer)
			answer.Body.Close()
			retryAfter, status := answer.Header.Get("Retry-After"), answer.StatusCode
			again = retryAfter != "" || status == http.StatusRequestTimeout ||
				status == http.StatusTooManyRequests || status >= 500
			if seconds, malformed := strconv.Atoi(retryAfter); malformed == nil {
				wait = min(time.Duration(seconds)*time.Second, longestWait)
			}
		}
		if !again || attempt == attempts-1 {
			return err
		}
		fmt.Fprintf(os.Stderr, "%v\nTrying again in %.0f s\n", err, wait.Seconds())
		time.Sleep(wait)
	}
}

func send(request request) (*http.Response, error) {
	outgoing, err := http.NewRequest(request.method, request.url, nil)
	if err != nil {
		return nil, err
	}
	if request.open != nil {
		// The transport closes it.
		if outgoing.Body, err = request.open(); err != nil {
			return nil, err
		}
		outgoing.ContentLength = request.size
	}
	for name, values := range request.header {
		outgoing.Header[name] = values
	}
	outgoing.SetBasicAuth(user, password)
	return http.DefaultClient.Do(outgoing)
}

func failureOf(answer *http.Response) error {
	content, err := io.ReadAll(io.LimitReader(answer.Body, 64<<10))
	if err != nil {
		return err
	}
	var refusal struct {
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	if json.Unmarshal(content, &refusal) != nil || refusal.Error.Message == "" {
		return fmt.Errorf("%d: %.200s", answer.StatusCode, content)
	}
	return fmt.Errorf("%d: %s", answer.StatusCode, refusal.Error.Message)
}

func md5Of(path string) (digest string, size int64, err error) {
	source, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer source.Close()
	hash := md5.New()
	size, err = io.Copy(hash, source)
	return base64.StdEncoding.EncodeToString(hash.Sum(nil)), size, err
}

func writeFile(path string, content io.Reader) error {
	target, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, content)
	return errors.Join(err, target.Close())
}

func randomKey() string {
	key := make([]byte, 16)
	if _, err := rand.Read(key); err != nil {
		panic(err)
	}
	return fmt.Sprintf("%x", key)
}

func (file file) print() {
	md5 := ""
	if file.MD5 != nil {
		md5 = *file.MD5
	}
	fmt.Printf("%s\t%d\t%s\n", file.Name, file.Size, md5)
}

func stageURL(stage string) string {
	return server + "/v1/stages/" + url.PathEscape(stage)
}

func setting(name, otherwise string) string {
	if value, given := os.LookupEnv(name); given {
		return value
	}
	return otherwise
}
