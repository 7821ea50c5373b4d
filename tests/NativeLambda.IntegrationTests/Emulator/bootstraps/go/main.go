// A runtime in Go and nothing but its library. Events: {"gate": FILE} waits for the file; {"fail": true} fails; {"stream": true} streams.
package main

import (
	"bytes"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
	"time"
)

type event struct {
	Gate   string `json:"gate"`
	Fail   bool   `json:"fail"`
	Stream bool   `json:"stream"`
}

var api = "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation"

func post(path string, headers map[string]string, body io.Reader) {
	request, err := http.NewRequest(http.MethodPost, api+path, body)
	if err != nil {
		log.Fatal(err)
	}
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	answer.Body.Close()
}

// serve answers one invocation.
func serve() {
	next, err := http.Get(api + "/next")
	if err != nil {
		log.Fatal(err)
	}
	payload, err := io.ReadAll(next.Body)
	next.Body.Close()
	if err != nil {
		log.Fatal(err)
	}
	request := "/" + next.Header.Get("Lambda-Runtime-Aws-Request-Id")
	var asked event
	if err := json.Unmarshal(payload, &asked); err != nil {
		log.Fatal(err)
	}
	for asked.Gate != "" {
		if _, err := os.Stat(asked.Gate); err == nil {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	switch {
	case asked.Fail:
		post(request+"/error", map[string]string{"Lambda-Runtime-Function-Error-Type": "Foreign.Failed"},
			bytes.NewBufferString(`{"errorType":"Foreign.Failed","errorMessage":"on purpose"}`))
	case asked.Stream:
		read, write := io.Pipe()
		go func() {
			_, _ = write.Write([]byte("one"))
			_, _ = write.Write([]byte("two"))
			write.Close()
		}()
		post(request+"/response", map[string]string{
			"Lambda-Runtime-Function-Response-Mode": "streaming", "Content-Type": "text/plain"}, read)
	default:
		body, err := json.Marshal(map[string]any{"pid": os.Getpid(), "event": json.RawMessage(payload)})
		if err != nil {
			log.Fatal(err)
		}
		post(request+"/response", nil, bytes.NewReader(body))
	}
}

func main() {
	for {
		serve()
	}
}
