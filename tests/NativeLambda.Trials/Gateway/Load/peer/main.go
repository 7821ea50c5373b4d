// The peer of the gateway's load comparison: HTTP in, Lambda's Invoke out, the same payload 2.0 and the same signature, as one would
// write it in Go: "nethttp" with the standard library on both sides, "fasthttp" with valyala/fasthttp on both.
//
// Usage: peer nethttp|fasthttp LISTEN ENDPOINT ROUTE=FUNCTION…
package main

import (
	"fmt"
	"net/url"
	"os"
	"strings"
)

func main() {
	if len(os.Args) < 5 {
		fmt.Fprintln(os.Stderr, "usage: peer nethttp|fasthttp LISTEN ENDPOINT ROUTE=FUNCTION...")
		os.Exit(2)
	}
	endpoint, err := url.Parse(os.Args[3])
	if err != nil {
		fail(err)
	}
	var routes []*route
	for _, argument := range os.Args[4:] {
		equals := strings.LastIndexByte(argument, '=')
		routes = append(routes, newRoute(argument[:equals], argument[equals+1:]))
	}
	s := &signer{key: "local", secret: "local", region: "us-east-1", host: endpoint.Host}
	serve, ok := servers[os.Args[1]]
	if !ok {
		fail(fmt.Errorf("this peer was built without %s", os.Args[1]))
	}
	fail(serve(os.Args[2], endpoint.Host, routes, s))
}

var servers = map[string]func(listen, host string, routes []*route, s *signer) error{"nethttp": serveNetHTTP}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
