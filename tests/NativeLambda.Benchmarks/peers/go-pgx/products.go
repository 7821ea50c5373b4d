package main

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
)

const pageSize = 20

type products struct {
	database *database
	body     []byte
	response []byte
}

// handle answers an event in API Gateway's payload format 2.0; the answer is good until the next call.
func (p *products) handle(payload []byte) ([]byte, error) {
	var event struct {
		RawPath        string `json:"rawPath"`
		RequestContext struct {
			HTTP struct {
				Method string `json:"method"`
			} `json:"http"`
		} `json:"requestContext"`
	}
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, err
	}
	status, err := p.route(event.RequestContext.HTTP.Method, event.RawPath)
	if err != nil {
		return nil, err
	}
	contentType := "application/json"
	if status != 200 {
		contentType = "application/problem+json"
	}
	response := append(p.response[:0], `{"statusCode":`...)
	response = strconv.AppendInt(response, int64(status), 10)
	response = append(response, `,"headers":{"content-type":"`...)
	response = append(response, contentType...)
	response = append(response, `"},"body":`...)
	response = appendJSONString(response, p.body)
	p.response = append(response, `,"isBase64Encoded":false}`...)
	return p.response, nil
}

// route writes the body.
func (p *products) route(method, path string) (status int, err error) {
	p.body = p.body[:0]
	if method == "GET" && path == "/products" {
		return p.list()
	}
	if id := strings.TrimPrefix(path, "/products/"); method == "GET" && id != path && id != "" && !strings.Contains(id, "/") {
		if decoded, err := url.PathUnescape(id); err == nil {
			id = decoded
		}
		return p.find(id)
	}
	return p.problem(404, "Not Found", "There is nothing at this path.", ""), nil
}

func (p *products) find(id string) (int, error) {
	if !isID(id) {
		return p.problem(400, "Bad Request", "The id must be 1 to 64 characters out of A-Z, a-z, 0-9, '_' and '-'.", "id"), nil
	}
	found := false
	err := p.database.query(context.Background(), &p.database.find, func(row [][]byte) {
		found = true
		p.product([]byte(id), row)
	}, []byte(id))
	if err == nil && !found {
		return p.problem(404, "Not Found", "There is no product with this id.", "id"), nil
	}
	return 200, err
}

func (p *products) list() (int, error) {
	count, last, next := 0, "", ""
	p.body = append(p.body, `{"items":[`...)
	// One more than asked for tells whether there is a next page.
	err := p.database.query(context.Background(), &p.database.list, func(row [][]byte) {
		if count++; count > pageSize {
			next = last
			return
		}
		if count > 1 {
			p.body = append(p.body, ',')
		}
		p.product(row[0], row[1:])
		if count == pageSize {
			last = string(row[0])
		}
	}, []byte{}, []byte("21"))
	p.body = append(p.body, `],"next":`...)
	if next == "" {
		p.body = append(p.body, `null}`...)
	} else {
		p.body = append(appendJSONString(p.body, next), '}')
	}
	return 200, err
}

func (p *products) product(id []byte, row [][]byte) {
	p.body = append(p.body, `{"id":`...)
	p.body = appendJSONString(p.body, id)
	p.body = append(p.body, `,"name":`...)
	p.body = appendJSONString(p.body, row[0])
	p.body = append(p.body, `,"price":`...)
	p.body = append(p.body, row[1]...)
	p.body = append(p.body, `,"stock":`...)
	p.body = append(p.body, row[2]...)
	p.body = append(p.body, '}')
}

func (p *products) problem(status int, title, detail, field string) int {
	p.body = append(p.body, `{"title":"`+title+`","status":`+strconv.Itoa(status)+`,"detail":"`+detail+`"`...)
	if field != "" {
		p.body = append(p.body, `,"field":"`+field+`"`...)
	}
	p.body = append(p.body, '}')
	return status
}

func isID(id string) bool {
	for i := 0; i < len(id); i++ {
		c := id[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-') {
			return false
		}
	}
	return len(id) >= 1 && len(id) <= 64
}

// appendJSONString appends a JSON string. PostgreSQL sends valid UTF-8 only.
func appendJSONString[T string | []byte](to []byte, text T) []byte {
	const hex = "0123456789abcdef"
	to = append(to, '"')
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			to = append(to, '\\', c)
		case c < ' ':
			to = append(to, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			to = append(to, c)
		}
	}
	return append(to, '"')
}
