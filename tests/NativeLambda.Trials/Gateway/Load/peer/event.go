package main

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"time"
	"unicode/utf8"
)

// request is what both servers make of theirs: names of headers in lower case, values of one name joined by commas.
type request struct {
	method, path, query, protocol, host, remote, userAgent string
	cookies                                                []string
	headers                                                [][2]string
	parameters                                             [][2]string // of the query, decoded, joined by commas
	body                                                   []byte
	text                                                   bool
	route                                                  *route
	pathParameters                                         [][2]string
	id                                                     string
	trace                                                  string
}

// forwarded adds what API Gateway tells a function of the connection.
func (r *request) forwarded(port string, now time.Time) {
	r.id = newID()
	r.trace = newTrace(now)
	r.headers = append(r.headers, [2]string{"x-amzn-trace-id", r.trace}, [2]string{"x-forwarded-for", r.remote}, [2]string{"x-forwarded-port", port}, [2]string{"x-forwarded-proto", "http"})
}

// appendEvent writes the event of API Gateway's payload format 2.0.
func appendEvent(b []byte, r *request, now time.Time) []byte {
	b = append(b, `{"version":"2.0","routeKey":`...)
	b = appendString(b, r.route.key)
	b = append(b, `,"rawPath":`...)
	b = appendString(b, r.path)
	b = append(b, `,"rawQueryString":`...)
	b = appendString(b, r.query)
	if len(r.cookies) > 0 {
		b = append(b, `,"cookies":[`...)
		for i, cookie := range r.cookies {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendString(b, cookie)
		}
		b = append(b, ']')
	}
	b = append(b, `,"headers":`...)
	b = appendObject(b, r.headers)
	if len(r.parameters) > 0 {
		b = append(b, `,"queryStringParameters":`...)
		b = appendObject(b, r.parameters)
	}
	b = append(b, `,"requestContext":{"accountId":"123456789012","apiId":"gateway","domainName":`...)
	b = appendString(b, r.host)
	b = append(b, `,"domainPrefix":`...)
	b = appendString(b, prefix(r.host))
	b = append(b, `,"http":{"method":`...)
	b = appendString(b, r.method)
	b = append(b, `,"path":`...)
	b = appendString(b, r.path)
	b = append(b, `,"protocol":`...)
	b = appendString(b, r.protocol)
	b = append(b, `,"sourceIp":`...)
	b = appendString(b, r.remote)
	b = append(b, `,"userAgent":`...)
	b = appendString(b, r.userAgent)
	b = append(b, `},"requestId":"`...)
	b = append(b, r.id...)
	b = append(b, `","routeKey":`...)
	b = appendString(b, r.route.key)
	b = append(b, `,"stage":"$default","time":"`...)
	b = now.AppendFormat(b, "02/Jan/2006:15:04:05 +0000")
	b = append(b, `","timeEpoch":`...)
	b = strconv.AppendInt(b, now.UnixMilli(), 10)
	b = append(b, '}')
	if len(r.pathParameters) > 0 {
		b = append(b, `,"pathParameters":`...)
		b = appendObject(b, r.pathParameters)
	}
	if len(r.body) > 0 {
		b = append(b, `,"body":`...)
		if r.text {
			b = appendString(b, string(r.body))
		} else {
			b = appendBase64(b, r.body)
		}
	}
	b = append(b, `,"isBase64Encoded":`...)
	b = strconv.AppendBool(b, len(r.body) > 0 && !r.text)
	return append(b, '}')
}

func prefix(host string) string {
	for i := 0; i < len(host); i++ {
		if host[i] == '.' {
			return host[:i]
		}
	}
	return host
}

func newTrace(now time.Time) string {
	var id [16]byte
	if _, err := rand.Read(id[4:]); err != nil {
		panic(err)
	}
	binary.BigEndian.PutUint32(id[:], uint32(now.Unix()))
	digits := hex.EncodeToString(id[:])
	return "Root=1-" + digits[:8] + "-" + digits[8:]
}

func newID() string {
	var id [8]byte
	if _, err := rand.Read(id[:]); err != nil {
		panic(err)
	}
	return hex.EncodeToString(id[:])
}

func appendObject(b []byte, pairs [][2]string) []byte {
	b = append(b, '{')
	for i, pair := range pairs {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, pair[0])
		b = append(b, ':')
		b = appendString(b, pair[1])
	}
	return append(b, '}')
}

const hexadecimal = "0123456789abcdef"

func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
			b = append(b, s[start:i]...)
			b = append(b, "\ufffd"...)
			i += size
			start = i
			continue
		}
		b = append(b, s[start:i]...)
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		default:
			b = append(b, '\\', 'u', '0', '0', hexadecimal[c>>4], hexadecimal[c&15])
		}
		i++
		start = i
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}
