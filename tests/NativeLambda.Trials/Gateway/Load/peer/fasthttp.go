//go:build fasthttp

package main

import (
	"net"
	"strings"
	"time"

	"github.com/valyala/fasthttp"
)

type fastHTTP struct {
	host   string
	port   string
	routes []*route
	sign   *signer
	client *fasthttp.HostClient
}

func init() { servers["fasthttp"] = serveFastHTTP }

func serveFastHTTP(listen, host string, routes []*route, s *signer) error {
	client := &fasthttp.HostClient{
		Addr: host, MaxConns: 1024, MaxIdleConnDuration: 30 * time.Second, NoDefaultUserAgentHeader: true, DisablePathNormalizing: true,
		RetryIf: func(*fasthttp.Request) bool { return false },
	}
	listener, err := net.Listen("tcp4", listen)
	if err != nil {
		return err
	}
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	p := &fastHTTP{host, port, routes, s, client}
	return (&fasthttp.Server{Handler: p.handle, NoDefaultServerHeader: true, NoDefaultContentType: true}).Serve(listener)
}

func (p *fastHTTP) handle(c *fasthttp.RequestCtx) {
	method, path := string(c.Method()), string(c.URI().PathOriginal())
	found, parameters := find(p.routes, method, path)
	if found == nil {
		c.Response.Header.Set("Apigw-Requestid", newID())
		refuseFast(c, 404, `{"message":"Not Found"}`)
		return
	}
	query := string(c.URI().QueryString())
	q := &request{
		method: method, path: unescape(path), query: query, protocol: string(c.Request.Header.Protocol()), userAgent: string(c.UserAgent()), body: c.PostBody(),
		text: isText(string(c.Request.Header.ContentType())), route: found, pathParameters: parameters, parameters: queryParameters(query),
	}
	q.host = withoutPort(string(c.Host()))
	q.remote = c.RemoteIP().String()
	c.Request.Header.VisitAll(func(key, value []byte) {
		name, text := strings.ToLower(string(key)), string(value)
		if name == "cookie" {
			q.cookies = append(q.cookies, strings.Split(text, "; ")...)
			return
		}
		for i := range q.headers {
			if q.headers[i][0] == name {
				q.headers[i][1] += "," + text
				return
			}
		}
		q.headers = append(q.headers, [2]string{name, text})
	})
	now := time.Now().UTC()
	q.forwarded(p.port, now)
	c.Response.Header.Set("Apigw-Requestid", q.id)
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	*buffer = appendEvent((*buffer)[:0], q, now)
	p.invoke(c, found, *buffer, q.trace, now)
}

func (p *fastHTTP) invoke(c *fasthttp.RequestCtx, found *route, event []byte, trace string, now time.Time) {
	path := invocationPath(found.function)
	stamp, authorization := p.sign.authorize(path, event, now)
	call, answer := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(call)
	defer fasthttp.ReleaseResponse(answer)
	call.Header.SetMethod("POST")
	call.SetRequestURI("http://" + p.host + path)
	call.Header.SetContentType("application/json")
	call.Header.Set("X-Amz-Date", stamp)
	call.Header.Set("X-Amz-Invocation-Type", "RequestResponse")
	call.Header.Set("Authorization", authorization)
	call.Header.Set("X-Amzn-Trace-Id", trace)
	call.SetBodyRaw(event)
	if err := p.client.Do(call, answer); err != nil {
		refuseFast(c, 503, `{"message":"Service Unavailable"}`)
		return
	}
	if answer.StatusCode() != 200 || len(answer.Header.Peek("X-Amz-Function-Error")) > 0 {
		refuseFast(c, 502, `{"message":"Internal Server Error"}`)
		return
	}
	result, body, err := readResponse(answer.Body())
	if err != nil {
		refuseFast(c, 502, `{"message":"Internal Server Error"}`)
		return
	}
	c.SetStatusCode(result.StatusCode)
	for name, value := range result.Headers {
		if !dropped(name) {
			c.Response.Header.Set(name, value)
		}
	}
	for _, cookie := range result.Cookies {
		c.Response.Header.Add("Set-Cookie", cookie)
	}
	c.SetBody(body)
}

func refuseFast(c *fasthttp.RequestCtx, status int, message string) {
	c.SetStatusCode(status)
	c.SetContentType("application/json")
	c.SetBodyString(message)
}
