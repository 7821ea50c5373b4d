package main

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
)

// response is what a function returned, in payload format 2.0.
type response struct {
	StatusCode      int               `json:"statusCode"`
	Headers         map[string]string `json:"headers"`
	Cookies         []string          `json:"cookies"`
	Body            string            `json:"body"`
	IsBase64Encoded bool              `json:"isBase64Encoded"`
}

var errNoResult = errors.New("the function's result is no JSON")

// readResponse reads a result; one without a status is the body itself.
func readResponse(payload []byte) (*response, []byte, error) {
	var r response
	trimmed := strings.TrimLeft(string(payload[:min(len(payload), 16)]), " \t\r\n")
	if strings.HasPrefix(trimmed, "{") {
		if err := json.Unmarshal(payload, &r); err != nil {
			return nil, nil, errNoResult
		}
	}
	if r.StatusCode == 0 {
		return &response{StatusCode: 200, Headers: map[string]string{"content-type": "application/json"}}, payload, nil
	}
	if !r.IsBase64Encoded {
		return &r, []byte(r.Body), nil
	}
	body, err := base64.StdEncoding.DecodeString(r.Body)
	return &r, body, err
}

// dropped headers are the connection's, not the function's.
func dropped(name string) bool {
	switch strings.ToLower(name) {
	case "connection", "keep-alive", "proxy-authenticate", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "content-length":
		return true
	}
	return false
}

func min(a, b int) int {
	if a < b {
		return a
	}
	return b
}

func appendBase64(b, data []byte) []byte {
	b = append(b, '"')
	start := len(b)
	b = append(b, make([]byte, base64.StdEncoding.EncodedLen(len(data)))...)
	base64.StdEncoding.Encode(b[start:], data)
	return append(b, '"')
}
