package main

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

type netHTTP struct {
	host   string
	routes []*route
	sign   *signer
	client *http.Transport
}

var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 8192); return &b }}

func serveNetHTTP(listen, host string, routes []*route, s *signer) error {
	transport := &http.Transport{MaxIdleConns: 1024, MaxIdleConnsPerHost: 1024, IdleConnTimeout: 30 * time.Second, DisableCompression: true}
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	return (&http.Server{Handler: &netHTTP{host, routes, s, transport}}).Serve(listener)
}

func (p *netHTTP) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.EscapedPath()
	found, parameters := find(p.routes, r.Method, path)
	if found == nil {
		w.Header().Set("Apigw-Requestid", newID())
		refuse(w, 404, `{"message":"Not Found"}`)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	q := &request{
		method: r.Method, path: unescape(path), query: r.URL.RawQuery, protocol: r.Proto, userAgent: r.UserAgent(), body: body,
		text: isText(r.Header.Get("Content-Type")), route: found, pathParameters: parameters, parameters: queryParameters(r.URL.RawQuery),
	}
	q.host = withoutPort(r.Host)
	q.remote = withoutPort(r.RemoteAddr)
	q.headers = append(q.headers, [2]string{"host", r.Host})
	for name, values := range r.Header {
		if name == "Cookie" {
			for _, value := range values {
				q.cookies = append(q.cookies, strings.Split(value, "; ")...)
			}
			continue
		}
		q.headers = append(q.headers, [2]string{strings.ToLower(name), strings.Join(values, ",")})
	}
	_, port, _ := net.SplitHostPort(r.Context().Value(http.LocalAddrContextKey).(net.Addr).String())
	now := time.Now().UTC()
	q.forwarded(port, now)
	w.Header().Set("Apigw-Requestid", q.id)
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	*buffer = appendEvent((*buffer)[:0], q, now)
	p.invoke(w, r, found, *buffer, q.trace, now)
}

func (p *netHTTP) invoke(w http.ResponseWriter, r *http.Request, found *route, event []byte, trace string, now time.Time) {
	path := invocationPath(found.function)
	call, err := http.NewRequestWithContext(r.Context(), "POST", "http://"+p.host+path, bytes.NewReader(event))
	if err != nil {
		refuse(w, 500, `{"message":"Internal Server Error"}`)
		return
	}
	stamp, authorization := p.sign.authorize(path, event, now)
	call.Header["Content-Type"] = []string{"application/json"}
	call.Header["X-Amz-Date"] = []string{stamp}
	call.Header["X-Amz-Invocation-Type"] = []string{"RequestResponse"}
	call.Header["Authorization"] = []string{authorization}
	call.Header["X-Amzn-Trace-Id"] = []string{trace}
	answer, err := p.client.RoundTrip(call)
	if err != nil {
		refuse(w, 503, `{"message":"Service Unavailable"}`)
		return
	}
	payload, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	if err != nil || answer.StatusCode != 200 || answer.Header.Get("X-Amz-Function-Error") != "" {
		refuse(w, 502, `{"message":"Internal Server Error"}`)
		return
	}
	result, body, err := readResponse(payload)
	if err != nil {
		refuse(w, 502, `{"message":"Internal Server Error"}`)
		return
	}
	header := w.Header()
	for name, value := range result.Headers {
		if !dropped(name) {
			header.Set(name, value)
		}
	}
	for _, cookie := range result.Cookies {
		header.Add("Set-Cookie", cookie)
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(result.StatusCode)
	w.Write(body)
}

func refuse(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	io.WriteString(w, message)
}

func withoutPort(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		return host
	}
	return address
}
