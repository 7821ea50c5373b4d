package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"strconv"
)

const apiPath = "/2018-06-01/runtime/"

// runtimeAPI is the Lambda Runtime API over one kept-alive connection. The client of net/http takes longer to start than this
// takes for everything.
type runtimeAPI struct {
	host        string
	connection  net.Conn
	reader      *bufio.Reader
	nextRequest []byte
	request     []byte
	body        []byte
}

type invocation struct {
	id    string
	event []byte
}

var errNotHTTP = errors.New("the Runtime API's answer is not HTTP")

func connectRuntimeAPI() (*runtimeAPI, error) {
	host := os.Getenv("AWS_LAMBDA_RUNTIME_API")
	connection, err := net.Dial("tcp", host)
	if err != nil {
		return nil, err
	}
	return &runtimeAPI{
		host:        host,
		connection:  connection,
		reader:      bufio.NewReaderSize(connection, 16384),
		nextRequest: []byte("GET " + apiPath + "invocation/next HTTP/1.1\r\nHost: " + host + "\r\n\r\n"),
	}, nil
}

// next waits for an invocation, which is good until the next call.
func (api *runtimeAPI) next() (invocation, error) {
	if _, err := api.connection.Write(api.nextRequest); err != nil {
		return invocation{}, err
	}
	status, id, err := api.readResponse()
	if err == nil && (status != 200 || id == "") {
		err = errors.New("next was not answered by an invocation")
	}
	return invocation{id, api.body}, err
}

func (api *runtimeAPI) respond(id string, response []byte) error {
	return api.post("invocation/"+id+"/response", "", response)
}

const errorType = "Runtime.DatabaseError"

func (api *runtimeAPI) fail(id string, failure error) error {
	return api.post("invocation/"+id+"/error", "Lambda-Runtime-Function-Error-Type: "+errorType+"\r\n", errorBody(failure))
}

// initError says that Init failed, and ends the process.
func (api *runtimeAPI) initError(failure error) {
	os.Stderr.WriteString(failure.Error() + "\n")
	if err := api.post("init/error", "Lambda-Runtime-Function-Error-Type: "+errorType+"\r\n", errorBody(failure)); err != nil {
		panic(err)
	}
	os.Exit(1)
}

func errorBody(failure error) []byte {
	body := append([]byte(nil), `{"errorType":"`+errorType+`","errorMessage":`...)
	body = appendJSONString(body, failure.Error())
	return append(body, `,"stackTrace":[]}`...)
}

func (api *runtimeAPI) post(path, headers string, body []byte) error {
	request := append(api.request[:0], "POST "+apiPath...)
	request = append(request, path...)
	request = append(request, " HTTP/1.1\r\nHost: "...)
	request = append(request, api.host...)
	request = append(request, "\r\nContent-Type: application/json\r\n"...)
	request = append(request, headers...)
	request = append(request, "Content-Length: "...)
	request = strconv.AppendInt(request, int64(len(body)), 10)
	request = append(request, "\r\n\r\n"...)
	request = append(request, body...)
	api.request = request
	if _, err := api.connection.Write(request); err != nil {
		return err
	}
	status, _, err := api.readResponse()
	if err == nil && status >= 500 {
		err = errors.New("the Runtime API failed")
	}
	return err
}

// readResponse reads a response into body.
func (api *runtimeAPI) readResponse() (status int, id string, err error) {
	line, err := api.line()
	if err != nil {
		return 0, "", err
	}
	if len(line) < 12 || !bytes.HasPrefix(line, []byte("HTTP/1.")) {
		return 0, "", errNotHTTP
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, "", errNotHTTP
	}
	length, chunked := 0, false
	for {
		if line, err = api.line(); err != nil {
			return 0, "", err
		}
		if len(line) == 0 {
			break
		}
		colon := bytes.IndexByte(line, ':')
		if colon < 0 {
			return 0, "", errNotHTTP
		}
		name, value := line[:colon], bytes.TrimSpace(line[colon+1:])
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.Atoi(string(value)); err != nil {
				return 0, "", errNotHTTP
			}
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			chunked = bytes.EqualFold(value, []byte("chunked"))
		case bytes.EqualFold(name, []byte("Lambda-Runtime-Aws-Request-Id")):
			id = string(value)
		}
	}
	api.body = api.body[:0]
	if chunked {
		return status, id, api.readChunks()
	}
	return status, id, api.readBody(length)
}

func (api *runtimeAPI) line() ([]byte, error) {
	line, err := api.reader.ReadSlice('\n')
	return bytes.TrimRight(line, "\r\n"), err
}

func (api *runtimeAPI) readBody(length int) error {
	start := len(api.body)
	if cap(api.body) < start+length {
		api.body = append(make([]byte, 0, (start+length)*2), api.body...)
	}
	api.body = api.body[:start+length]
	_, err := io.ReadFull(api.reader, api.body[start:])
	return err
}

func (api *runtimeAPI) readChunks() error {
	for {
		line, err := api.line()
		if err != nil {
			return err
		}
		length, err := strconv.ParseInt(string(line), 16, 32)
		if err != nil {
			return errNotHTTP
		}
		if length == 0 {
			break
		}
		if err := api.readBody(int(length)); err != nil {
			return err
		}
		if _, err := api.line(); err != nil {
			return err
		}
	}
	for {
		if line, err := api.line(); err != nil || len(line) == 0 {
			return err
		}
	}
}
